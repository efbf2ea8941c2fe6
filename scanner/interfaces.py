"""This machine's network interfaces: what stands in which network."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    ip_interface,
)

import psutil

NO_MAC = "00:00:00:00:00:00"


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface; ``addresses`` carry their prefix length."""

    name: str
    index: int
    mac: str
    addresses: tuple[IPv4Interface | IPv6Interface, ...]
    up: bool
    loopback: bool

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks that its addresses stand in."""
        return tuple(one.network for one in self.addresses)

    def address_in(self, target: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address | None:
        """Its own address on the network of ``target``, or None where that is not attached."""
        found = [one for one in self.addresses if target in one.network]
        return max(found, key=lambda one: one.network.prefixlen).ip if found else None


def interfaces() -> list[Interface]:
    """Every interface of this machine that is up, by name.

    Wraps psutil.net_if_addrs and net_if_stats; an address that they give in a form which is none
    is left out.
    """
    stats = psutil.net_if_stats()
    found = psutil.net_if_addrs()
    return [
        _interface(name, entries)
        for name, entries in sorted(found.items())
        if name in stats and stats[name].isup
    ]


def attached_to(target: IPv4Address | IPv6Address, among: Iterable[Interface]) -> Interface | None:
    """The interface whose network holds ``target`` most closely, or None: it is behind a router."""
    fitting = [card for card in among if card.address_in(target) is not None]
    return max(fitting, key=lambda card: _closeness(card, target), default=None)


def _closeness(card: Interface, target: IPv4Address | IPv6Address) -> int:
    return max(net.prefixlen for net in card.networks if target in net)


def _interface(name: str, entries: Iterable[psutil._ntuples.snicaddr]) -> Interface:
    addresses: list[IPv4Interface | IPv6Interface] = []
    mac = NO_MAC
    for one in entries:
        if one.family == psutil.AF_LINK:
            mac = one.address.replace("-", ":").lower()
        elif one.family in (socket.AF_INET, socket.AF_INET6):
            addresses += _address(one.address, one.netmask)
    loopback = bool(addresses) and all(one.ip.is_loopback for one in addresses)
    return Interface(name, _index(name), mac, tuple(addresses), up=True, loopback=loopback)


def _address(address: str, netmask: str | None) -> list[IPv4Interface | IPv6Interface]:
    plain = address.partition("%")[0]
    try:
        if ":" in plain:
            length = int(IPv6Address(netmask or "ffff::")).bit_count()
            return [ip_interface(f"{plain}/{length}")]
        return [ip_interface(f"{plain}/{netmask or 32}")]
    except ValueError:
        return []


def _index(name: str) -> int:
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return 0
