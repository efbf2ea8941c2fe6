"""A sheet as data: what it says, apart from how XlsxWriter sets it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from reports.workbook.cells import Link

#: None is shown as not known, an empty text as an empty cell; a moment has its zone
Value = str | int | float | date | datetime | Link | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in letters, and a style of `reports.workbook.styles`."""

    head: str
    width: float
    style: str = "text"


@dataclass(frozen=True, slots=True)
class Section:
    """One table, with a sentence for when it has no rows."""

    columns: tuple[Column, ...]
    rows: Iterable[Row]
    caption: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, notes under it, and tables; a single table can be sorted and filtered."""

    name: str
    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def filtered(self) -> bool:
        """Whether its head stays in sight and has filters."""
        return len(self.sections) == 1

    @property
    def widths(self) -> tuple[float, ...]:
        """Of every column: the widest that a section asks for."""
        across = max(len(one.columns) for one in self.sections)
        return tuple(
            max(one.columns[place].width for one in self.sections if place < len(one.columns))
            for place in range(across)
        )
