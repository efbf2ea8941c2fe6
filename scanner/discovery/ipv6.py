"""IPv6 hosts of an attached link: nobody sweeps a /64, so everybody is asked at once.

Two questions go to all nodes (ff02::1): an echo request (RFC 4443), and one with a destination
option that nobody knows, which even hosts that ignore multicast echoes must answer with "parameter
problem" (RFC 8200, 4.2: action bits 10). Sent from our own address of the network, they are
answered from the host's address there (RFC 6724). Single addresses are asked for by neighbour
solicitation (RFC 4861), as ARP does for IPv4.
"""

from __future__ import annotations

import secrets
import struct
import time
from collections.abc import Iterable, Sequence
from ipaddress import IPv6Address, IPv6Network

from scanner.discovery.arp import packed
from scanner.discovery.echo import checksum
from scanner.discovery.sweeping import LEAST_ROUNDS, MISSED, Question, Swept, sweep
from scanner.interfaces import Interface
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.wire.filters import icmpv6
from scanner.wire.link import Link

ALL_NODES = IPv6Address("ff02::1")
NEIGHBOURS, EVERYBODY = "neighbours6", "echo6"
MOST_ROUNDS = 8
LISTEN = 0.4  #: seconds after each question: hosts may wait before they answer a group
MOST_HOSTS = 1 << 14  #: of one link: beyond it somebody makes them up
_ECHO, _REPLY, _PROBLEM, _SOLICIT, _ADVERTISE = 128, 129, 4, 135, 136  #: ICMPv6 types
_HEADERS = 14 + 40  #: bytes of Ethernet and IPv6 before the message
_UNKNOWN_OPTION = 0x9E  #: action 10, unassigned for use here (RFC 4727 keeps it for experiments)
_HOPS = 255  #: of neighbour discovery: what came through a router has fewer (RFC 4861, 7.1)


def everybody(
    scanning: Scanning, interface: Interface, own: IPv6Address, networks: Sequence[IPv6Network]
) -> tuple[Swept, list[Partial]]:
    """Who of ``networks`` answers a question to all nodes of the link.

    Raises:
        NotAllowed: no network of this card may be scanned.
        CannotScan: no rights, or the interface went down.
    """
    number = secrets.token_bytes(4)
    frames = [_echo(interface, own, number), _odd(interface, own, number)]
    swept = Swept(EVERYBODY)
    with Link(scanning, interface, EVERYBODY, icmpv6((_REPLY, _PROBLEM))) as link:
        while _doubtful(swept) and not scanning.stop.is_set():
            swept.rounds += 1
            swept.answers.begin()
            link.send(frames)
            for frame, at in link.receive(time.monotonic() + LISTEN):
                ip = answered(frame, own, number)
                if ip is None or not any(ip in network for network in networks):
                    scanning.ledger.ignore("not_asked")
                else:
                    _note(scanning, swept, ip, frame[6:12], at)
            scanning.progress(EVERYBODY, swept.rounds, LEAST_ROUNDS)
    return swept, partials(swept)


def named(
    scanning: Scanning, interface: Interface, own: IPv6Address, targets: Sequence[IPv6Address]
) -> tuple[Swept, list[Partial]]:
    """Which of these addresses somebody on the link has.

    Raises:
        NotAllowed: a target is outside the networks of the scan; nothing was sent to it.
        CannotScan: no rights, or the interface went down.
    """
    asked = question(packed(interface.mac), own)
    with Link(scanning, interface, NEIGHBOURS, icmpv6((_ADVERTISE,))) as link:
        swept = sweep(scanning, link, asked, [one for one in targets if one != own])
    return swept, partials(swept)


def question(own_mac: bytes, own: IPv6Address) -> Question:
    """Who has this address? To the few who may (its solicited-node group), or to one."""

    def ask(target: bytes, mac: bytes) -> bytes:
        group = IPv6Address(b"\xff\x02" + bytes(9) + b"\x01\xff" + target[13:])
        to = (mac, IPv6Address(target)) if mac else (b"\x33\x33" + group.packed[12:], group)
        message = struct.pack("!BBHI", _SOLICIT, 0, 0, 0) + target + b"\x01\x01" + own_mac
        return frame_to(to, own_mac, own, message, hops=_HOPS)

    return Question(NEIGHBOURS, ask, _advertised)


