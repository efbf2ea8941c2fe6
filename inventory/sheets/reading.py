"""Which reader a spreadsheet needs, by its name, and whether it is one at all.

The workbooks of Excel 97 (.xls) and .ods are not read: python-calamine gives their formula errors
as empty cells, and a damaged .xls ends the whole process (calamine's issues 684 and 714).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inventory.sheets import limits
from inventory.sheets.cells import Sheet
from inventory.sheets.delimited import read_delimited
from inventory.sheets.problems import SheetUnreadable
from inventory.sheets.workbook import read_workbook
from language.said import said
from language.system import reason

_READERS: dict[str, Callable[[Path], list[Sheet]]] = {
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
}


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet of a file, in its order.

    Raises:
        SheetUnreadable: no such spreadsheet, damaged, protected, too large, or of another kind.
    """
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        raise SheetUnreadable(
            said(
                "{path}: is no spreadsheet that can be read; save it as .xlsx, or as .csv (UTF-8)",
                path=path,
            )
        )
    try:
        size = path.stat().st_size
        if size > limits.MOST_BYTES:
            raise SheetUnreadable(
                said(
                    "{path}: has {size} MiB, and at most {most} are read; save "
                    "only the sheets that are needed, without pictures, to a new file",
                    path=path,
                    size=size >> 20,
                    most=limits.MOST_BYTES >> 20,
                )
            )
        return reader(path)
    except OSError as fault:
        raise SheetUnreadable(said("{path}: {why}", path=path, why=reason(fault))) from None
