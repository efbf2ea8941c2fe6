"""`--listen`: what hosts say by themselves. No packet is sent and no group is joined.

ARP, DHCP, mDNS, SSDP, WS-Discovery and NetBIOS registrations, from a packet socket. What is
remembered is bounded: a storm of made-up hosts costs `MOST_HOSTS` entries and no more.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address

from language.said import said
from scanner.heard import Heard
from scanner.interfaces import Interface
from scanner.names import dhcp, mdns, netbios, ssdp, wsd
from scanner.networks import Address
from scanner.partial import Partial
from scanner.problems import CannotScan
from scanner.scanning import Scanning
from scanner.wire.filters import ARP, IPV4, IPV6, arp_or_udp_to
from scanner.wire.link import Link

TECHNIQUE = "listening"
PORTS = (dhcp.SERVER_PORT, dhcp.CLIENT_PORT, mdns.PORT, ssdp.PORT, wsd.PORT, netbios.PORT)
MOST_HOSTS = 1 << 16  #: addresses that are remembered; more are counted as too many
MOST_TEXT = 16 << 20  #: characters that are remembered in all
MOST_LEASES = 4096  #: cards of which DHCP told something before their address was known
_HEADER = 14  #: bytes of Ethernet
_UDP = 8  #: bytes of a UDP header


def listen(scanning: Scanning, interface: Interface, seconds: float) -> Iterator[Partial]:
    """What hosts inside the scan's networks say within ``seconds``; each new thing once.

    Without the rights for a packet socket nothing is heard, and that is a stated loss.
    """
    try:
        link = Link(scanning, interface, TECHNIQUE, arp_or_udp_to(PORTS))
    except CannotScan as fault:
        scanning.lost(
            TECHNIQUE, "no_rights", said("on {name}: {fault}", name=interface.name, fault=fault)
        )
        return
    memory = Memory(scanning, interface)
    with link:
        link.hear_all_groups()
        began = time.monotonic()
        until = began + seconds
        while not scanning.stop.is_set() and time.monotonic() < until:
            for frame, at in link.receive(min(until, time.monotonic() + 1.0)):
                yield from memory.take(frame, at)
            done = int(min(time.monotonic() - began, seconds))
            scanning.progress(TECHNIQUE, done, int(seconds))


@dataclass(frozen=True, slots=True)
class Overheard:
    """One frame: who sent it, by the card's and the network's address, and what it told."""

    mac: str
    ip: Address | None
    heard: Heard
    flags: tuple[str, ...] = ()


class Memory:
    """What was heard so far; gives only what is new."""

    def __init__(self, scanning: Scanning, interface: Interface) -> None:
        self._scanning, self._interface = scanning, interface
        self._leases: dict[str, Heard] = {}  #: mac → what DHCP told of it
        self._known: dict[tuple[str, str], Heard] = {}  #: (ip, mac) → what was given already
        self._text = 0  #: characters in both

    def take(self, frame: bytes, at: float) -> Iterator[Partial]:
        """What a frame tells that was not known."""
        told = read(frame)
        if told is None:
            self._scanning.ledger.ignore("not_understood")
            return
        if told.ip is None:
            self._keep(told)
            return
        if told.ip not in self._scanning.networks:
            self._scanning.ledger.ignore("outside")
            return
        mac = told.mac if self._interface.address_in(told.ip) else ""
        whole = told.heard + self._leases.get(mac, Heard())
        key = (str(told.ip), mac)
        before = self._known.get(key)
        after = whole if before is None else before + whole
        grown = after.size - (before.size if before is not None else 0)
        full = self._text + grown > MOST_TEXT
        if full or (before is None and len(self._known) >= MOST_HOSTS):
            self._scanning.ledger.ignore("too_many")
        elif after != before:
            self._known[key] = after
            self._text += grown
            self._scanning.ledger.answer(TECHNIQUE)
            yield replace(after.partial(key[0], TECHNIQUE, at), mac=mac, flags=told.flags)

    def _keep(self, told: Overheard) -> None:
        """A client without an address: its words wait until the address is known."""
        before = self._leases.get(told.mac, Heard())
        after = before + told.heard
        full = self._text + after.size - before.size > MOST_TEXT
        if full or (told.mac not in self._leases and len(self._leases) >= MOST_LEASES):
            self._scanning.ledger.ignore("too_many")
            return
        self._text += after.size - before.size
        self._leases[told.mac] = after


def read(frame: bytes) -> Overheard | None:
    """What one Ethernet frame tells of its sender; None where it tells nothing."""
    kind = int.from_bytes(frame[12:14], "big")
    mac = frame[6:12].hex(":")
    if kind == ARP:
        return _arp(frame, mac)
    if kind == IPV4 and len(frame) >= _HEADER + 20:
        length = (frame[_HEADER] & 15) * 4
        return _udp(frame[_HEADER + length :], mac, IPv4Address(frame[26:30]))
    if kind == IPV6 and len(frame) >= _HEADER + 40:
        return _udp(frame[_HEADER + 40 :], mac, IPv6Address(frame[22:38]))
    return None


def _arp(frame: bytes, mac: str) -> Overheard | None:
    """The sender of an ARP packet (RFC 826); one without an address probes for a free one."""
    if len(frame) < _HEADER + 28 or frame[14:20] != b"\0\1\x08\0\6\4":
        return None
    sender, ip = frame[22:28].hex(":"), IPv4Address(frame[28:32])
    if ip == IPv4Address(0):
        return None
    return Overheard(sender, ip, Heard(), () if sender == mac else ("spoofed_arp",))


def _udp(segment: bytes, mac: str, ip: Address) -> Overheard | None:
    port = int.from_bytes(segment[2:4], "big")
    payload = segment[_UDP : int.from_bytes(segment[4:6], "big")]  # behind it may be padding
    if port in (dhcp.SERVER_PORT, dhcp.CLIENT_PORT):
        lease = dhcp.read(payload)
        if lease is None:
            return None
        return Overheard(lease.mac, IPv4Address(lease.ip) if lease.ip else None, lease.heard)
    if ip.is_multicast or int(ip) == 0:
        return None
    return Overheard(mac, ip, _announcement(port, payload, str(ip)) or Heard())


def _announcement(port: int, payload: bytes, ip: str) -> Heard | None:
    """What it says of itself; a host that asks for others is there, and no more is known."""
    if port == mdns.PORT:
        return mdns.read(payload, ip, None)
    if port == ssdp.PORT:
        return ssdp.read(payload, ip)
    if port == wsd.PORT:
        return wsd.read(payload, ip)
    return netbios.announced(payload) if port == netbios.PORT else None