def _advertised(frame: bytes) -> tuple[bytes, bytes] | None:
    """(address, MAC) of an advertisement that is to be believed (RFC 4861, 7.1.2)."""
    message = frame[_HEADERS:]
    if len(message) < 24 or frame[21] != _HOPS or message[:2] != bytes((_ADVERTISE, 0)):  # noqa: PLR2004 - its fixed part
        return None
    target, options = message[8:24], message[24:]
    while len(options) >= 8 and options[1]:  # noqa: PLR2004 - the shortest option; none has length 0
        if options[0] == 2 and options[1] == 1:  # noqa: PLR2004 - the target's link-layer address
            mac = options[2:8]
            return (target, mac) if mac == frame[6:12] else None
        options = options[8 * options[1] :]
    return (target, frame[6:12]) if frame[22:38] == target else None


def answered(frame: bytes, own: IPv6Address, number: bytes) -> IPv6Address | None:
    """Who answers one of our questions to all nodes; None of anything else."""
    if len(frame) < _HEADERS + 8 or frame[38:54] != own.packed:
        return None
    kind, message = frame[_HEADERS], frame[_HEADERS:]
    ours = message[4:8] == number if kind == _REPLY else number in message[8 : 8 + 128]
    if kind not in (_REPLY, _PROBLEM) or not ours:
        return None
    source = IPv6Address(frame[22:38])
    return None if source.is_multicast or source.is_unspecified else source


def frame_to(
    to: tuple[bytes, IPv6Address],
    own_mac: bytes,
    own: IPv6Address,
    message: bytes,
    *,
    hops: int = 1,
    options: bytes = b"",
) -> bytes:
    """An ICMPv6 message with its checksum (RFC 8200, 8.1), behind destination ``options``."""
    mac, target = to
    pseudo = own.packed + target.packed + struct.pack("!IHBB", len(message), 0, 0, 58)
    message = message[:2] + checksum(pseudo + message) + message[4:]
    first = 60 if options else 58
    head = struct.pack("!IHBB", 0x60000000, len(options) + len(message), first, hops)
    return mac + own_mac + b"\x86\xdd" + head + own.packed + target.packed + options + message


def _echo(interface: Interface, own: IPv6Address, number: bytes) -> bytes:
    message = struct.pack("!BBH", _ECHO, 0, 0) + number + bytes(8)
    return frame_to(_all_nodes(), packed(interface.mac), own, message)


def _odd(interface: Interface, own: IPv6Address, number: bytes) -> bytes:
    """The echo request behind an option that nobody knows; an error repeats it, number and all."""
    options = bytes((58, 0, _UNKNOWN_OPTION, 4)) + bytes(4)
    message = struct.pack("!BBH", _ECHO, 0, 0) + number + bytes(8)
    return frame_to(_all_nodes(), packed(interface.mac), own, message, options=options)


def _all_nodes() -> tuple[bytes, IPv6Address]:
    return b"\x33\x33" + ALL_NODES.packed[12:], ALL_NODES


def _doubtful(swept: Swept) -> bool:
    if swept.rounds >= MOST_ROUNDS:
        return False
    return swept.rounds < LEAST_ROUNDS or swept.probability_missed > MISSED


def _note(scanning: Scanning, swept: Swept, ip: IPv6Address, mac: bytes, at: float) -> None:
    macs = swept.macs.get(ip.packed)
    if macs is not None:
        if mac not in macs and len(macs) < MOST_ROUNDS:
            macs.append(mac)
    elif len(swept.macs) >= MOST_HOSTS:
        scanning.ledger.ignore("too_many")
    else:
        swept.macs[ip.packed], swept.times[ip.packed] = [mac], at
        swept.answers.add()
        scanning.ledger.answer(EVERYBODY)


def partials(swept: Swept) -> list[Partial]:
    """What a question found, an address each; two cards for one address are flagged."""
    return [
        Partial(
            str(IPv6Address(ip)),
            swept.technique,
            swept.times[ip],
            mac=macs[0].hex(":"),
            evidence=tuple(("also_answered", mac.hex(":")) for mac in macs[1:]),
            flags=("duplicate_ip",) if len(macs) > 1 else (),
        )
        for ip, macs in swept.macs.items()
    ]


def own_in(interface: Interface, networks: Iterable[IPv6Network]) -> IPv6Address | None:
    """Our own address on the link of these networks, from which everybody there is asked."""
    wanted = list(networks)
    for one in interface.addresses:
        if isinstance(one.network, IPv6Network) and any(map(one.network.overlaps, wanted)):
            return IPv6Address(one.ip)
    return None
