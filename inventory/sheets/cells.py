"""A sheet's cells by their place: rows and columns count from 0, addresses read as in Excel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

_LETTERS = 26


class CellError(str):
    """What a formula gave instead of a value, such as ``#REF!`` or ``#N/A``."""

    __slots__ = ()


#: Whole numbers come as int, an empty cell as None.
Value = str | int | float | bool | date | datetime | time | timedelta | CellError | None


@dataclass(frozen=True, slots=True)
class Merged:
    """One merged range, its borders included; its value stands in the top left cell."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; every row has the same length and row 0 is the spreadsheet's row 1."""

    name: str
    rows: list[list[Value]]
    merged: list[Merged] = field(default_factory=list)
    hidden: bool = False


def letters(column: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    left, text = column + 1, ""
    while left:
        left, place = divmod(left - 1, _LETTERS)
        text = chr(ord("A") + place) + text
    return text


def address(row: int, column: int) -> str:
    """A cell as a person at Excel finds it: row 13 and column 2 is ``C14``."""
    return f"{letters(column)}{row + 1}"
