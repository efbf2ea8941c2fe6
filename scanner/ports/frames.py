"""SYN packets and what comes back, as bytes (RFC 791, 9293, 792).

The sequence number carries what is needed to know an answer as ours, and nothing is remembered per
packet: its upper half is chance, its lower half makes the TCP checksum the same for every host,
so that the frames for one port differ in nothing that must be computed.
"""

from __future__ import annotations

import secrets
import struct
from ipaddress import IPv4Address
from typing import NamedTuple

SYN_ACK, RST, ACK = 0x12, 0x04, 0x10
PORTS, CHECKSUM = 34, 50  #: offsets in our frames
_IP, _TCP = 14, 34  #: where the headers begin in our frames: we send no IP options
_SUM = 0x1D2C  #: what the checksummed words without ports add up to, for every host; any will do
_WINDOW = 1024
_MSS = b"\x02\x04\x05\xb4"  #: option: 1460 bytes, without which some stacks do not answer
_WORD, _LAST_SEQUENCE = 0xFFFF, 0xFFFFFFFF
#: Source ports of one scan, one a round: a stack that is asked again from the same port within half
#: a second may keep quiet (Linux, tcp_invalid_ratelimit), and an answer tells which round it is of.
ROUNDS = 8
#: Ports that neither services nor kernels choose for themselves: above Linux's ephemeral range.
_FIRST_SOURCE, _SOURCES = 61000, 500


class Reply(NamedTuple):
    """What one port answered: open, closed, or filtered with the ICMP code that said so."""

    ip: bytes
    port: int
    state: str
    turn: int  #: the round whose question it answers
    ttl: int = 0
    window: int = 0
    code: int = -1
    own: bool = True  #: False: a router on the way said it


class Asking:
    """One scan's way to ask: a source address, a source port, a secret for each host."""

    def __init__(self, mac: bytes, ip: IPv4Address) -> None:
        self.mac, self.ip = mac, ip
        self.port = _FIRST_SOURCE + ROUNDS * secrets.randbelow(_SOURCES)
        self._sequences: dict[bytes, int] = {}  #: host → the number under which it is asked

    def _sequence(self, ip: bytes) -> int:
        upper = secrets.randbits(16)
        others = sum(struct.unpack("!4H", self.ip.packed + ip)) + upper
        return self._sequences.setdefault(ip, upper << 16 | (_SUM - others) % _WORD)

    def frame(self, mac: bytes, ip: bytes) -> bytes:
        """A SYN to one host without ports and checksum, which `for_port` gives for all hosts."""
        ethernet = mac + self.mac + b"\x08\x00"
        header = bytearray(
            struct.pack(
                "!BBHHHBBH4s4s", 0x45, 0, 44, secrets.randbits(16), 0, 64, 6, 0, self.ip.packed, ip
            )
        )
        header[10:12] = struct.pack("!H", _complement(sum(struct.unpack("!10H", header))))
        tcp = struct.pack("!HHIIBBHHH", 0, 0, self._sequence(ip), 0, 0x60, 2, _WINDOW, 0, 0)
        return ethernet + bytes(header) + tcp + _MSS

    def for_port(self, port: int, turn: int) -> tuple[bytes, bytes]:
        """(both ports, checksum) of every host's frame for this port in this round."""
        own = self.port + turn
        fixed = own + port + 6 + 24 + 0x6002 + _WINDOW + sum(struct.unpack("!2H", _MSS))
        return struct.pack("!HH", own, port), struct.pack("!H", _complement(_SUM + fixed))

    def read(self, frame: bytes) -> Reply | None:
        """What a frame answers, or None where it is no answer to this scan."""
        try:
            return self._tcp(frame) if frame[_IP + 9] == 6 else self._icmp(frame)  # noqa: PLR2004
        except (IndexError, struct.error):
            return None

    def _tcp(self, frame: bytes) -> Reply | None:
        at = _IP + 4 * (frame[_IP] & 15)
        source, ours, _, acknowledged, _, flags, window = struct.unpack_from("!HHIIBBH", frame, at)
        ip = frame[26:30]
        sequence = self._sequences.get(ip)
        turn = ours - self.port
        if (
            not 0 <= turn < ROUNDS
            or sequence is None
            or acknowledged != (sequence + 1) & _LAST_SEQUENCE
        ):
            return None
        if flags & SYN_ACK == SYN_ACK:
            return Reply(ip, source, "open", turn, frame[22], window)
        if flags & RST:
            return Reply(ip, source, "closed", turn, frame[22], window)
        return None

    def _icmp(self, frame: bytes) -> Reply | None:
        """A "destination unreachable" that quotes a packet of this scan (RFC 792)."""
        at = _IP + 4 * (frame[_IP] & 15)
        kind, code = frame[at], frame[at + 1]
        quoted = at + 8
        inner = quoted + 4 * (frame[quoted] & 15)
        ours, port, sequence = struct.unpack_from("!HHI", frame, inner)
        ip = frame[quoted + 16 : quoted + 20]
        turn = ours - self.port
        genuine = 0 <= turn < ROUNDS and sequence == self._sequences.get(ip)
        if kind != 3 or frame[quoted + 9] != 6 or not genuine:  # noqa: PLR2004
            return None
        return Reply(ip, port, "filtered", turn, frame[22], 0, code, frame[26:30] == ip)


def _complement(total: int) -> int:
    """The Internet checksum of words that add up to ``total`` (RFC 1071)."""
    while total > _WORD:
        total = (total & _WORD) + (total >> 16)
    return total ^ _WORD
