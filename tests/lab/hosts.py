"""The hosts of a simulated office LAN: what each is, how it is protected, what it offers.

Everything here is made up; vendors' prefixes come from scapy's copy of the IEEE registry.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

#: kind → (share of an office's hosts, vendors of its cards, firewalls, TCP ports, UDP responders)
KINDS: dict[str, dict[str, Any]] = {
    "pc": {
        "share": 0.845,
        "vendors": ("Dell Inc", "Hewlett Packard", "LCFC", "ASUSTek", "Intel Corporate"),
        "walls": (("drop", 55), ("openings", 20), ("none", 20), ("reject", 5)),
        "tcp": ((135, 139, 445), (135, 139, 445, 3389), (445,), ()),
        "udp": ("netbios", "llmnr"),
    },
    "printer": {
        "share": 0.05,
        "vendors": ("Canon", "Brother", "Seiko Epson", "RICOH"),
        "walls": (("none", 1),),
        "tcp": ((80, 515, 631, 9100), (80, 443, 9100)),
        "udp": ("mdns", "snmp"),
    },
    "camera": {
        "share": 0.05,
        "vendors": ("Hikvision", "Dahua"),
        "walls": (("none", 1),),
        "tcp": ((80, 554, 8000), (80, 554, 37777)),
        "udp": ("ssdp",),
    },
    "switch": {
        "share": 0.015,
        "vendors": ("Cisco", "TP-Link"),
        "walls": (("none", 1),),
        "tcp": ((22, 80), (23, 80)),
        "udp": ("snmp",),
    },
    "nas": {
        "share": 0.01,
        "vendors": ("Synology", "QNAP"),
        "walls": (("none", 1),),
        "tcp": ((22, 80, 139, 445, 5000),),
        "udp": ("mdns", "netbios", "ssdp"),
    },
    "server": {
        "share": 0.02,
        "vendors": ("Dell Inc", "Hewlett Packard"),
        "walls": (("openings", 2), ("none", 1)),
        "tcp": ((22, 80, 443), (53, 88, 135, 389, 445), (1433, 3389)),
        "udp": (),
    },
    "phone": {
        "share": 0.01,
        "vendors": ("Yealink", "Grandstream"),
        "walls": (("none", 1),),
        "tcp": ((80, 5060),),
        "udp": (),
    },
}
QUIET = 0.02  #: share of hosts that answer ARP and nothing else, whatever they are


@dataclass(frozen=True)
class Host:
    """One host as it truly is. ``firewall``: none, drop, reject or openings (drops, but its ports).

    ``udp`` names the responders that answer for it; a host with ``arp_only`` answers nothing else.
    """

    ip: str
    mac: str
    kind: str
    vendor: str
    name: str
    firewall: str
    open_tcp: tuple[int, ...]
    udp: tuple[str, ...] = ()
    arp_only: bool = False
    announces: tuple[str, ...] = field(default=())

    @property
    def seen_tcp(self) -> tuple[int, ...]:
        """The ports that a scanner can find open."""
        return () if self.arp_only or self.firewall in ("drop", "reject") else self.open_tcp

    @property
    def filtering(self) -> str:
        """What DESIGN's words for filtering say of it."""
        if self.arp_only or self.firewall in ("drop", "openings"):
            return "drops"
        return "rejects" if self.firewall == "reject" else "open"


def made(count: int, network: IPv4Network, seed: int) -> list[Host]:
    """So many hosts in the order of addresses; the same for the same seed."""
    chance = random.Random(seed)
    last = network.num_addresses - 2
    numbers = sorted(chance.sample(range(1, last), count))  # the last address is the scanner's
    kinds = chance.choices(list(KINDS), [one["share"] for one in KINDS.values()], k=count)
    return [
        _host(str(network[number]), number, kind, chance)
        for number, kind in zip(numbers, kinds, strict=True)
    ]


def _host(ip: str, number: int, kind: str, chance: random.Random) -> Host:
    model = KINDS[kind]
    vendor = chance.choice(model["vendors"])
    tail = bytes((chance.randrange(256), number >> 8 & 255, number & 255))
    walls, weights = zip(*model["walls"], strict=True)
    quiet = chance.random() < QUIET
    firewall = "drop" if quiet else chance.choices(walls, weights)[0]
    deaf = quiet or firewall in ("drop", "reject")
    return Host(
        ip=ip,
        mac=":".join(f"{byte:02x}" for byte in _prefix(vendor) + tail),
        kind=kind,
        vendor=vendor,
        name=f"{kind.upper()}-{number:04d}",
        firewall=firewall,
        open_tcp=chance.choice(model["tcp"]),
        udp=() if deaf else model["udp"],
        arp_only=quiet,
    )


@cache
def _prefix(vendor: str) -> bytes:
    """A 24-bit block of the IEEE's that this vendor has, by scapy's copy of the registry."""
    from scapy.data import MANUFDB

    blocks = (
        bytes.fromhex(block.replace(":", ""))
        for block, (_, name) in MANUFDB.d.items()
        if len(block) == len("00:00:00") and vendor.casefold() in name.casefold()
    )
    return min(block for block in blocks if not block[0] & 3)


def write(hosts: Sequence[Host], path: Path) -> None:
    """The ground truth as JSON."""
    path.write_text(json.dumps([asdict(host) for host in hosts], indent=1), "utf-8")


def read(path: Path) -> list[Host]:
    """The ground truth that `write` wrote."""
    return [_read(one) for one in json.loads(path.read_text("utf-8"))]


def _read(document: dict[str, Any]) -> Host:
    fields: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in document.items()
    }
    return Host(**fields)
