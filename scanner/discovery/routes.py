"""By which next hop this machine reaches an address (Linux's routing table, proc(5))."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

TABLE = Path("/proc/net/route")
_UP, _GATEWAY = 0x1, 0x2  #: flags of linux/route.h


@dataclass(frozen=True, slots=True)
class Route:
    """One way: a network, the interface, the gateway or None where it is attached."""

    network: IPv4Network
    interface: str
    gateway: IPv4Address | None
    metric: int


def routes(table: str) -> list[Route]:
    """The routes of a table as the kernel prints it; lines that are none are left out."""
    found = [_route(line.split()) for line in table.splitlines()[1:]]
    return [one for one in found if one is not None]


def _route(words: list[str]) -> Route | None:
    try:
        name, destination, gateway, flags, _, _, metric, mask = words[:8]
        if not int(flags, 16) & _UP:
            return None
        network = IPv4Network((int(_address(destination)), str(_address(mask))))
        hop = _address(gateway) if int(flags, 16) & _GATEWAY else None
        return Route(network, name, hop, int(metric))
    except ValueError:
        return None


def _address(text: str) -> IPv4Address:
    """An address in the kernel's print: hexadecimal in the machine's byte order."""
    return IPv4Address(struct.pack("=I", int(text, 16)))


def next_hop(target: IPv4Address, table: list[Route]) -> Route | None:
    """The route that the kernel takes: the longest prefix, then the least metric."""
    fitting = [one for one in table if target in one.network]
    return min(fitting, key=lambda one: (-one.network.prefixlen, one.metric), default=None)


def current() -> list[Route]:
    """This machine's routes; none where it is no Linux."""
    try:
        return routes(TABLE.read_text("ascii"))
    except OSError:
        return []
