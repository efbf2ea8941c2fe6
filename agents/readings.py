"""Reading small texts: whatever the text, a value or `Unknown` (unreadable)."""

from __future__ import annotations

import time

from agents.outcome import Unknown, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

TEXT_LENGTH = 1024  #: characters of one text in a report
LARGEST = 2**63 - 1  #: what a report's integers can hold
_LAST_MOMENT = 253_402_300_799  #: 9999-12-31T23:59:59Z


def line(text: str) -> str:
    """One line of text: trimmed, printable, not empty."""
    words = printable(text.strip("\x00 \t\r\n"))[:TEXT_LENGTH].strip()
    if not words:
        raise Unknown("not_found", "the text is empty")
    return words


def integer(text: str) -> int:
    """A decimal number within 64 bits."""
    words = text.strip()
    digits = words[1:] if words[:1] in ("-", "+") else words
    if digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST)):
        value = int(words)
        if -LARGEST <= value <= LARGEST:
            return value
    raise Unknown("unreadable", "not a number: %r" % words[:40])


def stamp(seconds: Any) -> str:
    """Seconds since 1970 as a timestamp of the catalogue."""
    if isinstance(seconds, (int, float)) and 0 <= seconds <= _LAST_MOMENT:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(seconds)))
    raise Unknown("unreadable", "not a moment: %r" % (seconds,))


def age(now: Any, then: Any) -> int:
    """Whole seconds since a moment, 0 for one to come; both in seconds since 1970.

    Raises:
        Unknown: one of them is no moment.
    """
    stamp(now)
    stamp(then)
    return max(0, int(now) - int(then))


def settings(text: str) -> dict[str, str]:
    """``NAME=value`` lines as shells read them, without quotes; all other lines are left out."""
    found: dict[str, str] = {}
    for row in text.splitlines():
        name, equals, value = row.strip().partition("=")
        if equals and name and not name.startswith("#"):
            found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
        return value[1:-1]
    return value


def words(text: str, comment: str = "#") -> Iterator[list[str]]:
    """The words of each line that has any, without comments."""
    for row in text.splitlines():
        found = row.partition(comment)[0].split()
        if found:
            yield found
