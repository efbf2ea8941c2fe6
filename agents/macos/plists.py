"""Property lists, binary and XML: whatever the bytes, a value or `Unknown` (unreadable)."""

from __future__ import annotations

import calendar
import datetime as dt
import plistlib
import struct
from xml.parsers.expat import ExpatError

from agents.outcome import Unknown, decoded
from agents.readings import line, stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: What plistlib raises over damaged bytes; its own error is a ValueError.
_DAMAGE = (
    ExpatError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    MemoryError,
    struct.error,
)


def read(raw: bytes) -> Any:
    """The value that a property list holds."""
    if b"<!ENTITY" in raw:  # plistlib of Python 3.8 would expand it
        raise Unknown("unreadable", "a property list with entities")
    try:
        return plistlib.loads(raw)
    except _DAMAGE as fault:
        raise Unknown("unreadable", "no property list: %s" % fault) from None


def table(raw: bytes) -> dict[str, Any]:
    """The dictionary that a property list holds."""
    value = read(raw)
    if not isinstance(value, dict):
        raise Unknown("unreadable", "the property list holds no dictionary")
    return value


def rows(value: Any, *path: str) -> list[dict[str, Any]]:
    """The dictionaries in the list at ``path``; those that are none are damage."""
    found = at(value, *path) if path else value
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unknown("unreadable", "no list of dictionaries at " + "/".join(path))
    return found


def tables(value: Any) -> list[dict[str, Any]]:
    """The dictionaries in a dictionary; a value that is none is damage."""
    if not isinstance(value, dict):
        raise Unknown("unreadable", "no dictionary of dictionaries")
    return rows([*value.values()])


def at(value: Any, *path: str) -> Any:
    """What stands at ``path`` below ``value``."""
    for step, key in enumerate(path):
        if not isinstance(value, dict):
            raise Unknown("unreadable", "no dictionary at " + "/".join(path[:step]))
        if key not in value:
            raise Unknown("not_found", "/".join(path) + " is not set")
        value = value[key]
    return value


def text(value: Any) -> str:
    """One line of text; ioreg writes strings as bytes that end in NUL."""
    if isinstance(value, bytes):
        value = decoded(value.rstrip(b"\x00"))
    if not isinstance(value, str):
        raise Unknown("unreadable", "no text: %r" % (value,))
    return line(value)


def flag(value: Any) -> bool:
    """A boolean, or a number that stands for one."""
    if isinstance(value, int):
        return bool(value)
    raise Unknown("unreadable", "neither true nor false: %r" % (value,))


def number(value: Any) -> int:
    """A whole number that a report can hold."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63:
        return value
    raise Unknown("unreadable", "no number: %r" % (value,))


def seconds(value: Any) -> int:
    """A date of a property list, which is UTC, in seconds since 1970."""
    if not isinstance(value, dt.datetime):
        raise Unknown("unreadable", "no date: %r" % (value,))
    return calendar.timegm(value.timetuple())


def moment(value: Any) -> str:
    """A date of a property list as a timestamp of the catalogue."""
    return stamp(seconds(value))
