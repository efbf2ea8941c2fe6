"""Reading the raw SMBIOS structure table (DMTF DSP0134): bytes in, structures out.

Shared by all platforms.
"""

from __future__ import annotations

from agents.outcome import Facts, Unknown, attempt, decoded
from agents.readings import line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FIRMWARE, SYSTEM, BOARD, CHASSIS, MEMORY_DEVICE, END = 0, 1, 2, 3, 17, 127

#: Chassis types (DSP0134, 7.4.1) as the words of the catalogue.
CHASSIS_WORDS = {
    **dict.fromkeys((3, 4, 5, 6, 7, 15, 16, 24, 35), "desktop"),
    **dict.fromkeys((8, 9, 10, 14), "laptop"),
    **dict.fromkeys((11, 30, 31, 32), "tablet"),
    13: "all_in_one",
    **dict.fromkeys((34, 36), "mini"),
    **dict.fromkeys((17, 23, 25, 28, 29), "server"),
}
#: Memory device types (DSP0134, 7.18.2).
_MEMORY_TYPES = {
    0x0F: "SDRAM",
    0x12: "DDR",
    0x13: "DDR2",
    0x14: "DDR2 FB-DIMM",
    0x18: "DDR3",
    0x1A: "DDR4",
    0x1B: "LPDDR",
    0x1C: "LPDDR2",
    0x1D: "LPDDR3",
    0x1E: "LPDDR4",
    0x20: "HBM",
    0x21: "HBM2",
    0x22: "DDR5",
    0x23: "LPDDR5",
}
_HEADER = 4  #: bytes of a structure's header: type, length, handle
_NO_VALUE = 0xFFFF
#: Words in the names of maker, model and firmware that virtual machines alone have.
VIRTUAL_WORDS = (
    "qemu",
    "kvm",
    "vmware",
    "virtualbox",
    "innotek",
    "xen",
    "bochs",
    "parallels",
    "virtual machine",
    "amazon ec2",
    "google compute",
    "openstack",
    "bhyve",
)


class Structure:
    """One structure: its formatted bytes, and the strings behind them."""

    def __init__(self, kind: int, body: bytes, strings: list[str]) -> None:
        self.kind = kind
        self._body = body
        self._strings = strings

    def number(self, offset: int, size: int) -> int:
        """The little-endian number at ``offset`` of the formatted area."""
        if offset + size > len(self._body):
            raise Unknown("not_supported", "this SMBIOS version does not have the field")
        return int.from_bytes(self._body[offset : offset + size], "little")

    def text(self, offset: int) -> str:
        """The string that the byte at ``offset`` numbers; 0 is none."""
        index = self.number(offset, 1)
        if index == 0 or index > len(self._strings):
            raise Unknown("not_found", "the firmware leaves it empty")
        return line(self._strings[index - 1])

    def raw(self, offset: int, size: int) -> bytes:
        """The bytes at ``offset`` of the formatted area."""
        self.number(offset, size)
        return self._body[offset : offset + size]


def structures(table: bytes) -> list[Structure]:
    """All structures up to the end marker; a table that breaks off gives those before the break.

    Raises:
        Unknown: not one structure can be read.
    """
    found: list[Structure] = []
    place = 0
    while place + _HEADER <= len(table):
        kind, length = table[place], table[place + 1]
        if length < _HEADER or place + length > len(table):
            break
        end = table.find(b"\x00\x00", place + length)
        if end < 0:
            break
        strings = table[place + length : end].split(b"\x00") if end > place + length else []
        found.append(
            Structure(kind, table[place : place + length], [decoded(one) for one in strings])
        )
        place = end + 2
        if kind == END:
            break
    if not found:
        raise Unknown("unreadable", "no SMBIOS structure in %d bytes" % len(table))
    return found


def first(found: list[Structure], kind: int) -> Structure:
    """The first structure of that kind."""
    for one in found:
        if one.kind == kind:
            return one
    raise Unknown("not_found", "the firmware has no SMBIOS structure of type %d" % kind)


def uuid(system: Structure) -> str:
    """The UUID of type 1; its first three fields are little-endian (since SMBIOS 2.6)."""
    raw = system.raw(8, 16)
    parts = (raw[3::-1], raw[5:3:-1], raw[7:5:-1], raw[8:10], raw[10:])
    return "-".join(part.hex() for part in parts)


def date(text: str) -> str:
    """The firmware's date, mm/dd/yyyy or mm/dd/yy, as YYYY-MM-DD."""
    parts = text.split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004
        raise Unknown("unreadable", "not a date: %r" % text[:40])
    month, day, year = (int(part) for part in parts)
    year += 1900 if year < 100 else 0  # noqa: PLR2004 - DSP0134: two digits are of the 20th century
    if not (1 <= month <= 12 and 1 <= day <= 31 and year <= 9999):  # noqa: PLR2004
        raise Unknown("unreadable", "not a date: %r" % text[:40])
    return "%04d-%02d-%02d" % (year, month, day)


def memory_size(device: Structure) -> int:
    """Bytes of a memory device; 0 is an empty slot."""
    size = device.number(0x0C, 2)
    if size == _NO_VALUE:
        raise Unknown("not_found", "the firmware does not know the size")
    if size == 0x7FFF:  # noqa: PLR2004 - the size stands in the extended field, in MiB
        return (device.number(0x1C, 4) & 0x7FFFFFFF) << 20
    return (size & 0x7FFF) << (10 if size & 0x8000 else 20)


def memory_type(device: Structure) -> str:
    """The kind of memory, DDR4 for instance."""
    code = device.number(0x12, 1)
    if code not in _MEMORY_TYPES:
        raise Unknown("not_found", "memory type %d has no name here" % code)
    return _MEMORY_TYPES[code]


def memory_speed(device: Structure) -> int:
    """MT/s that the module is made for."""
    speed = device.number(0x15, 2)
    if speed in (0, _NO_VALUE):
        raise Unknown("not_found", "the firmware does not know the speed")
    return speed


def modules(found: list[Structure]) -> list[Facts]:
    """The memory modules, as the catalogue's rows; empty slots are none."""
    return [
        _module(device)
        for device in found
        if device.kind == MEMORY_DEVICE and attempt(memory_size, device) != 0
    ]


def _module(device: Structure) -> Facts:
    facts = Facts()
    facts.put("slot", device.text, 0x10)
    facts.put("size", memory_size, device)
    facts.put("type", memory_type, device)
    facts.put("speed", memory_speed, device)
    facts.put("vendor", device.text, 0x17)
    facts.put("serial", device.text, 0x18)
    return facts


def fields(kind: int) -> dict[str, Any]:
    """Where the strings of a structure stand: name and offset."""
    return {
        FIRMWARE: {"vendor": 4, "version": 5, "date": 8},
        SYSTEM: {"vendor": 4, "model": 5, "serial": 7},
        BOARD: {"vendor": 4, "model": 5, "serial": 7},
        CHASSIS: {"asset_tag": 8},
    }[kind]
