"""Programs for the kernel's packet filter, so that only answers of interest reach the scanner.

Classic BPF as SO_ATTACH_FILTER takes it (Linux Documentation/networking/filter.rst); assembled from
a few named steps because a compiler for filter expressions (libpcap) is not everywhere.
"""

from __future__ import annotations

import ctypes
import operator
import struct
from collections.abc import Sequence
from dataclasses import dataclass

Program = Sequence["Step"]

ETHERTYPE, IP_PROTOCOL, IP_FRAGMENT, ARP_OPERATION = 12, 23, 20, 20  #: offsets in a frame
IPV6_NEXT_HEADER = 20
ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD  #: ethertypes
REPLY = 2  #: of ARP (RFC 826)
TCP, ICMP, ICMPV6, UDP = 6, 1, 58, 17  #: protocols
UNREACHABLE = 3  #: ICMP type: destination unreachable (RFC 792)
_LOAD_HALF, _LOAD_BYTE, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x28, 0x30, 0x15, 0x45, 0x06
_JUMP = 0x05
_LOAD_HEADER_LENGTH, _LOAD_HALF_BEHIND, _LOAD_BYTE_BEHIND = 0xB1, 0x48, 0x50  #: X, then at X + k
_AND, _EIGHT = 0x54, 0xFFF8  #: and the mask that makes eight ports one
_IP_HEADER = 14  #: where the IPv4 header begins
_OFFSET_BITS = 0x1FFF  #: of the fragment field
_WHOLE = 0xFFFF  #: bytes of a packet that are kept


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: code, how many to skip if true, if false, operand."""

    code: int
    if_true: int
    if_false: int
    operand: int

    def packed(self) -> bytes:
        """As struct sock_filter."""
        return struct.pack("HBBI", self.code, self.if_true, self.if_false, self.operand)


def require(*conditions: tuple[int, int, int]) -> list[Step]:
    """Keep a frame when every (offset, size in bytes, value) holds."""
    steps: list[Step] = []
    for number, (offset, size, value) in enumerate(conditions):
        left = 2 * (len(conditions) - number - 1)
        steps.append(Step(_LOAD_HALF if size == 2 else _LOAD_BYTE, 0, 0, offset))  # noqa: PLR2004
        steps.append(Step(_JUMP_IF_EQUAL, 0, left + 1, value))
    return [*steps, Step(_RETURN, 0, 0, _WHOLE), Step(_RETURN, 0, 0, 0)]


ARP_REPLIES = require((ETHERTYPE, 2, ARP), (ARP_OPERATION, 2, REPLY))
NOTHING = [Step(_RETURN, 0, 0, 0)]


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def attached_form(program: Program) -> tuple[bytes, object]:
    """(struct sock_fprog for setsockopt, what must stay alive while it is set)."""
    code = ctypes.create_string_buffer(b"".join(step.packed() for step in program))
    return bytes(_Filter(len(program), ctypes.addressof(code))), code


def keeps(program: Program, frame: bytes) -> bool:
    """What the kernel's machine would say of a frame: for systems where the filter runs here.

    Only the steps that our programs are made of. A load behind the frame's end drops the frame, as
    in the kernel (Documentation/networking/filter.rst).
    """
    loaded = header = place = 0
    while True:
        step = program[place]
        place += 1
        if step.code == _RETURN:
            return bool(step.operand)
        if step.code in _TESTS:
            fits = _TESTS[step.code](loaded, step.operand)
            place += step.if_true if fits else step.if_false
        elif step.code == _JUMP:
            place += step.operand
        elif step.code == _AND:
            loaded &= step.operand
        else:
            at = step.operand + (header if step.code in _BEHIND else 0)
            size = 2 if step.code in (_LOAD_HALF, _LOAD_HALF_BEHIND) else 1
            if at + size > len(frame):
                return False
            loaded_now = int.from_bytes(frame[at : at + size], "big")
            if step.code == _LOAD_HEADER_LENGTH:
                header = 4 * (loaded_now & 15)
            else:
                loaded = loaded_now


_BEHIND = frozenset((_LOAD_HALF_BEHIND, _LOAD_BYTE_BEHIND))
_TESTS = {_JUMP_IF_EQUAL: operator.eq, _JUMP_IF_SET: operator.and_}


def tcp_to(first: int) -> list[Step]:
    """Keep TCP over IPv4 to eight ports of ours from ``first`` on, and ICMP "unreachable".

    ``first`` is a multiple of eight. IPv4 headers may have options: the port is found by the
    header's own length (RFC 791). Later fragments have no ports and are dropped.
    """
    return [
        Step(_LOAD_HALF, 0, 0, ETHERTYPE),
        Step(_JUMP_IF_EQUAL, 0, 12, IPV4),
        Step(_LOAD_HALF, 0, 0, IP_FRAGMENT),
        Step(_JUMP_IF_SET, 10, 0, _OFFSET_BITS),
        Step(_LOAD_HEADER_LENGTH, 0, 0, _IP_HEADER),
        Step(_LOAD_BYTE, 0, 0, IP_PROTOCOL),
        Step(_JUMP_IF_EQUAL, 0, 3, TCP),
        Step(_LOAD_HALF_BEHIND, 0, 0, _IP_HEADER + 2),
        Step(_AND, 0, 0, _EIGHT),
        Step(_JUMP_IF_EQUAL, 3, 4, first),
        Step(_JUMP_IF_EQUAL, 0, 3, ICMP),
        Step(_LOAD_BYTE_BEHIND, 0, 0, _IP_HEADER),
        Step(_JUMP_IF_EQUAL, 0, 1, UNREACHABLE),
        Step(_RETURN, 0, 0, _WHOLE),
        Step(_RETURN, 0, 0, 0),
    ]


def arp_or_udp_to(ports: Sequence[int]) -> list[Step]:
    """Keep every ARP packet, and UDP over IPv4 or IPv6 to one of a few ports.

    IPv6 packets with extension headers are dropped: announcements have none.
    """
    count = len(ports)
    drop = 14 + count
    compare = [Step(_JUMP_IF_EQUAL, count - place, 0, port) for place, port in enumerate(ports)]
    return [
        Step(_LOAD_HALF, 0, 0, ETHERTYPE),
        Step(_JUMP_IF_EQUAL, drop + 1 - 2, 0, ARP),
        Step(_JUMP_IF_EQUAL, 11 - 3, 0, IPV6),
        Step(_JUMP_IF_EQUAL, 0, drop - 4, IPV4),
        Step(_LOAD_HALF, 0, 0, IP_FRAGMENT),
        Step(_JUMP_IF_SET, drop - 6, 0, _OFFSET_BITS),
        Step(_LOAD_BYTE, 0, 0, IP_PROTOCOL),
        Step(_JUMP_IF_EQUAL, 0, drop - 8, UDP),
        Step(_LOAD_HEADER_LENGTH, 0, 0, _IP_HEADER),
        Step(_LOAD_HALF_BEHIND, 0, 0, _IP_HEADER + 2),
        Step(_JUMP, 0, 0, 3),  # over the three steps of IPv6
        Step(_LOAD_BYTE, 0, 0, IPV6_NEXT_HEADER),
        Step(_JUMP_IF_EQUAL, 0, drop - 13, UDP),
        Step(_LOAD_HALF, 0, 0, _IP_HEADER + 40 + 2),
        *compare,
        Step(_RETURN, 0, 0, 0),
        Step(_RETURN, 0, 0, _WHOLE),
    ]


def icmp(kind: int) -> list[Step]:
    """Keep ICMP messages of one type (RFC 792), whatever options their IPv4 header has."""
    return [
        Step(_LOAD_HALF, 0, 0, ETHERTYPE),
        Step(_JUMP_IF_EQUAL, 0, 8, IPV4),
        Step(_LOAD_HALF, 0, 0, IP_FRAGMENT),
        Step(_JUMP_IF_SET, 6, 0, _OFFSET_BITS),
        Step(_LOAD_BYTE, 0, 0, IP_PROTOCOL),
        Step(_JUMP_IF_EQUAL, 0, 4, ICMP),
        Step(_LOAD_HEADER_LENGTH, 0, 0, _IP_HEADER),
        Step(_LOAD_BYTE_BEHIND, 0, 0, _IP_HEADER),
        Step(_JUMP_IF_EQUAL, 0, 1, kind),
        Step(_RETURN, 0, 0, _WHOLE),
        Step(_RETURN, 0, 0, 0),
    ]


def icmpv6(kinds: Sequence[int]) -> list[Step]:
    """Keep ICMPv6 messages of some types (RFC 4443) that stand right behind their IPv6 header."""
    count = len(kinds)
    compare = [Step(_JUMP_IF_EQUAL, count - place, 0, kind) for place, kind in enumerate(kinds)]
    return [
        Step(_LOAD_HALF, 0, 0, ETHERTYPE),
        Step(_JUMP_IF_EQUAL, 0, 3 + count, IPV6),
        Step(_LOAD_BYTE, 0, 0, IPV6_NEXT_HEADER),
        Step(_JUMP_IF_EQUAL, 0, 1 + count, ICMPV6),
        Step(_LOAD_BYTE, 0, 0, _IP_HEADER + 40),
        *compare,
        Step(_RETURN, 0, 0, 0),
        Step(_RETURN, 0, 0, _WHOLE),
    ]
