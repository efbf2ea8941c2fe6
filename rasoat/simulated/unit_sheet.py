"""The list of units as the office hands it in: a workbook, one row for each unit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from rasoat.simulated import MARK
from rasoat.simulated.places import Unit
from rasoat.simulated.sheet import MADE

_HEADS = (
    *("Mã đơn vị", "Loại đơn vị", "Tên đơn vị", "Tên tiếng Anh", "Đơn vị cấp trên"),
    *("Từ ngày", "Đến ngày", "Dải mạng", "Đơn vị kế thừa"),
)


def write(units: Iterable[Unit], target: Path) -> None:
    """Write the workbook; lists in a cell are parted by semicolons."""
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    book.set_properties({"title": MARK, "created": MADE})
    sheet = book.add_worksheet("Đơn vị")
    sheet.write_row(0, 0, [MARK])
    sheet.write_row(1, 0, _HEADS)
    for line, one in enumerate(units, start=2):
        days = (one.valid_from, one.valid_to)
        lists = (one.networks, one.successors)
        cells = (one.code, one.kind, one.name_vi, one.name_en, one.parent, *days)
        for column, text in enumerate((*cells, *map("; ".join, lists))):
            if text:
                sheet.write_string(line, column, text)
    book.close()
