"""Workbooks (.xlsx, .xlsm), which are surveyed before they are read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventory.sheets import limits
from inventory.sheets.cells import Merged, Sheet, Value
from inventory.sheets.problems import SheetUnreadable
from inventory.sheets.survey import Surveyed, survey
from language.said import said

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata


def read_workbook(path: Path) -> list[Sheet]:
    """The worksheets of a workbook, hidden ones marked.

    Raises:
        SheetUnreadable: it is damaged, protected by a password, or too large.
    """
    from python_calamine import CalamineError, PasswordError, load_workbook

    surveyed = survey(path)
    _check(path, surveyed)
    try:
        with load_workbook(path) as book:
            kept = [one for one in book.sheets_metadata if one.name in surveyed]
            return [_sheet(book, one, surveyed[one.name]) for one in kept]
    except PasswordError:
        raise SheetUnreadable(
            said("{path}: is protected by a password; save a copy without one", path=path)
        ) from None
    except CalamineError as fault:
        raise SheetUnreadable(
            said(
                "{path}: the workbook cannot be read ({fault}); open it in Excel and "
                "save it as .xlsx",
                path=path,
                fault=fault,
            )
        ) from None


def _check(path: Path, surveyed: dict[str, Surveyed]) -> None:
    cells = sum(one.rows * one.columns for one in surveyed.values())
    text = sum(one.text for one in surveyed.values())
    if cells > limits.MOST_CELLS or text > limits.MOST_TEXT or len(surveyed) > limits.MOST_SHEETS:
        raise SheetUnreadable(
            said(
                "{path}: {sheets} sheets with {cells} cells and {text} MiB of text are "
                "more than a register holds; save only the sheets that are needed to a "
                "new file",
                path=path,
                sheets=len(surveyed),
                cells=cells,
                text=text >> 20,
            )
        )


def _sheet(book: CalamineWorkbook, known: SheetMetadata, surveyed: Surveyed) -> Sheet:
    sheet = book.get_sheet_by_name(known.name)
    rows = [[_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), error in surveyed.errors.items():
        _widen(rows, row, column)
        rows[row][column] = error
    merged = [Merged(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    hidden = str(known.visible) != "SheetVisibleEnum.Visible"
    return Sheet(known.name, rows, merged, hidden)


def _value(cell: Any) -> Value:
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    kept: str | int | float | bool | date | datetime | time | timedelta = cell
    return kept


def _widen(rows: list[list[Value]], row: int, column: int) -> None:
    """Make room for a cell that lies outside what was read: only errors stand there."""
    width = max(column + 1, len(rows[0]) if rows else 0)
    for one in rows:
        one.extend([None] * (width - len(one)))
    while len(rows) <= row:
        rows.append([None] * width)
