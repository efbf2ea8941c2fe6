"""The little of COM that is needed: start it, make an object, call a method by its place.

Source: MS docs, "The Component Object Model"; the places of methods are those of the interface
definitions (objidl, wbemcli.h, shobjidl_core.h).
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_uint32, c_void_p, c_wchar_p

from agents.windows.api import failed, function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

MULTITHREADED, APARTMENT = 0, 2  #: COINIT_*
_IN_PROCESS = 1  #: CLSCTX_INPROC_SERVER
_OTHER_MODE = 0x80010106  #: RPC_E_CHANGED_MODE: this thread has COM already, which does as well
_RELEASE = 2  #: the place of IUnknown::Release


class Guid(ctypes.Structure):
    """GUID (MS docs, guiddef.h)."""

    _fields_ = [("raw", ctypes.c_uint8 * 16)]

    @classmethod
    def of(cls, text: str) -> Guid:
        """The GUID of its usual text; its first three fields are little-endian."""
        parts = text.strip("{}").split("-")
        first = b"".join(bytes.fromhex(part)[::-1] for part in parts[:3])
        return cls.from_buffer_copy(first + bytes.fromhex(parts[3] + parts[4]))


class Apartment:
    """COM on this thread, for the time of a ``with`` block."""

    def __init__(self, mode: int = MULTITHREADED) -> None:
        self._mode = mode
        self._ours = False

    def __enter__(self) -> None:
        """Start COM.

        Raises:
            Unknown: it does not start.
        """
        result = function("ole32", "CoInitializeEx", c_int32, c_void_p, c_uint32)(None, self._mode)
        self._ours = result >= 0
        if result < 0 and result & 0xFFFFFFFF != _OTHER_MODE:
            raise failed("CoInitializeEx", result)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        if self._ours:
            function("ole32", "CoUninitialize", None)()


class Object:
    """A pointer to an interface, released at the end of a ``with`` block."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.pointer = c_void_p()

    def __enter__(self) -> Object:  # noqa: PYI034 - Self is younger than 3.8
        """The object itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release it."""
        if self.pointer.value:
            self._bound(_RELEASE, c_uint32, ())()

    def call(self, place: int, types: tuple[Any, ...], *arguments: Any) -> int:
        """The result of the method at ``place`` of the interface's table.

        Raises:
            Unknown: it failed.
        """
        result = int(self._bound(place, c_int32, types)(*arguments))
        if result < 0:
            raise failed("%s method %d" % (self.what, place), result)
        return result

    def _bound(self, place: int, result: Any, types: tuple[Any, ...]) -> Any:
        windows: Any = ctypes
        table = ctypes.cast(self.pointer, POINTER(POINTER(c_void_p))).contents
        method = windows.WINFUNCTYPE(result, c_void_p, *types)(table[place])
        return lambda *arguments: method(self.pointer, *arguments)


def created(what: str, class_id: str, interface: str) -> Object:
    """A new object of a class that lives in this process."""
    made = Object(what)
    guid = POINTER(Guid)
    ask = function("ole32", "CoCreateInstance", c_int32, guid, c_void_p, c_uint32, guid, c_void_p)
    class_guid, interface_guid = Guid.of(class_id), Guid.of(interface)
    result = ask(byref(class_guid), None, _IN_PROCESS, byref(interface_guid), byref(made.pointer))
    if result < 0:
        raise failed(what, result)
    return made


class Text:
    """A BSTR, freed at the end of a ``with`` block."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pointer = c_void_p()

    def __enter__(self) -> c_void_p:
        """The pointer that methods take."""
        made = function("oleaut32", "SysAllocString", c_void_p, c_wchar_p)(self._text)
        self._pointer = c_void_p(made)
        return self._pointer

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free it."""
        function("oleaut32", "SysFreeString", None, c_void_p)(self._pointer)
