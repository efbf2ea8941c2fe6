"""Calls that tell the firmware's tables, memory, processors, and the TPM."""

from __future__ import annotations

import ctypes
import struct
from ctypes import POINTER, byref, c_char_p, c_int32, c_uint32, c_uint64, c_void_p, c_wchar_p

from agents.outcome import Unknown
from agents.windows.api import function, last_error, refused
from agents.windows.calls_system import grown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

POINTER_SIZE = struct.calcsize("P")  #: bytes; Windows' masks of processors are as wide
_RSMB = 0x52534D42  #: "RSMB", the provider of the raw SMBIOS table
_RAW_HEADER = 8  #: bytes of RawSMBIOSData before the table; its length is the second half
_ALL, _CORE, _PACKAGE = 0xFFFF, 0, 3  #: LOGICAL_PROCESSOR_RELATIONSHIP
_TOO_SMALL = 122  #: ERROR_INSUFFICIENT_BUFFER
_INVALID_FUNCTION = 1  #: what a BIOS answers to a question about UEFI's variables
_UEFI_SAYS = (0, 122, 203, 998)  #: found, too small, ERROR_ENVVAR_NOT_FOUND, ERROR_NOACCESS
_NO_VARIABLE = "{00000000-0000-0000-0000-000000000000}"
_FIRMWARE = {1: "bios", 2: "uefi"}  #: FIRMWARE_TYPE
_NO_TPM = 0x8028400F  #: TBS_E_TPM_NOT_FOUND
_TPM_VERSIONS = {1: "1.2", 2: "2.0"}


class MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX (MS docs, sysinfoapi.h)."""

    _fields_ = [
        ("size", c_uint32),
        ("load", c_uint32),
        ("total", c_uint64),
        ("available", c_uint64),
        ("page_file_total", c_uint64),
        ("page_file_available", c_uint64),
        ("virtual_total", c_uint64),
        ("virtual_available", c_uint64),
        ("extended_available", c_uint64),
    ]


class TpmDeviceInfo(ctypes.Structure):
    """TPM_DEVICE_INFO (MS docs, tbs.h)."""

    _fields_ = [
        ("structure", c_uint32),
        ("version", c_uint32),
        ("interface", c_uint32),
        ("revision", c_uint32),
    ]


def smbios() -> bytes:
    """The structure table that GetSystemFirmwareTable gives, without its header."""
    types = (c_uint32, c_uint32, c_uint32, c_char_p, c_uint32)
    ask = function("kernel32", "GetSystemFirmwareTable", *types)
    size = ask(_RSMB, 0, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 1))
    got = ask(_RSMB, 0, ctypes.cast(buffer, c_char_p), size)
    if not 0 < got <= size:
        raise refused("GetSystemFirmwareTable")
    return table(buffer.raw[:got])


def table(raw: bytes) -> bytes:
    """The table inside RawSMBIOSData (MS docs, GetSystemFirmwareTable)."""
    if len(raw) <= _RAW_HEADER:
        raise Unknown("not_supported", "the firmware has no SMBIOS table")
    (length,) = struct.unpack_from("<I", raw, 4)
    return raw[_RAW_HEADER : _RAW_HEADER + length]


def memory() -> dict[str, int]:
    """The memory that Windows can use (ullTotalPhys)."""
    status = MemoryStatus(size=ctypes.sizeof(MemoryStatus))
    ask = function("kernel32", "GlobalMemoryStatusEx", c_int32, POINTER(MemoryStatus))
    if not ask(byref(status)):
        raise refused("GlobalMemoryStatusEx")
    return {"total": int(status.total)}


def cpu() -> dict[str, int]:
    """How many sockets, cores and threads there are."""
    ask = function(
        "kernel32",
        "GetLogicalProcessorInformationEx",
        c_int32,
        c_int32,
        c_char_p,
        POINTER(c_uint32),
    )

    def asked(buffer: Any, size: Any) -> int:
        return 0 if ask(_ALL, ctypes.cast(buffer, c_char_p), size) else last_error()

    return processors(grown("GetLogicalProcessorInformationEx", _TOO_SMALL, asked))


def processors(raw: bytes, word: int = POINTER_SIZE) -> dict[str, int]:
    """Counts from SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX records (MS docs, winnt.h).

    Each begins with its relation and its size. Of a core: flags, efficiency class, 20 reserved
    bytes, the number of groups, then for each group a mask of ``word`` bytes, its number, 6 bytes.
    """
    counts = {"sockets": 0, "cores": 0, "threads": 0}
    place = 0
    while place + 8 <= len(raw):
        relation, size = struct.unpack_from("<II", raw, place)
        if size < 8 or place + size > len(raw):  # noqa: PLR2004 - no record is shorter than its head
            raise Unknown("unreadable", "a processor record of %d bytes" % size)
        if relation == _PACKAGE:
            counts["sockets"] += 1
        elif relation == _CORE:
            counts["cores"] += 1
            counts["threads"] += _threads(raw[place : place + size], word)
        place += size
    if 0 in counts.values():
        raise Unknown("unreadable", "no processors in the system's answer: %s" % counts)
    return counts


def _threads(record: bytes, word: int) -> int:
    groups = int.from_bytes(record[30:32], "little")
    starts = (32 + (word + 8) * group for group in range(groups))
    masks = (int.from_bytes(record[start : start + word], "little") for start in starts)
    return sum(bin(mask).count("1") for mask in masks)


def firmware() -> str:
    """GetFirmwareType, Windows 8 and later; before, whether UEFI's variables can be asked for."""
    try:
        kind = c_uint32()
        if not function("kernel32", "GetFirmwareType", c_int32, POINTER(c_uint32))(byref(kind)):
            raise refused("GetFirmwareType")
        if kind.value in _FIRMWARE:
            return _FIRMWARE[kind.value]
    except Unknown as why:
        if why.reason != "not_supported":
            raise
    types = (c_uint32, c_wchar_p, c_wchar_p, c_void_p, c_uint32)
    size = function("kernel32", "GetFirmwareEnvironmentVariableW", *types)(
        "", _NO_VARIABLE, None, 0
    )
    code = last_error() if size == 0 else 0
    if code == _INVALID_FUNCTION:
        return "bios"
    if code in _UEFI_SAYS:
        return "uefi"
    raise refused("GetFirmwareEnvironmentVariableW", code)


def tpm() -> dict[str, Any]:
    """Whether the TPM base services see a TPM, and its version; Windows 8 and later."""
    info = TpmDeviceInfo(structure=1)
    ask = function("tbs", "Tbsi_GetDeviceInfo", c_uint32, c_uint32, POINTER(TpmDeviceInfo))
    result = ask(ctypes.sizeof(TpmDeviceInfo), byref(info))
    if result == _NO_TPM:
        return {"present": False, "version": None}
    if result != 0:
        raise Unknown("unreadable", "Tbsi_GetDeviceInfo: result 0x%08X" % result)
    return {"present": True, "version": _TPM_VERSIONS.get(info.version)}
