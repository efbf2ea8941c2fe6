"""The section ``network`` of a report: interfaces with their addresses, and listening sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasoat.simulated.hardware import Card
from rasoat.simulated.machines import Phase
from rasoat.simulated.places import Place

#: protocol, port, program of the sockets that every Windows PC has
_WINDOWS = (
    ("tcp", 135, "svchost.exe"),
    ("tcp", 139, "System"),
    ("tcp", 445, "System"),
    ("tcp", 5040, "svchost.exe"),
    ("tcp", 49664, "lsass.exe"),
    ("tcp", 49665, "wininit.exe"),
    ("udp", 137, "System"),
    ("udp", 138, "System"),
    ("udp", 5353, "svchost.exe"),
    ("udp", 5355, "svchost.exe"),
)
_REMOTE_DESKTOP = ("tcp", 3389, "svchost.exe")
_LINUX = (("tcp", 22, "sshd"), ("udp", 5353, "avahi-daemon"))
#: ports that answer where nothing filters
_ANSWERING = {"windows": (135, 139, 445), "linux": (22,)}


def section(phase: Phase, place: Place) -> dict[str, Any]:
    """The section ``network``."""
    windows = phase.system.family == "windows"
    return {
        **({"workgroup": "SIMULATED"} if windows else {}),
        "domain_joined": False,
        "gateways": [place.address(1)],
        "dns_servers": [place.address(1)],
        "interfaces": [_interface(card, place) for card in phase.cards],
        "listening": [
            {
                "protocol": protocol,
                "address": "0.0.0.0",  # noqa: S104 - what a report says
                "port": port,
                "exposed": True,
                "process": process,
            }
            for protocol, port, process in _sockets(phase)
        ],
    }


def open_ports(phase: Phase) -> tuple[int, ...]:
    """The TCP ports at which the network gets an answer."""
    desktop = (3389,) if phase.posture.remote_desktop and phase.system.build else ()
    return desktop if phase.posture.filtered else (*_ANSWERING[phase.system.family], *desktop)


def _sockets(phase: Phase) -> Iterator[tuple[str, int, str]]:
    yield from _WINDOWS if phase.system.build else _LINUX
    if phase.posture.remote_desktop and phase.system.build:
        yield _REMOTE_DESKTOP


def _interface(card: Card, place: Place) -> dict[str, Any]:
    addresses = [] if card.host is None else [{"address": place.address(card.host), "prefix": 24}]
    addresses.append({"address": link_local(card.shown), "prefix": 64})
    return {
        "name": card.name,
        "kind": card.kind,
        "mac": card.shown,
        "permanent_mac": card.mac,
        "up": card.host is not None,
        "dhcp": True,
        "speed": card.speed,
        "addresses": addresses,
    }


def link_local(mac: str) -> str:
    """The IPv6 address that a card makes of its MAC (RFC 4291, appendix A)."""
    raw = bytearray(bytes.fromhex(mac.replace(":", "")))
    raw[0] ^= 0x02
    digits = (raw[:3] + b"\xff\xfe" + raw[3:]).hex()
    groups = [digits[at : at + 4].lstrip("0") or "0" for at in range(0, 16, 4)]
    return "fe80::" + ":".join(groups)
