"""DNS messages as mDNS, LLMNR, NetBIOS and resolvers send them: questions out, records in.

Our own small codec: one of scapy's costs 0.2 s to import, as much as the whole burst over an
office, and raises on what devices really send. Reading is bounded and never raises (RFC 1035).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.heard import plain

A, PTR, TXT, AAAA, SRV, ANY = 1, 12, 16, 28, 33, 255  #: types of records (RFC 1035, 2782, 3596)
IN = 1
UNICAST_RESPONSE = 0x8000  #: bit of a question's class: answer me alone (RFC 6762 section 5.4)
RECURSE = 0x0100
_RESPONSE = 0x8000
_MOST_RECORDS, _MOST_QUESTIONS = 256, 32
_MOST_LABELS, _LONGEST_NAME = 64, 255
_POINTER = 0xC0


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an answer; ``texts`` are a TXT record's, ``target`` is PTR's and SRV's."""

    name: str
    kind: int
    data: bytes
    target: str = ""
    port: int = 0
    texts: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """An answer: its identifier, what it repeats of the question, the records of all sections."""

    token: int
    asked: tuple[str, ...]
    records: tuple[Record, ...]


def question(
    asked: Iterable[tuple[str, int]], token: int, *, flags: int = 0, unicast: bool = False
) -> bytes:
    """A message that asks for (name, type) pairs; a label has at most 63 bytes."""
    kind = IN | (UNICAST_RESPONSE if unicast else 0)
    questions = [wire_name(name) + struct.pack(">HH", what, kind) for name, what in asked]
    return struct.pack(">6H", token, flags, len(questions), 0, 0, 0) + b"".join(questions)


def wire_name(name: str) -> bytes:
    """A name as length-counted labels."""
    labels = [label.encode()[:63] for label in name.split(".") if label]
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def read(datagram: bytes) -> Message | None:
    """The answer in a datagram; None when it is none. Reads up to the first thing that is cut."""
    if len(datagram) < 12:  # noqa: PLR2004 - a header
        return None
    token, flags, questions, *counts = struct.unpack_from(">6H", datagram)
    if not flags & _RESPONSE or questions > _MOST_QUESTIONS:
        return None
    place = 12
    asked: list[str] = []
    for _ in range(questions):
        repeated = name_at(datagram, place)
        if repeated is None:
            return None
        asked.append(repeated[0])
        place = repeated[1] + 4
    records: list[Record] = []
    for _ in range(min(sum(counts), _MOST_RECORDS)):
        found = _record(datagram, place)
        if found is None:
            break
        records.append(found[0])
        place = found[1]
    return Message(token, tuple(asked), tuple(records))


def name_at(datagram: bytes, place: int) -> tuple[str, int] | None:
    """(name, where it ends); None when it is cut, too long, or its pointers lead in a circle."""
    labels: list[str] = []
    end, size, lowest = -1, 0, place
    while 0 <= place < len(datagram) and len(labels) <= _MOST_LABELS:
        length = datagram[place]
        if length == 0:
            return ".".join(labels), (end if end >= 0 else place + 1)
        if length & _POINTER == _POINTER:
            if place + 1 >= len(datagram):
                return None
            end = end if end >= 0 else place + 2
            place = ((length & 0x3F) << 8) | datagram[place + 1]
            if place >= lowest:  # each pointer goes further back: no circle (RFC 1035 4.1.4)
                return None
            lowest = place
            continue
        label = datagram[place + 1 : place + 1 + length]
        size += length + 1
        if length & _POINTER or len(label) < length or size > _LONGEST_NAME:
            return None
        labels.append(plain(label))
        place += 1 + length
    return None


def _record(datagram: bytes, place: int) -> tuple[Record, int] | None:
    named = name_at(datagram, place)
    if named is None or named[1] + 10 > len(datagram):
        return None
    name, place = named
    kind, _, _, length = struct.unpack_from(">HHIH", datagram, place)
    place += 10
    data = datagram[place : place + length]
    if len(data) < length:
        return None
    return _read_data(datagram, place, Record(name, kind, data)), place + length


def _read_data(datagram: bytes, place: int, record: Record) -> Record:
    name, kind, data = record.name, record.kind, record.data
    if kind == PTR:
        target = name_at(datagram, place)
        return Record(name, kind, data, target[0] if target else "")
    if kind == SRV and len(data) > 6:  # noqa: PLR2004 - priority, weight, port
        target = name_at(datagram, place + 6)
        port = int.from_bytes(data[4:6], "big")
        return Record(name, kind, data, target[0] if target else "", port)
    if kind == TXT:
        return Record(name, kind, data, texts=_texts(data))
    return record


def _texts(data: bytes) -> tuple[bytes, ...]:
    texts: list[bytes] = []
    place = 0
    while place < len(data):
        texts.append(data[place + 1 : place + 1 + data[place]])
        place += 1 + data[place]
    return tuple(text for text in texts if text)
