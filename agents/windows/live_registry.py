"""The live registry, read through winreg in the view that is asked for; nothing is ever written.

Source: MS docs, "Registry Key Security and Access Rights" (KEY_WOW64_64KEY, KEY_WOW64_32KEY) and
"Registry Value Types".
"""

from __future__ import annotations

import importlib

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn

_READ = 0x20019  #: KEY_READ
_VIEWS = {64: 0x100, 32: 0x200}  #: KEY_WOW64_64KEY, KEY_WOW64_32KEY
_ROOTS = {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS"}  #: names of winreg's own handles
_TEXTS, _NUMBERS, _LIST = (1, 2), (4, 11), 7  #: REG_SZ, EXPAND_SZ; DWORD, QWORD; MULTI_SZ
_NO_MORE = 259  #: ERROR_NO_MORE_ITEMS
_MOST = 100_000  #: values or subkeys of one key


def values(key: str, view: int) -> dict[str, Any]:
    """Every value of a key by name."""
    entries = _enumerated(key, view, "EnumValue")
    return {name: _plain(content, kind) for name, content, kind in entries}


def keys(key: str, view: int) -> list[str]:
    """The names of a key's subkeys, sorted."""
    return sorted(_enumerated(key, view, "EnumKey"))


def _plain(content: Any, kind: int) -> Any:
    """A value in the types of `Machine.registry_values`."""
    if kind in _TEXTS:
        return "" if content is None else str(content)
    if kind in _NUMBERS:
        return 0 if content is None else int(content)
    if kind == _LIST:
        return [] if content is None else [str(one) for one in content]
    return bytes(content or b"")


def _enumerated(key: str, view: int, way: str) -> list[Any]:
    root, _, path = key.partition("\\")
    if root not in _ROOTS or view not in _VIEWS:
        raise Unknown("not_supported", "%s (%d) is not read here" % (key, view))
    winreg: Any = importlib.import_module("winreg")
    try:
        handle = getattr(winreg, _ROOTS[root])
        with winreg.OpenKey(handle, path, 0, _READ | _VIEWS[view]) as opened:
            return _all(getattr(winreg, way), opened, key)
    except OSError as fault:
        _refuse(key, fault)


def _all(each: Callable[[Any, int], Any], opened: Any, key: str) -> list[Any]:
    found: list[Any] = []
    while len(found) <= _MOST:
        try:
            found.append(each(opened, len(found)))
        except OSError as fault:
            if getattr(fault, "winerror", None) == _NO_MORE:
                return found
            raise
    raise Unknown("unreadable", key + " holds too many entries")


def _refuse(key: str, fault: OSError) -> NoReturn:
    if isinstance(fault, PermissionError):
        raise Unknown("not_elevated", key + ": access denied") from None
    if isinstance(fault, FileNotFoundError):
        raise Unknown("not_found", key + " does not exist") from None
    code = getattr(fault, "winerror", None)
    raise Unknown("unreadable", "%s: error %s" % (key, code)) from None
