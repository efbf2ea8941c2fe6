"""Objects of WMI, asked through COM in this process: slow, so once a day.

Source: MS docs, "Creating a WMI Application Using C++" and wbemcli.h.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_uint16, c_uint32, c_void_p, c_wchar_p

from agents.outcome import Unknown
from agents.windows.api import failed, function
from agents.windows.calls_com import Apartment, Object, Text, created

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

_LOCATOR = "{4590f811-1d3a-11d0-891f-00aa004b2e24}"  #: CLSID_WbemLocator
_I_LOCATOR = "{dc12a687-737f-11cf-884d-00aa004b2e24}"  #: IID_IWbemLocator
_CONNECT, _ENUMERATE, _NEXT, _GET = 3, 18, 4, 4  #: places of the four methods that are called
_FORWARD_AT_ONCE = 0x20 | 0x10  #: WBEM_FLAG_FORWARD_ONLY, WBEM_FLAG_RETURN_IMMEDIATELY
_WAIT = 10_000  #: milliseconds for one object
_TIMED_OUT, _NO_MORE = 0x40004, 1  #: WBEM_S_TIMEDOUT, WBEM_S_FALSE
_SECURITY_SET = 0x80010119  #: RPC_E_TOO_LATE: this process has its security already
_IMPERSONATE, _CALL_LEVEL, _NTLM = 3, 3, 10  #: RPC_C_IMP_LEVEL_*, _AUTHN_LEVEL_*, _AUTHN_WINNT
_MOST = 256  #: objects of one class
#: Kinds of VARIANT (wtypes.h) and the sizes of those that are numbers.
_EMPTY, _TEXT, _BOOLEAN = (0, 1), 8, 11
_NUMBERS = {2: 2, 3: 4, 16: 1, 17: 1, 18: 2, 19: 4}


class Variant(ctypes.Structure):
    """VARIANT (MS docs, oaidl.h): its kind, three reserved words, room for two pointers."""

    _fields_ = [
        ("kind", c_uint16),
        ("reserved", c_uint16 * 3),
        ("value", c_void_p),
        ("more", c_void_p),
    ]


def security_products() -> dict[str, list[dict[str, Any]]]:
    """What is registered with Windows Security Center; servers do not have it."""
    classes = {"antivirus": "AntiVirusProduct", "firewall": "FirewallProduct"}
    wanted = ("displayName", "productState")
    return {
        kind: [
            {"name": one["displayName"], "state": one["productState"]}
            for one in instances("root\\SecurityCenter2", name, wanted)
        ]
        for kind, name in classes.items()
    }


def encryptable_volumes() -> dict[str, int | None]:
    """ProtectionStatus of every volume that BitLocker could protect; administrators alone."""
    found = instances(
        "root\\cimv2\\Security\\MicrosoftVolumeEncryption",
        "Win32_EncryptableVolume",
        ("DriveLetter", "ProtectionStatus"),
    )
    return {
        one["DriveLetter"] + "\\": one["ProtectionStatus"] for one in found if one["DriveLetter"]
    }


def instances(namespace: str, name: str, properties: tuple[str, ...]) -> list[dict[str, Any]]:
    """The wanted properties of every object of a class.

    Raises:
        Unknown: no such namespace or class, denied, or it took too long.
    """
    with Apartment():
        _secure()
        return _asked(namespace, name, properties)


def _asked(namespace: str, name: str, properties: tuple[str, ...]) -> list[dict[str, Any]]:
    with created("WbemLocator", _LOCATOR, _I_LOCATOR) as locator:
        services = _connected(locator, namespace)
        with services, _enumerated(services, name) as found:
            return [
                {wanted: _property(one, wanted) for wanted in properties} for one in _objects(found)
            ]


def _secure() -> None:
    """WMI wants to act as the caller, and answers "access denied" unless it is told that it may."""
    types = (c_void_p, c_int32, c_void_p, c_void_p, c_uint32, c_uint32, c_void_p, c_uint32)
    ask = function("ole32", "CoInitializeSecurity", c_int32, *types, c_void_p)
    result = ask(None, -1, None, None, 0, _IMPERSONATE, None, 0, None)
    if result < 0 and result & 0xFFFFFFFF != _SECURITY_SET:
        raise failed("CoInitializeSecurity", result)


def _as_caller(proxy: Object) -> Object:
    types = (c_void_p, c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_void_p, c_uint32)
    ask = function("ole32", "CoSetProxyBlanket", c_int32, *types)
    # An object of this process is no proxy, says so, and needs none of this.
    ask(proxy.pointer, _NTLM, 0, None, _CALL_LEVEL, _IMPERSONATE, None, 0)
    return proxy


def _connected(locator: Object, namespace: str) -> Object:
    services = Object("WMI " + namespace)
    types = (c_void_p, c_void_p, c_void_p, c_void_p, c_int32, c_void_p, c_void_p, c_void_p)
    with Text(namespace) as where:
        rest = (None, None, None, 0, None, None)
        locator.call(_CONNECT, types, where, *rest, byref(services.pointer))
    return _as_caller(services)


def _enumerated(services: Object, name: str) -> Object:
    found = Object("WMI " + name)
    types = (c_void_p, c_int32, c_void_p, c_void_p)
    with Text(name) as text:
        services.call(_ENUMERATE, types, text, _FORWARD_AT_ONCE, None, byref(found.pointer))
    return _as_caller(found)


def _objects(found: Object) -> Iterator[Object]:
    types = (c_int32, c_uint32, c_void_p, POINTER(c_uint32))
    for _ in range(_MOST):
        returned = c_uint32()
        with Object(found.what) as one:
            result = found.call(_NEXT, types, _WAIT, 1, byref(one.pointer), byref(returned))
            if result == _TIMED_OUT:
                raise Unknown("timed_out", found.what + " took over %d ms" % _WAIT)
            if result == _NO_MORE or not returned.value:
                return
            yield one


def _property(one: Object, name: str) -> Any:
    value = Variant()
    types = (c_wchar_p, c_int32, POINTER(Variant), c_void_p, c_void_p)
    one.call(_GET, types, name, 0, byref(value), None, None)
    try:
        return plain(value)
    finally:
        function("oleaut32", "VariantClear", c_int32, POINTER(Variant))(byref(value))


def plain(value: Variant) -> Any:
    """A VARIANT as text, number (never negative: counts and flags), boolean or None.

    Raises:
        Unknown: it is of another kind.
    """
    if value.kind in _EMPTY:
        return None
    if value.kind == _TEXT:
        return ctypes.wstring_at(value.value) if value.value else ""
    raw = int(value.value or 0)
    if value.kind == _BOOLEAN:
        return bool(raw & 0xFFFF)
    if value.kind in _NUMBERS:
        return raw & ((1 << 8 * _NUMBERS[value.kind]) - 1)
    raise Unknown("unreadable", "a value of kind %d" % value.kind)
