"""Registers as Vietnamese offices keep them, made up here: nothing in them is anybody's.

A title block, a header of two lines with merged cells, numbers below it, the unit's name merged
over its rows, dates and MACs in every notation, a total and signatures at the end.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from inventory.units import History, Tree, Unit

#: field → column; E to G stand under one head
COLUMNS = {
    "ordinal": 0,
    "tag": 1,
    "name": 2,
    "unit": 3,
    "serial": 4,
    "addresses": 5,
    "macs": 6,
    "kind": 7,
    "vendor": 8,
    "model": 9,
    "holder": 10,
    "bought_on": 11,
    "state": 12,
    "note": 13,
}
TOP = [
    *("STT", "Mã tài sản", "Tên máy", "Đơn vị sử dụng", "Thông tin máy", "", "", "Loại máy"),
    *("Hãng sản xuất", "Model", "Người sử dụng", "Ngày đưa vào sử dụng", "Tình trạng", "Ghi chú"),
]
UNDER = {4: "Số seri", 5: "Địa chỉ IP", 6: "Địa chỉ MAC"}
FIRST = 7  #: the row of the first machine (row 8 in Excel)
UNITS = ["Xã Bảo Hà", "Xã Kim Sơn", "Phòng Nội vụ", "Phòng Tài chính – Kế hoạch", "Công an xã"]
Machine = dict[str, Any]
MAC_NOTATIONS = ("{0}:{1}:{2}:{3}:{4}:{5}", "{0}-{1}-{2}-{3}-{4}-{5}", "{0}{1}.{2}{3}.{4}{5}")


def machines(number: int, seed: int = 1) -> list[Machine]:
    """Rows without a fault, of several units, each unit's rows together."""
    chance = random.Random(seed)
    made = []
    for place in range(number):
        pairs = [f"{byte:02X}" for byte in (0, 0x1A, 0x2B, 0x3C, place >> 8, place & 255)]
        notation = chance.choice(MAC_NOTATIONS)
        row: Machine = {
            "ordinal": place + 1,
            "tag": f"BY-{place + 1:04}",
            "name": f"PC-{place + 1:03}",
            "unit": UNITS[place * len(UNITS) // number],
            "serial": f"5CG{7_000_000 + place * 37}",
            "addresses": f"10.20.{place >> 8}.{place & 255 or 254}",
            "macs": notation.format(*pairs),
            "kind": chance.choice(["Máy tính để bàn", "Laptop", "Máy xách tay", "Máy chủ"]),
            "vendor": chance.choice(["Dell", "HP", "Lenovo", "FPT Elead"]),
            "model": chance.choice(["OptiPlex 3080", "ProDesk 400", "ThinkCentre M70"]),
            "holder": f"Cán bộ {place + 1}",
            "bought_on": chance.choice(
                [datetime(2021, 5, 17), "17/05/2021", 2021, 44333, "05/2021"]  # noqa: DTZ001
            ),
            "state": chance.choice(["Đang sử dụng", "Tốt", "Hỏng"]),
            "note": chance.choice([None, "đã nâng cấp RAM"]),
        }
        made.append(row)
    return made


@dataclass(frozen=True)
class Formula:
    """A cell whose formula gave this error."""

    error: str


def write_office(path: Path, sheets: dict[str, Sequence[Machine]]) -> Path:
    """An .xlsx with one such list on each sheet."""
    with xlsxwriter.Workbook(path) as book:
        formats = {
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "head": book.add_format({"bold": True}),
        }
        for name, rows in sheets.items():
            _sheet(book.add_worksheet(name), rows, formats)
    return path


def _sheet(sheet: Any, rows: Sequence[Machine], formats: dict[str, Any]) -> None:
    sheet.merge_range(0, 0, 0, 4, "ỦY BAN NHÂN DÂN XÃ BẢO YÊN (MÔ PHỎNG)", formats["head"])
    sheet.merge_range(2, 0, 2, 13, "SỔ THEO DÕI TÀI SẢN CÔNG NGHỆ THÔNG TIN", formats["head"])
    sheet.write(3, 0, "Thời điểm kiểm kê: ngày 01 tháng 01 năm 2026")
    for column, head in enumerate(TOP):
        if column in UNDER:
            sheet.write(5, column, UNDER[column], formats["head"])
        else:
            sheet.merge_range(4, column, 5, column, head, formats["head"])
    sheet.merge_range(4, 4, 4, 6, TOP[4], formats["head"])
    for column in range(len(TOP)):
        sheet.write(6, column, f"({column + 1})")
    for place, row in enumerate(rows):
        for name, column in COLUMNS.items():
            if name != "unit":
                _write(sheet, FIRST + place, column, row[name], formats)
    _units(sheet, rows, formats)
    end = FIRST + len(rows)
    sheet.write(end, 1, "Tổng cộng")
    sheet.write(end, 2, len(rows))
    sheet.write(end + 2, 10, "Ngày 05 tháng 02 năm 2026")
    sheet.write(end + 3, 1, "NGƯỜI LẬP BIỂU")
    sheet.write(end + 3, 10, "KT. CHỦ TỊCH")
    sheet.write(end + 4, 1, "(Ký, ghi rõ họ tên)")
    sheet.write(end + 8, 1, "Cán bộ Một")


def _write(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, Formula):
        sheet.write_formula(row, column, "=Z99", None, value.error)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)


