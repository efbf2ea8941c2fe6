"""Programs for the kernel's packet filter, so that only answers of interest reach the scanner.

Classic BPF as SO_ATTACH_FILTER takes it (Linux Documentation/networking/filter.rst); assembled from
a few named steps because a compiler for filter expressions (libpcap) is not everywhere.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from dataclasses import dataclass

Program = Sequence["Step"]

ETHERTYPE, IP_PROTOCOL, IP_FRAGMENT, ARP_OPERATION = 12, 23, 20, 20  #: offsets in a frame
IPV6_NEXT_HEADER = 20
ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD  #: ethertypes
REPLY = 2  #: of ARP (RFC 826)
TCP, ICMP, ICMPV6, UDP = 6, 1, 58, 17  #: protocols
_LOAD_HALF, _LOAD_BYTE, _JUMP_IF_EQUAL, _RETURN = 0x28, 0x30, 0x15, 0x06
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
