"""Sets one sheet with XlsxWriter: every cell is a text, a number, a date or a link inside the book.

No call here could write a formula: texts go through ``write_string`` alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from language.texts import Texts
from reports.workbook.cells import MOST_ROWS, Link, safe
from reports.workbook.printing import printed
from reports.workbook.sheet import Column, Row, Section, Sheet, Value
from reports.workbook.styles import WRAPPED, Styles

_LINE = 15.5  #: points, one line of eleven-point letters
_MOST_LINES = 12  #: of one row
_SPARE = 0.85  #: Times is narrower than the digits that widths count, and lines break at words
_BOLD = 0.8  #: letters of a head are wider, and a filter's button stands beside them
_WIDE = 60  #: letters a line of a note may count on at the least


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same on every sheet."""

    say: Texts
    styles: Styles
    zone: ZoneInfo
    mark: str  #: of simulated data; empty: it is real
    footer: str
    home: str  #: the name of the first sheet
    tones: Mapping[str, str]  #: word → tone


class Setting:
    """One sheet being set, from the top down: rows that are done are not kept in memory."""

    def __init__(self, page: Worksheet, sheet: Sheet, frame: Frame) -> None:
        self.page, self.sheet, self.frame = page, sheet, frame
        self._row = 0
        self._writers: dict[type, Callable[[int, int, Any, Format], object]] = {
            str: self._text,
            int: page.write_number,
            float: page.write_number,
            date: page.write_datetime,
            datetime: self._moment,
            Link: self._link,
            type(None): self._unknown,
        }

    def all(self) -> None:
        """The whole sheet."""
        for place, width in enumerate(self.sheet.widths):
            self.page.set_column(place, place, width)
        self._top()
        for section in self.sheet.sections:
            self._section(section)
        printed(self.page, self.sheet, self.frame.mark, self.frame.footer)

    def _top(self) -> None:
        if self.frame.mark:
            self._line(self.frame.mark, "simulated")
        self._line(self.sheet.title, "title")
        for note in self.sheet.notes:
            self._line(note, "note")
        if self.sheet.name != self.frame.home:
            self._link(self._row, 0, Link(self.frame.home, f"← {self.frame.home}"), "back")
            self._row += 1
        self._row += 1

    def _line(self, text: str, style: str) -> None:
        """A line over the whole width, high enough for its text."""
        across = max(sum(self.sheet.widths), _WIDE)
        size = 1.4 if style == "title" else 1.0
        lines = sum(math.ceil(len(part) * size / across) or 1 for part in text.split("\n"))
        self.page.set_row(self._row, min(409, _LINE * size * lines + 3))
        look = self.frame.styles[style]
        if len(self.sheet.widths) > 1:
            self.page.merge_range(self._row, 0, self._row, len(self.sheet.widths) - 1, "", look)
        self._text(self._row, 0, text, look)
        self._row += 1

    def _section(self, section: Section) -> None:
        if section.caption:
            self._text(self._row, 0, section.caption, self.frame.styles["caption"])
            self._row += 1
        head = self._row
        for place, column in enumerate(section.columns):
            self._text(head, place, column.head, self.frame.styles["head"])
        heads = zip((column.head for column in section.columns), self.sheet.widths, strict=False)
        self._height([(text, width * _BOLD) for text, width in heads])
        self._row += 1
        self._rows(section)
        if self._row == head + 1 and section.empty:
            self._text(self._row, 0, section.empty, self.frame.styles["text"])
            self._row += 1
        self._marks(section, head + 1)
        if self.sheet.filtered:
            self._filters(head, len(section.columns))
        self._row += 1

    def _rows(self, section: Section) -> None:
        looks = [self.frame.styles[column.style] for column in section.columns]
        wrapped = self._wrapped(section)
        for row in section.rows:
            if self._row >= MOST_ROWS - 1:
                said = self.frame.say("Not all rows are here: Excel has no more. See the CSV file.")
                self._text(self._row, 0, said, self.frame.styles["text"])
                return
            self._one(row, looks, wrapped)
            self._row += 1

    def _wrapped(self, section: Section) -> list[tuple[int, float]]:
        """Which columns break lines, and their widths."""
        found = enumerate(zip(section.columns, self.sheet.widths, strict=False))
        return [(place, width) for place, (column, width) in found if column.style in WRAPPED]

    def _one(self, row: Row, looks: list[Format], wrapped: list[tuple[int, float]]) -> None:
        writers = self._writers
        for place, value in enumerate(row):
            writers[value.__class__](self._row, place, value, looks[place])
        self._height([(row[place], width) for place, width in wrapped])

    def _height(self, wrapped: Sequence[tuple[Value, float]]) -> None:
        """High enough for what is wrapped: LibreOffice does not see to that by itself.

        A very long text has a row of fixed height: the cell holds it, the screen need not.
        """
        lines = 1
        for value, width in wrapped:
            if value.__class__ is str and len(value) > width:
                lines = max(lines, math.ceil(len(value) * _SPARE / width))
        if lines > 1:
            self.page.set_row(self._row, _LINE * min(lines, _MOST_LINES))

    def _marks(self, section: Section, first: int) -> None:
        """Words of results and the like stand out, by more than their colour."""
        last = self._row - 1
        marked = [n for n, one in enumerate(section.columns) if one.style == "mark"]
        for place in marked if last >= first else ():
            for word, tone in self.frame.tones.items():
                how = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
                how["format"] = self.frame.styles.tones[tone]
                self.page.conditional_format(first, place, last, place, how)

    def _filters(self, head: int, across: int) -> None:
        self.page.autofilter(head, 0, max(head, self._row - 1), across - 1)
        self.page.freeze_panes(head + 1, 1)
        self.page.repeat_rows(head)

    def _text(self, row: int, place: int, text: str, look: Format) -> None:
        self.page.write_string(row, place, safe(text, self.frame.say), look)

    def _unknown(self, row: int, place: int, value: None, look: Format) -> None:
        self.page.write_string(row, place, self.frame.say("not known"), look)

    def _moment(self, row: int, place: int, value: datetime, look: Format) -> None:
        local = value.astimezone(self.frame.zone).replace(tzinfo=None, microsecond=0)
        self.page.write_datetime(row, place, local, look)

    def _link(self, row: int, place: int, value: Link, look: Format | str) -> None:
        style = self.frame.styles["link" if look != "back" else "back"]
        there = "internal:'{}'!A1".format(value.sheet.replace("'", "''"))
        self.page.write_url(row, place, there, style, safe(value.text, self.frame.say))


def columns(*given: tuple[str, float] | tuple[str, float, str]) -> tuple[Column, ...]:
    """Columns from their heads, widths and styles."""
    return tuple(Column(*one) for one in given)
