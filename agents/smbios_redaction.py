"""Serials in a raw SMBIOS table: where they are, and the table without them, at the same length."""

from __future__ import annotations

from agents import smbios

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

#: The string fields that tell one machine from another: structure type, offset of the string's
#: number.
_SERIAL_FIELDS = {
    1: (7,),
    2: (7, 8),
    3: (7, 8),
    4: (0x20, 0x21),
    11: (),
    17: (0x18, 0x19),
    22: (6,),
    39: (8, 9),
}
_SYSTEM, _UUID, _UUID_END = 1, 8, 24


def _fields(table: bytes) -> Iterator[tuple[int, int, bool]]:
    """The place and the length of every such string, and of the UUID, which is no text."""
    place = 0
    while place + 4 <= len(table):
        kind, length = table[place], table[place + 1]
        end = table.find(b"\x00\x00", place + length)
        if length < 4 or end < 0:  # noqa: PLR2004 - the header itself
            return
        starts, start = [], place + length
        for text in table[place + length : end].split(b"\x00"):
            starts.append((start, len(text)))
            start += len(text) + 1
        for offset in _SERIAL_FIELDS.get(kind, ()):
            number = table[place + offset] if offset < length else 0
            if 0 < number <= len(starts):
                yield (*starts[number - 1], True)
        if kind == _SYSTEM and length >= _UUID_END:
            yield place + _UUID, _UUID_END - _UUID, False
        place = end + 2
        if kind == smbios.END:
            return


def secrets(table: bytes) -> list[bytes]:
    """Every serial and asset tag in the table; the UUID is no text and not among them."""
    found = [
        table[place : place + length].strip()
        for place, length, is_text in _fields(table)
        if is_text
    ]
    return sorted(set(found), key=found.index)


def redacted(table: bytes, stand_ins: dict[bytes, bytes]) -> bytes:
    """The table with each serial replaced by its stand-in, and with a UUID of zeros and a one."""
    content = bytearray(table)
    for place, length, is_text in _fields(table):
        value = bytes(content[place : place + length])
        if not is_text:
            content[place : place + length] = bytes(length - 1) + b"\x01"
        elif value.strip() in stand_ins:
            content[place : place + length] = stand_ins[value.strip()].ljust(length, b" ")
    return bytes(content)
