"""Moments in seconds since 1970, without the modules that would load locales to tell them."""

from __future__ import annotations

from agents.outcome import Unknown

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_YEAR, _LAST_YEAR = 1900, 9999
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_SECOND = 60  #: a leap second is written so


def moment(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> int:
    """Seconds since 1970 of a time of the Gregorian calendar, UTC.

    Raises:
        Unknown: there is no such time.
    """
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    there = (
        _FIRST_YEAR <= year <= _LAST_YEAR
        and 1 <= month <= len(_LENGTHS)
        and 1 <= day <= _LENGTHS[month - 1] + (leap and month == 2)  # noqa: PLR2004 - February
        and 0 <= hour < 24  # noqa: PLR2004 - hours of a day
        and 0 <= minute < 60  # noqa: PLR2004 - minutes of an hour
        and 0 <= second <= _LAST_SECOND
    )
    if not there:
        raise Unknown(
            "unreadable", "no time: %d-%d-%d %d:%d:%d" % (year, month, day, hour, minute, second)
        )
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400 - 719162  # 1970-01-01 is 0
    days += sum(_LENGTHS[: month - 1]) + (leap and month > 2) + day - 1  # noqa: PLR2004 - February
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def iso(text: str) -> int:
    """Seconds since 1970 of ``2026-11-23 08:30:00`` (also with a T between), read as UTC."""
    parts = [text[:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19]]
    marks = text[4:5] + text[7:8] + text[13:14] + text[16:17]
    sound = len(text) == 19 and marks == "--::" and text[10] in " T"  # noqa: PLR2004 - its length
    if not sound or not all(part.isascii() and part.isdigit() for part in parts):
        raise Unknown("unreadable", "no time: %r" % text[:40])
    return moment(*(int(part) for part in parts))
