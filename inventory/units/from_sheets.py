"""Units from a workbook or a delimited text: one row for each unit, below a row of heads.

Every head must be known, so that no column is left out unseen; title lines above it are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from inventory.folding import folded
from inventory.sheets import CellError, Sheet, Value, address, read_sheets
from inventory.units.raw import FIELDS, LISTS, Item, Problem, Raw
from language.said import Said, said

_SEARCHED = 30  #: rows from the top in which the heads are looked for
_NOT_READ = ""
#: a head without case and diacritics → the field
HEADS = {
    **{name.replace("_", " "): name for name in FIELDS},
    **{name: name for name in FIELDS},
    **dict.fromkeys(("ma", "ma don vi", "ma dv", "unit code"), "code"),
    **dict.fromkeys(("loai", "loai don vi", "cap", "type"), "kind"),
    **dict.fromkeys(("ten", "ten don vi", "don vi", "ten tieng viet", "name"), "name_vi"),
    **dict.fromkeys(("ten tieng anh", "english name", "name (en)"), "name_en"),
    **dict.fromkeys(("don vi cap tren", "cap tren", "ma cap tren", "truc thuoc"), "parent"),
    **dict.fromkeys(("tu ngay", "hieu luc tu", "ngay thanh lap", "from"), "valid_from"),
    **dict.fromkeys(("den ngay", "den het ngay", "hieu luc den", "to"), "valid_to"),
    **dict.fromkeys(("mang", "dai mang", "dai ip", "dia chi mang", "network"), "networks"),
    **dict.fromkeys(("don vi ke thua", "ke thua", "don vi moi", "successor"), "successors"),
    **dict.fromkeys(("stt", "tt", "no", "no.", "ghi chu", "note", "notes"), _NOT_READ),
}


def read(path: Path, problems: list[Problem]) -> list[Raw]:
    """Every unit of the sheets that can be seen; what is wrong is added to ``problems``.

    Raises:
        SheetUnreadable: no such spreadsheet, damaged, protected, too large.
    """
    found: list[Raw] = []
    tables = 0
    for sheet in read_sheets(path):
        top = None if sheet.hidden else _header(sheet)
        if top is not None:
            tables += 1
            found += _Table(path, sheet, top, problems).rows()
    if not tables:
        why = said(
            "no sheet has a row of heads: code (mã đơn vị), and any of {names}",
            names=", ".join(FIELDS[1:]),
        )
        problems.append(Problem(str(path), "heads", why))
    return found


def _head(value: Value) -> str:
    return folded(str(value)) if value is not None else ""


def _header(sheet: Sheet) -> int | None:
    """The row with the heads: the first that has a code and one field more."""
    for number, row in enumerate(sheet.rows[:_SEARCHED]):
        fields = {name for cell in row if (name := HEADS.get(_head(cell)))}
        if "code" in fields and len(fields) > 1:
            return number
    return None


class _Table:
    def __init__(self, path: Path, sheet: Sheet, top: int, problems: list[Problem]) -> None:
        self.path, self.sheet, self.top, self.problems = path, sheet, top, problems
        self.columns = self._columns()

    def place(self, row: int, column: int) -> str:
        """A cell as `rasoat` names it."""
        return f"{self.path}:{self.sheet.name}!{address(row, column)}"

    def wrong(self, row: int, column: int, what: str, message: Said) -> None:
        """Note one problem."""
        self.problems.append(Problem(self.place(row, column), what, message))

    def rows(self) -> list[Raw]:
        """One `Raw` for each row that is not empty."""
        for one in self.sheet.merged:
            if one.bottom > self.top and one.right in range(len(self.sheet.rows[self.top])):
                span = f"{address(one.top, one.left)}:{address(one.bottom, one.right)}"
                why = said("{span} are merged; unmerge them and fill each cell", span=span)
                self.wrong(one.top, one.left, "cells", why)
        below = range(self.top + 1, len(self.sheet.rows))
        return [self._row(number) for number in below if any(self._filled(number))]

    def _columns(self) -> dict[str, int]:
        columns: dict[str, int] = {}
        for column, cell in enumerate(self.sheet.rows[self.top]):
            head = _head(cell)
            name = HEADS.get(head)
            if head and name is None:
                why = said(
                    "no such column; known are {names}, and stt and note, not read",
                    names=", ".join(FIELDS),
                )
                self.wrong(self.top, column, str(cell), why)
            elif name in columns:
                first = address(self.top, columns[name])
                self.wrong(
                    self.top,
                    column,
                    str(cell),
                    said("is {name} a second time (first {first})", name=name, first=first),
                )
            elif name:
                columns[name] = column
        return columns

    def _filled(self, number: int) -> Iterator[bool]:
        row = self.sheet.rows[number]
        return (row[column] is not None for column in self.columns.values())

    def _row(self, number: int) -> Raw:
        first = min(self.columns.values())
        items = {
            name: tuple(self._items(name, number, column)) for name, column in self.columns.items()
        }
        return Raw(self.place(number, first), items)

    def _items(self, name: str, number: int, column: int) -> Iterator[Item]:
        value = self.sheet.rows[number][column]
        place = self.place(number, column)
        if isinstance(value, CellError | bool):
            self.wrong(number, column, name, said("{value} is no value; write it out", value=value))
        elif name in LISTS and isinstance(value, str):
            yield from (Item(one, place) for one in re.split(r"[;,\s]+", value) if one)
        elif value is not None:
            yield Item(value, place)
