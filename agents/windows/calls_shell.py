"""BitLocker's state as the shell shows it to everybody: no administrator, no WMI, no process.

Source: MS docs, "System.Volume.BitLockerProtection", IShellItem2::GetInt32.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_uint32, c_void_p, c_wchar_p

from agents.outcome import Unknown, attempt
from agents.windows.api import failed, function
from agents.windows.calls_com import APARTMENT, Apartment, Guid, Object
from agents.windows.calls_volumes import LOCAL, mounts

_ITEM = "{7e9fb0d3-919f-4307-ab2e-9b1860310c93}"  #: IID_IShellItem2
_GET_INTEGER = 16  #: the place of IShellItem2::GetInt32
_PROPERTY = "System.Volume.BitLockerProtection"


class PropertyKey(ctypes.Structure):
    """PROPERTYKEY (MS docs, wtypes.h)."""

    _fields_ = [("format", Guid), ("number", c_uint32)]


def bitlocker() -> dict[str, int | None]:
    """The property of each local volume; null where the volume does not have it."""
    kind_of = function("kernel32", "GetDriveTypeW", c_uint32, c_wchar_p)
    with Apartment(APARTMENT):
        key = _key()
        return {mount: _of(mount, key) for mount in mounts() if kind_of(mount) in LOCAL}


def _key() -> PropertyKey:
    key = PropertyKey()
    ask = function("propsys", "PSGetPropertyKeyFromName", c_int32, c_wchar_p, POINTER(PropertyKey))
    result = ask(_PROPERTY, byref(key))
    if result < 0:
        raise failed(_PROPERTY, result)
    return key


def _of(mount: str, key: PropertyKey) -> int | None:
    number = attempt(_number, mount, key)
    return None if isinstance(number, Unknown) else int(number)


def _number(mount: str, key: PropertyKey) -> int:
    interface, value = Guid.of(_ITEM), c_int32()
    types = (c_int32, c_wchar_p, c_void_p, POINTER(Guid), c_void_p)
    ask = function("shell32", "SHCreateItemFromParsingName", *types)
    with Object("the shell's " + mount) as item:
        result = ask(mount, None, byref(interface), byref(item.pointer))
        if result < 0:
            raise failed(item.what, result)
        item.call(_GET_INTEGER, (POINTER(PropertyKey), POINTER(c_int32)), byref(key), byref(value))
    return value.value
