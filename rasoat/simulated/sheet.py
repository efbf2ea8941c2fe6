"""The register as the office keeps it: a workbook with titles above the head and a total below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from rasoat.simulated import MARK
from rasoat.simulated.rows import COLUMNS

SHEET = "Sổ tài sản"
_TITLES = (
    f"{MARK}: DỮ LIỆU DO MÁY SINH RA, KHÔNG CÓ THẬT",
    "ỦY BAN NHÂN DÂN HUYỆN GIẢ ĐỊNH",
    "DANH MỤC MÁY TÍNH VÀ THIẾT BỊ",
)
_HEADS = (
    *("STT", "Mã tài sản", "Tên máy", "Đơn vị sử dụng", "Loại thiết bị", "Hãng sản xuất"),
    *("Model", "Số sê-ri", "Địa chỉ MAC", "Địa chỉ IP", "Ngày mua", "Tình trạng", "Vị trí"),
    "Ghi chú",
)
MADE = datetime(2026, 1, 1, tzinfo=UTC)  #: in every workbook, so that a seed gives the same bytes
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def write(rows: Iterable[Mapping[str, str]], target: Path) -> int:
    """Write the workbook; gives how many rows it has. Rows are not held in memory."""
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    book.set_properties({"title": MARK, "created": MADE})
    sheet = book.add_worksheet(SHEET)
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for line, title in enumerate(_TITLES):
        sheet.write_string(line, 0, title, head)
    for column, text in enumerate(_HEADS):
        sheet.write_string(len(_TITLES) + 1, column, text, head)
    line = len(_TITLES) + 2
    first = line
    for row in rows:
        _write(sheet, line, line - first + 1, row, day)
        line += 1
    sheet.write_string(line, 1, "Tổng cộng", head)
    sheet.write_number(line, 2, line - first, head)
    book.close()
    return line - first


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    ordinal: int,
    row: Mapping[str, str],
    day: xlsxwriter.format.Format,
) -> None:
    sheet.write_number(line, 0, ordinal)
    for column, name in enumerate(COLUMNS, start=1):
        text = row[name]
        found = _DAY.fullmatch(text)
        if found and ordinal % 2:  # every other clerk types a date, the others a text
            date = datetime(int(found[3]), int(found[2]), int(found[1]))  # noqa: DTZ001 - a day
            sheet.write_datetime(line, column, date, day)
        elif text:
            sheet.write_string(line, column, text)
