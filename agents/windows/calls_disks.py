"""Calls that tell the physical disks: what each says of itself, without any right to read it."""

from __future__ import annotations

import ctypes
import struct
from ctypes import POINTER, byref, c_int32, c_uint32, c_void_p, c_wchar_p

from agents.outcome import Unknown, attempt, decoded
from agents.windows.api import function, last_error, refused
from agents.windows.calls_system import close

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_DISKS = 64  #: numbers that are tried; they have gaps where a disk was taken out
_SHARED, _EXISTING = 1 | 2, 3  #: FILE_SHARE_READ, FILE_SHARE_WRITE; OPEN_EXISTING
_ABSENT = 2  #: ERROR_FILE_NOT_FOUND
_INVALID_HANDLE = c_void_p(-1).value
#: Control codes of ntddstor.h and ntdddisk.h that need no right to the disk (FILE_ANY_ACCESS).
_QUERY_PROPERTY, _GEOMETRY_EX = 0x2D1400, 0x700A0
_DEVICE, _SEEK_PENALTY = 0, 7  #: STORAGE_PROPERTY_ID
_ANSWER_SIZE = 4096  #: bytes; a descriptor with its texts has about 200
#: STORAGE_DEVICE_DESCRIPTOR (MS docs, ntddstor.h): version, size, two kinds, removable, queueing,
#: offsets of vendor, product, revision and serial, bus.
_DESCRIPTOR = struct.Struct("<IIBBBBIIIII")
_SIZE_OFFSET = 24  #: of DISK_GEOMETRY_EX.DiskSize, behind a DISK_GEOMETRY


def disks() -> list[dict[str, Any]]:
    """Every physical disk, by its number."""
    found = []
    for number in range(MOST_DISKS):
        name = "PhysicalDrive%d" % number
        handle = _opened(name)
        if handle is None:
            continue
        try:
            found.append({"name": name, **_disk(handle)})
        finally:
            close(handle)
    return found


def _opened(name: str) -> Any:
    types = (c_wchar_p, c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_void_p)
    ask = function("kernel32", "CreateFileW", c_void_p, *types)
    handle = ask("\\\\.\\" + name, 0, _SHARED, None, _EXISTING, 0, None)
    if handle not in (None, _INVALID_HANDLE):
        return handle
    if last_error() == _ABSENT:
        return None
    raise refused(name)


def _disk(handle: Any) -> dict[str, Any]:
    """What one disk says; what it does not is null."""
    about = attempt(lambda: described(_asked(handle, _QUERY_PROPERTY, _DEVICE)))
    penalty = attempt(_asked, handle, _QUERY_PROPERTY, _SEEK_PENALTY)
    size = attempt(lambda: int(struct.unpack_from("<q", _geometry(handle), _SIZE_OFFSET)[0]))
    nothing = dict.fromkeys(("vendor", "model", "serial", "bus", "removable"))
    return {
        **(nothing if isinstance(about, Unknown) else about),
        "seek_penalty": None if isinstance(penalty, Unknown) else penalised(penalty),
        "size": None if isinstance(size, Unknown) else size,
    }


def penalised(raw: bytes) -> bool | None:
    """DEVICE_SEEK_PENALTY_DESCRIPTOR (MS docs, ntddstor.h): version, size, one byte of truth."""
    return bool(raw[8]) if len(raw) > 8 else None  # noqa: PLR2004 - behind the two numbers


def _geometry(handle: Any) -> bytes:
    answer = _asked(handle, _GEOMETRY_EX, None)
    if len(answer) < _SIZE_OFFSET + 8:
        raise Unknown("unreadable", "a disk geometry of %d bytes" % len(answer))
    return answer


def _asked(handle: Any, code: int, wanted: int | None) -> bytes:
    """The answer of one device control; ``wanted`` is a STORAGE_PROPERTY_QUERY's property."""
    types = (c_void_p, c_uint32, c_void_p, c_uint32, c_void_p, c_uint32, POINTER(c_uint32))
    control = function("kernel32", "DeviceIoControl", c_int32, *types, c_void_p)
    query = b"" if wanted is None else struct.pack("<III", wanted, 0, 0)
    answer, got = ctypes.create_string_buffer(_ANSWER_SIZE), c_uint32()
    if not control(handle, code, query, len(query), answer, _ANSWER_SIZE, byref(got), None):
        raise refused("DeviceIoControl 0x%X" % code)
    return answer.raw[: got.value]


def described(raw: bytes) -> dict[str, Any]:
    """A STORAGE_DEVICE_DESCRIPTOR in words; a text that the disk does not have is null.

    Raises:
        Unknown: it is shorter than its head.
    """
    if len(raw) < _DESCRIPTOR.size:
        raise Unknown("unreadable", "a disk descriptor of %d bytes" % len(raw))
    _, _, _, _, removable, _, vendor, model, _, serial, bus = _DESCRIPTOR.unpack_from(raw)
    return {
        "vendor": _text(raw, vendor),
        "model": _text(raw, model),
        "serial": _text(raw, serial),
        "bus": bus,
        "removable": bool(removable),
    }


def _text(raw: bytes, offset: int) -> str | None:
    """The zero-ended text at ``offset``; 0 and 0xFFFFFFFF mean that there is none."""
    if not 0 < offset < len(raw):
        return None
    return decoded(raw[offset:].partition(b"\0")[0]).strip() or None
