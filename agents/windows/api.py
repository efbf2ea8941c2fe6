"""Windows' own DLLs: loaded from System32 alone, and their error codes as reasons.

Nothing here is imported by a collector; `agents.windows.calls` has the values that they may ask.
Structures use types of fixed width, so that their layout can be checked on any platform.
"""

from __future__ import annotations

import ctypes

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SYSTEM32_ONLY = 0x800  #: LOAD_LIBRARY_SEARCH_SYSTEM32: no DLL from a folder that others may write
GROWTHS = 8  #: tries with a larger buffer, where the answer grows between two calls

#: System error codes (winerror.h) whose reason is known.
_REASONS = {
    **dict.fromkeys((5, 740, 1314), "not_elevated"),
    **dict.fromkeys((2, 3, 1008, 1060, 1168, 2221), "not_found"),
    **dict.fromkeys((1, 50, 120, 127), "not_supported"),
}
#: HRESULTs of WMI (wbemcli.h), the Windows Update Agent and COM (winerror.h).
_RESULTS = {
    0x80041003: "not_elevated",  # WBEM_E_ACCESS_DENIED
    0x80040154: "not_supported",  # REGDB_E_CLASSNOTREG
    0x8004100E: "not_supported",  # WBEM_E_INVALID_NAMESPACE
    0x80041010: "not_supported",  # WBEM_E_INVALID_CLASS
    0x80004001: "not_supported",  # E_NOTIMPL
}
_FROM_CODE = 0x80070000  #: an HRESULT that carries a system error code


def function(library: str, name: str, result: Any, *arguments: Any) -> Any:
    """The function ``name`` of a DLL, with the types of its result and arguments.

    Raises:
        Unknown: this Windows does not have it.
    """
    windows: Any = ctypes
    try:
        loaded = windows.WinDLL(library + ".dll", winmode=SYSTEM32_ONLY, use_last_error=True)
        found = loaded[name]  # a new object each time: two users may want other types
    except (OSError, AttributeError):
        raise Unknown("not_supported", "this system has no %s in %s" % (name, library)) from None
    found.restype = result
    found.argtypes = arguments
    return found


def last_error() -> int:
    """What GetLastError said right after the last call."""
    windows: Any = ctypes
    return int(windows.get_last_error())


def refused(what: str, code: int | None = None) -> Unknown:
    """The reason that a system error code stands for; the last one where none is given."""
    number = last_error() if code is None else code
    return Unknown(_REASONS.get(number, "unreadable"), "%s: error %d" % (what, number))


def failed(what: str, result: int) -> Unknown:
    """The reason that an HRESULT stands for."""
    number = result & 0xFFFFFFFF
    if number & 0xFFFF0000 == _FROM_CODE:
        return refused(what, number & 0xFFFF)
    return Unknown(_RESULTS.get(number, "unreadable"), "%s: result 0x%08X" % (what, number))


def wide(buffer: Any) -> str:
    """The text of an array of 16-bit units, up to the first zero."""
    raw = bytes(buffer)
    text = raw.decode("utf-16-le", "replace")
    return text.partition("\0")[0]
