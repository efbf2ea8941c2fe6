"""COM objects that are asked by the names of their members (IDispatch).

Source: MS docs, oaidl.h: IDispatch::GetIDsOfNames, IDispatch::Invoke, DISPPARAMS.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_uint16, c_uint32, c_void_p, c_wchar_p

from agents.outcome import Unknown
from agents.windows.api import function
from agents.windows.calls_com import Guid, Object, Text, created
from agents.windows.calls_wmi import Variant, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

INTERFACE = "{00020400-0000-0000-c000-000000000046}"  #: IID_IDispatch
_IDS_OF_NAMES, _INVOKE = 5, 6  #: places of the two methods
_METHOD_OR_GET, _PUT = 1 | 2, 4  #: DISPATCH_METHOD, DISPATCH_PROPERTYGET; DISPATCH_PROPERTYPUT
_PUT_NAME = -3  #: DISPID_PROPERTYPUT
_NUMBER, _TEXT, _OBJECT, _BOOLEAN = 3, 8, 9, 11  #: VT_I4, VT_BSTR, VT_DISPATCH, VT_BOOL
_TRUE = 0xFFFF  #: VARIANT_TRUE


class Parameters(ctypes.Structure):
    """DISPPARAMS (MS docs, oaidl.h); arguments stand in reverse order."""

    _fields_ = [
        ("arguments", POINTER(Variant)),
        ("names", POINTER(c_int32)),
        ("count", c_uint32),
        ("named", c_uint32),
    ]


class Dispatch(Object):
    """An object with members that have names."""

    def __enter__(self) -> Dispatch:  # noqa: PYI034 - Self is younger than 3.8
        """The object itself."""
        return self

    def get(self, name: str, *arguments: str | int) -> Any:
        """A property's value or a method's answer: plain, or a `Dispatch` to be released.

        Raises:
            Unknown: there is no such member, or it fails.
        """
        with _Arguments(arguments) as given:
            result = Variant()
            parameters = Parameters(given, None, len(arguments), 0)
            self._invoke(name, _METHOD_OR_GET, parameters, byref(result))
        if result.kind == _OBJECT:
            found = Dispatch("%s.%s" % (self.what, name))
            found.pointer = c_void_p(result.value)
            return found
        try:
            return plain(result)
        finally:
            function("oleaut32", "VariantClear", c_int32, POINTER(Variant))(byref(result))

    def put(self, name: str, value: bool) -> None:
        """Set a property that is a boolean, of an object that is ours alone."""
        given = (Variant * 1)(Variant(kind=_BOOLEAN, value=_TRUE if value else 0))
        self._invoke(
            name, _PUT, Parameters(given, POINTER(c_int32)(c_int32(_PUT_NAME)), 1, 1), None
        )

    def _invoke(self, name: str, way: int, parameters: Parameters, result: Any) -> None:
        nothing = Guid()
        types = (c_int32, POINTER(Guid), c_uint32, c_uint16, POINTER(Parameters))
        rest = (c_void_p, c_void_p, c_void_p)
        number = self._number(name)
        call = (number, byref(nothing), 0, way, byref(parameters), result, None, None)
        self.call(_INVOKE, types + rest, *call)

    def _number(self, name: str) -> int:
        nothing, number = Guid(), c_int32()
        types = (POINTER(Guid), POINTER(c_wchar_p), c_uint32, c_uint32, POINTER(c_int32))
        names = (c_wchar_p * 1)(name)
        self.call(_IDS_OF_NAMES, types, byref(nothing), names, 1, 0, byref(number))
        return number.value


class _Arguments:
    """Arguments as an array of VARIANTs in reverse; texts are freed at the end."""

    def __init__(self, arguments: tuple[str | int, ...]) -> None:
        self._arguments = arguments
        self._texts: list[Text] = []

    def __enter__(self) -> Any:
        """The array."""
        array = (Variant * max(len(self._arguments), 1))()
        for place, argument in enumerate(reversed(self._arguments)):
            if isinstance(argument, str):
                self._texts.append(Text(argument))
                array[place] = Variant(kind=_TEXT, value=self._texts[-1].__enter__().value)
            else:
                array[place] = Variant(kind=_NUMBER, value=argument)
        return array

    def __exit__(self, *_: object) -> None:
        """Free the texts."""
        for text in self._texts:
            text.__exit__(None, None, None)


def dispatch(what: str, class_id: str) -> Dispatch:
    """A new object of a class, to be asked by names.

    Raises:
        Unknown: this system does not have the class.
    """
    made = Dispatch(what)
    made.pointer = created(what, class_id, INTERFACE).pointer
    if not made.pointer.value:
        raise Unknown("unreadable", what + " is no object")
    return made
