"""ICMP echo and timestamp (RFC 792): hosts behind a router, where ARP does not reach."""

from __future__ import annotations

import secrets
import struct
from ipaddress import IPv4Address

from scanner.discovery.sweeping import Question

ECHO, TIMESTAMP = (8, 0), (13, 14)  #: (request, reply) types
_HEADERS = 14  #: bytes of Ethernet before the IPv4 header
_DATA = bytes(12)  #: as long as a timestamp message's three times


def question(kind: tuple[int, int], own_mac: bytes, own: IPv4Address, hop: bytes) -> Question:
    """An ICMP request of one kind by way of the next hop, whose MAC is ``hop``."""
    asks, replies = kind
    number = secrets.randbits(16)
    message = struct.pack("!BBHHH", asks, 0, 0, number, 1) + _DATA
    message = message[:2] + checksum(message) + message[4:]

    def ask(target: bytes, _: bytes) -> bytes:
        length = 20 + len(message)
        head = struct.pack("!BBHHHBBH", 0x45, 0, length, secrets.randbits(16), 0, 64, 1, 0)
        head += own.packed + target
        return hop + own_mac + b"\x08\x00" + head[:10] + checksum(head) + head[12:] + message

    def read(frame: bytes) -> tuple[bytes, bytes] | None:
        at = _HEADERS + 4 * (frame[_HEADERS] & 15) if len(frame) > _HEADERS else 0
        if frame[at : at + 2] != bytes((replies, 0)) or len(frame) < at + 8:
            return None
        ours = frame[at + 4 : at + 6] == struct.pack("!H", number)
        return (frame[26:30], frame[6:12]) if ours else None

    return Question("echo" if kind == ECHO else "timestamp", ask, read)


def checksum(raw: bytes) -> bytes:
    """The Internet checksum (RFC 1071) of an even number of bytes."""
    total = sum(struct.unpack(f"!{len(raw) // 2}H", raw))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", total ^ 0xFFFF)