def _units(sheet: Any, rows: Sequence[Machine], formats: dict[str, Any]) -> None:
    """The unit's name once, merged over the rows that follow each other."""
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place]["unit"] != rows[start]["unit"]:
            column, text = COLUMNS["unit"], rows[start]["unit"]
            if place - start == 1:
                _write(sheet, FIRST + start, column, text, formats)
            elif text is not None:
                sheet.merge_range(FIRST + start, column, FIRST + place - 1, column, text)
            start = place


@dataclass
class Seeded:
    """A register with known faults: the cell (``C14``) of each → the kinds that may be told."""

    rows: list[Machine]
    faults: dict[str, set[str]] = field(default_factory=dict)


#: kind of problem → (field, values that have it); a value is one row's
SINGLE: dict[str, tuple[str, list[Any]]] = {
    "mac_bad": ("macs", ["00:1A:2B:3C:4D", "00:1A:2B:3C:4D:5G", "0O-1A-2B-3C-4D-5E"]),
    "mac_no_card": ("macs", ["FF:FF:FF:FF:FF:FF", "00-00-00-00-00-00"]),
    "mac_number": ("macs", [1122334455.0, 12345678901]),
    "mac_is_address": ("macs", ["10.20.1.7"]),
    "address_bad": ("addresses", ["10.20.1.300", "10.20.1", "10.20.1.O1"]),
    "date_no_such_day": ("bought_on", ["31/02/2021", "30.02.2020", "2021-04-31"]),
    "date_month_first": ("bought_on", ["05/17/2021", "02/28/2020"]),
    "date_range": ("bought_on", ["17/05/2062", "01/01/1970", 2099]),
    "date_bad": ("bought_on", ["Quý 2/2021", "khoảng 2021", 12]),
    "date_year_as_day": ("bought_on", [datetime(1905, 7, 13)]),  # noqa: DTZ001
    "digits_lost": ("serial", [1.23e11, 12345678901234567890, "1.23E+11", "5,67E+12"]),
    "became_date": ("tag", [datetime(2021, 10, 1)]),  # noqa: DTZ001
    "formula_error": ("name", [Formula("#REF!"), Formula("#N/A")]),
    "legacy_text": ("holder", ["NguyÔn V¨n MÉu", "Nguyeãn Vaên Maãu"]),
    "too_long": ("model", ["x" * 300]),
    "several_machines": ("note", []),
}
#: kind → (field, how two rows get one value)
TWICE = {"tag_twice": "tag", "serial_twice": "serial", "mac_twice": "macs"}


def seeded(number: int = 568, seed: int = 40) -> Seeded:
    """A register with 40 faulty rows of 18 kinds, never two faults in one row."""
    chance = random.Random(seed)
    made = Seeded(machines(number))
    free = list(range(number))
    chance.shuffle(free)
    for kind, (name, values) in SINGLE.items():
        for value in values:
            place = free.pop()
            made.rows[place][name] = value
            made.faults[_cell(place, name)] = {kind}
    for kind, name in TWICE.items():
        one, other = free.pop(), free.pop()
        made.rows[one][name] = made.rows[other][name]
        made.faults |= {_cell(place, name): {kind} for place in (one, other)}
    place = free.pop()
    made.rows[place] |= dict.fromkeys(("tag", "name", "serial", "macs"))
    made.faults[_cell(place, "tag")] = {"nothing_identifies"}
    return made


def _cell(place: int, name: str) -> str:
    return f"{chr(ord('A') + COLUMNS[name])}{FIRST + place + 1}"


def tree(*units: tuple[str, str, str]) -> Tree:
    """The units of one day: (code, Vietnamese name, English name)."""
    return History(Unit(code, "commune", vi, en, None) for code, vi, en in units).tree("2026-11-23")
