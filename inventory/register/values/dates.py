"""Dates as offices write them: dd/MM/yyyy text, Excel's days, a month, a year alone.

The value is an ISO date with what is known: ``2021``, ``2021-05`` or ``2021-05-17``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from math import isfinite

from inventory.folding import folded
from inventory.register.values.bad import Bad
from inventory.register.values.texts import optional
from inventory.sheets import Value

FIRST_YEAR = 1980  #: no office PC is older
EXCEL_DAY_0 = date(1899, 12, 30)  #: of Excel's 1900 system, for days after February 1900
_EXCEL_DAYS = range(29_221, 73_051)  #: 1980 to 2099, as day numbers
_LAST_YEAR = 2099
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[ap]m)?$", re.IGNORECASE)
_BY = r"\s*[/.\- ]\s*"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_BY}(\d{{1,2}}){_BY}(\d{{4}}|\d{{2}})")
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_BY}(\d{{1,2}}){_BY}(\d{{1,2}})")
_MONTH = re.compile(rf"(?:thang\s*)?(\d{{1,2}})(?:{_BY}|\s*nam\s*)(\d{{4}})")
_YEAR_MONTH = re.compile(rf"(\d{{4}}){_BY}(\d{{1,2}})")
_YEAR = re.compile(r"(?:nam\s*)?(\d{4})")
_WORDS = re.compile(r"(?:ngay\s*)?(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})")
_MONTHS = 12


def date_of(value: Value, today: date) -> str | None:
    """A date with what is known of it, or None where the cell is empty.

    Raises:
        Bad: date_bad, date_month_first, date_no_such_day, date_year_as_day, date_range, and those
            of `texts.text_of`.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, bool | time | timedelta):
        raise Bad("date_bad", shown=str(value))
    if isinstance(value, date):
        return _day(value, today)
    if isinstance(value, int | float):
        return _number(value, today)
    plain = optional(value)
    return None if plain is None else _text(plain, today)


def _number(value: float, today: date) -> str:
    if not isfinite(value):
        raise Bad("date_bad", shown=str(value))
    if FIRST_YEAR <= value <= _LAST_YEAR and value == int(value):
        return _year(int(value), today)
    if int(value) in _EXCEL_DAYS:
        return _day(EXCEL_DAY_0 + timedelta(days=int(value)), today)
    raise Bad("date_bad", shown=str(value))


def _text(plain: str, today: date) -> str:
    text = _TIME.sub("", folded(plain))
    if found := _DAY_FIRST.fullmatch(text) or _WORDS.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        return _day(_date(_century(year, found[3]), month, day, plain), today)
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _day(_date(year, month, day, plain), today)
    if found := _MONTH.fullmatch(text):
        return _month(int(found[2]), int(found[1]), plain, today)
    if found := _YEAR_MONTH.fullmatch(text):
        return _month(int(found[1]), int(found[2]), plain, today)
    if found := _YEAR.fullmatch(text):
        return _year(int(found[1]), today)
    if text.isdecimal() and int(text) in _EXCEL_DAYS:
        return _day(EXCEL_DAY_0 + timedelta(days=int(text)), today)
    raise Bad("date_bad", shown=plain)


def _century(year: int, written: str) -> int:
    if len(written) > 2:  # noqa: PLR2004 - a year written in full
        return year
    return year + (2000 if year < FIRST_YEAR % 100 else 1900)


def _date(year: int, month: int, day: int, plain: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if month > _MONTHS >= day >= 1:
        raise Bad("date_month_first", shown=plain)
    raise Bad("date_no_such_day", shown=plain)


def _day(day: date, today: date) -> str:
    number = (day - EXCEL_DAY_0).days
    if day.year < FIRST_YEAR <= number <= _LAST_YEAR:
        raise Bad("date_year_as_day", shown=day.strftime("%d/%m/%Y"), year=str(number))
    _check(day.year, day > today, day.strftime("%d/%m/%Y"))
    return day.isoformat()


def _month(year: int, month: int, plain: str, today: date) -> str:
    if not 1 <= month <= _MONTHS:
        raise Bad("date_bad", shown=plain)
    _check(year, (year, month) > (today.year, today.month), plain)
    return f"{year:04}-{month:02}"


def _year(year: int, today: date) -> str:
    _check(year, year > today.year, str(year))
    return f"{year:04}"


def _check(year: int, later: bool, shown: str) -> None:
    if year < FIRST_YEAR or later:
        raise Bad("date_range", shown=shown, first=str(FIRST_YEAR))
