"""Discovery without rights: the kernel connects, and its neighbour table tells who was there.

A refused connection is an answer. Who drops everything is seen only by the kernel's own ARP, on an
attached network, where the neighbour table can be read; elsewhere not at all, and that is said.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from ipaddress import IPv4Address

from scanner.discovery import neighbours
from scanner.interfaces import attached_to
from scanner.networks import Address
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.wire.connects import connects

METHOD = "connect"
PORTS = (445, 80, 22)  #: one PC's, one device's, one server's
SECONDS = 0.7  #: an attached host answers ARP and SYN long before


def connect(scanning: Scanning, targets: Sequence[Address], why: str) -> list[Partial]:
    """Who answers a connection or the kernel's ARP; ``why`` raw frames are not possible."""
    known = neighbours.current()
    _say(scanning, targets, why, table=known is not None)
    alive: dict[str, float] = {}
    for port in PORTS:
        silent = [(str(target), port) for target in targets if str(target) not in alive]
        for done, tried in enumerate(connects(scanning, METHOD, silent, seconds=SECONDS), 1):
            if tried.state in ("open", "closed"):
                alive[tried.ip] = time.time()
            scanning.progress(METHOD, done, len(silent))
    wanted = set(map(str, targets))
    macs = neighbours.current() or {}
    found = [Partial(ip, METHOD, at, mac=macs.get(ip, "")) for ip, at in alive.items()]
    return found + [
        Partial(ip, "neighbours", time.time(), mac=mac)
        for ip, mac in macs.items()
        if ip in wanted and ip not in alive
    ]


def _say(scanning: Scanning, targets: Sequence[Address], why: str, *, table: bool) -> None:
    near = [one for one in targets if isinstance(one, IPv4Address) and _attached(scanning, one)]
    scanning.lost(METHOD, "no_rights", f"{why}; the kernel connects instead")
    if not table:
        scanning.lost(METHOD, "not_supported", "this system's neighbour table is not read")
    if len(near) < len(targets) or not table:
        hidden = (
            "hosts that drop every connection are not seen, except by an attached network's ARP"
        )
        scanning.lost(METHOD, "incomplete", hidden)


def _attached(scanning: Scanning, target: IPv4Address) -> bool:
    return attached_to(target, scanning.interfaces) is not None
