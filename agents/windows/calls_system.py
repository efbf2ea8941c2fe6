"""Calls that tell what system this is, what it is called, its clock and the agent's own rights."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p

from agents.outcome import Unknown
from agents.windows.api import GROWTHS, function, refused, wide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: PROCESSOR_ARCHITECTURE_* (winnt.h) as the words of the catalogue.
_ARCHITECTURES = {0: "x86", 5: "arm", 9: "x86_64", 12: "arm64"}
_NETBIOS_NAME, _DNS_NAME = 4, 5  #: ComputerNamePhysicalNetBIOS, ComputerNamePhysicalDnsHostname
_TOKEN_QUERY, _TOKEN_ELEVATION = 8, 20
_STANDARD, _DAYLIGHT, _INVALID = 1, 2, 0xFFFFFFFF  #: TIME_ZONE_ID_*


class VersionInfo(ctypes.Structure):
    """RTL_OSVERSIONINFOEXW (MS docs, wdm.h)."""

    _fields_ = [
        ("size", c_uint32),
        ("major", c_uint32),
        ("minor", c_uint32),
        ("build", c_uint32),
        ("platform", c_uint32),
        ("service_pack_text", c_uint16 * 128),
        ("service_pack", c_uint16),
        ("service_pack_minor", c_uint16),
        ("suite", c_uint16),
        ("product_type", c_uint8),
        ("reserved", c_uint8),
    ]


class SystemInfo(ctypes.Structure):
    """SYSTEM_INFO (MS docs, sysinfoapi.h)."""

    _fields_ = [
        ("architecture", c_uint16),
        ("reserved", c_uint16),
        ("page_size", c_uint32),
        ("lowest", c_void_p),
        ("highest", c_void_p),
        ("mask", c_void_p),
        ("processors", c_uint32),
        ("processor_type", c_uint32),
        ("granularity", c_uint32),
        ("level", c_uint16),
        ("revision", c_uint16),
    ]


class TimeZone(ctypes.Structure):
    """DYNAMIC_TIME_ZONE_INFORMATION (MS docs, timezoneapi.h); dates are SYSTEMTIMEs."""

    _fields_ = [
        ("bias", c_int32),
        ("standard_name", c_uint16 * 32),
        ("standard_date", c_uint16 * 8),
        ("standard_bias", c_int32),
        ("daylight_name", c_uint16 * 32),
        ("daylight_date", c_uint16 * 8),
        ("daylight_bias", c_int32),
        ("key_name", c_uint16 * 128),
        ("daylight_disabled", c_uint8),
    ]


def system() -> dict[str, Any]:
    """The version without the lies of compatibility modes (RtlGetVersion), the processor's kind."""
    version = VersionInfo(size=ctypes.sizeof(VersionInfo))
    function("ntdll", "RtlGetVersion", c_int32, POINTER(VersionInfo))(byref(version))
    names = ("major", "minor", "build", "service_pack", "product_type")
    found = {name: int(getattr(version, name)) for name in names}
    return {**found, "architecture": _architecture()}


def _architecture() -> str:
    info = SystemInfo()
    function("kernel32", "GetNativeSystemInfo", None, POINTER(SystemInfo))(byref(info))
    return _ARCHITECTURES.get(info.architecture, "other")


def computer_name() -> dict[str, str]:
    """The NetBIOS name (15 characters at most) and the DNS host name."""
    return {"netbios": _name(_NETBIOS_NAME), "dns": _name(_DNS_NAME)}


def _name(kind: int) -> str:
    size = c_uint32(256)
    buffer = (c_uint16 * size.value)()
    ask = function("kernel32", "GetComputerNameExW", c_int32, c_int32, c_void_p, POINTER(c_uint32))
    if not ask(kind, buffer, byref(size)):
        raise refused("GetComputerNameExW")
    return wide(buffer)


def uptime() -> int:
    """Seconds since the start; sleep counts, and so does the hibernation of a fast start-up."""
    return int(function("kernel32", "GetTickCount64", c_uint64)()) // 1000


def local_time() -> dict[str, Any]:
    """How far the clock on the wall is from UTC now, and the key name of its time zone."""
    zone = TimeZone()
    ask = function("kernel32", "GetDynamicTimeZoneInformation", c_uint32, POINTER(TimeZone))
    now = ask(byref(zone))
    if now == _INVALID:
        raise refused("GetDynamicTimeZoneInformation")
    extra = {_STANDARD: zone.standard_bias, _DAYLIGHT: zone.daylight_bias}.get(now, 0)
    return {"offset": -60 * (zone.bias + extra), "zone": wide(zone.key_name)}


def elevated() -> bool:
    """TokenElevation of the process's own token."""
    handle, answer, size = c_void_p(), c_uint32(), c_uint32()
    process = function("kernel32", "GetCurrentProcess", c_void_p)()
    opened = function(
        "advapi32", "OpenProcessToken", c_int32, c_void_p, c_uint32, POINTER(c_void_p)
    )
    if not opened(process, _TOKEN_QUERY, byref(handle)):
        raise refused("OpenProcessToken")
    ask = function(
        "advapi32",
        "GetTokenInformation",
        c_int32,
        c_void_p,
        c_int32,
        c_void_p,
        c_uint32,
        POINTER(c_uint32),
    )
    try:
        if not ask(handle, _TOKEN_ELEVATION, byref(answer), 4, byref(size)):
            raise refused("GetTokenInformation")
    finally:
        close(handle)
    return bool(answer.value)


def close(handle: Any) -> None:
    """Give a kernel handle back."""
    function("kernel32", "CloseHandle", c_int32, c_void_p)(handle)


def grown(what: str, too_small: int, ask: Any, size: int = 16 << 10) -> bytes:
    """The bytes of a call that says how large a buffer it needs.

    ``ask(buffer, size)`` returns the error code, 0 for done, and updates ``size``.
    """
    wanted = c_uint32(size)
    for _ in range(GROWTHS):
        buffer = ctypes.create_string_buffer(max(wanted.value, 1))
        code = ask(buffer, byref(wanted))
        if code == 0:
            return buffer.raw[: wanted.value]
        if code != too_small:
            raise refused(what, code)
    raise Unknown("unreadable", what + ": the answer grows faster than it is read")
