"""The empty register to fill in, with an example on a sheet of its own that is never imported.

Columns of numbers are formatted as Text, so that Excel leaves them as they are typed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventory.errors import InventoryError
from language.said import said
from language.system import reason

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ROWS = 1000  #: lines prepared for machines
_HEAD_ROW = 3
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
_TEXT = frozenset({"tag", "name", "serial", "macs", "addresses"})
_WIDTHS = {"ordinal": 5, "location": 9, "macs": 21, "unit": 19, "model": 18, "note": 20}
_WIDTH = 14
_LINES_2 = 34  #: points that two lines take
_A4 = 9  #: of Excel's paper sizes

#: field → (head, what to write there) in each language
_HEADS: dict[str, dict[str, tuple[str, str]]] = {
    "vi": {
        "ordinal": ("STT", "Số thứ tự, không dùng để nhận máy"),
        "tag": ("Mã tài sản", "Mã trên nhãn tài sản; mỗi máy một mã, không đổi"),
        "name": ("Tên máy", "Tên máy tính trong Windows (lệnh hostname)"),
        "kind": ("Loại máy", "Máy tính, Laptop, Máy chủ, Máy in, …"),
        "unit": ("Đơn vị", "Tên hoặc mã đơn vị đang giữ máy"),
        "location": ("Vị trí", "Phòng đặt máy"),
        "serial": ("Số seri", "Số trên nhãn của hãng (Serial, Service Tag)"),
        "macs": ("Địa chỉ MAC", "Lệnh getmac; nhiều địa chỉ cách nhau bằng dấu ;"),
        "addresses": ("Địa chỉ IP", "Chỉ ghi khi là IP tĩnh"),
        "vendor": ("Hãng sản xuất", "Dell, HP, …"),
        "model": ("Model", "Dòng máy"),
        "holder": ("Người sử dụng", "Họ tên hoặc chức danh"),
        "bought_on": ("Ngày đưa vào sử dụng", "17/05/2021, 05/2021 hoặc 2021"),
        "state": ("Tình trạng", "Đang sử dụng, Hỏng, Lưu kho, Đã thanh lý"),
        "note": ("Ghi chú", ""),
    },
    "en": {
        "ordinal": ("No.", "Ordinal; identifies nothing"),
        "tag": ("Asset tag", "The number on the asset label; one a machine, never changed"),
        "name": ("Computer name", "The machine's name in Windows (hostname)"),
        "kind": ("Type", "PC, laptop, server, printer, …"),
        "unit": ("Unit", "Name or code of the unit that holds it"),
        "location": ("Location", "The room"),
        "serial": ("Serial number", "On the maker's label (serial number, service tag)"),
        "macs": ("MAC address", "As getmac shows it; separate several by ;"),
        "addresses": ("IP address", "Only where it is fixed"),
        "vendor": ("Manufacturer", "Dell, HP, …"),
        "model": ("Model", "The model"),
        "holder": ("User", "Name or post"),
        "bought_on": ("In use since", "17/05/2021, 05/2021 or 2021"),
        "state": ("Status", "in use, broken, in store, disposed"),
        "note": ("Note", ""),
    },
}
_LISTS = {
    "vi": {
        "kind": ["Máy tính để bàn", "Laptop", "Máy chủ", "Máy in", "Switch", "Camera", "Khác"],
        "state": ["Đang sử dụng", "Hỏng", "Lưu kho", "Đã thanh lý", "Thất lạc"],
    },
    "en": {
        "kind": ["Desktop PC", "Laptop", "Server", "Printer", "Switch", "Camera", "Other"],
        "state": ["in use", "broken", "in store", "disposed", "lost"],
    },
}
_WORDS = {
    "vi": {
        "sheet": "Sổ tài sản",
        "example": "Ví dụ",
        "title": "SỔ TÀI SẢN CÔNG NGHỆ THÔNG TIN",
        "about": "Mỗi máy một dòng. Rê chuột lên đầu cột để xem cách ghi.",
        "marked": "VÍ DỤ – SỐ LIỆU BỊA ĐỂ MINH HỌA, KHÔNG ĐƯỢC NHẬP VÀO SỔ",
    },
    "en": {
        "sheet": "Register",
        "example": "Example",
        "title": "REGISTER OF IT ASSETS",
        "about": "One row for each machine. Point at a head to see what to write.",
        "marked": "EXAMPLE – MADE-UP DATA, NEVER IMPORTED",
    },
}
_EXAMPLE: list[dict[str, Any]] = [
    {
        "tag": "BH-0001",
        "name": "BH-VP-01",
        "kind": 0,
        "unit": {"vi": "Xã Bảo Hà", "en": "Bao Ha commune"},
        "location": "P.101",
        "serial": "0005CG7100",
        "macs": "00:1A:2B:3C:4D:5E",
        "addresses": "10.20.1.11",
        "vendor": "HP",
        "model": "ProDesk 400 G6",
        "holder": {"vi": "Văn thư", "en": "Clerk"},
        "bought_on": date(2021, 5, 17),
        "state": 0,
    },
    {
        "tag": "BH-0002",
        "name": "BH-VP-02",
        "kind": 1,
        "unit": {"vi": "Xã Bảo Hà", "en": "Bao Ha commune"},
        "location": "P.102",
        "serial": "8HN2Q33",
        "macs": "00-1A-2B-3C-4D-60;\n00-1A-2B-3C-4D-61",
        "vendor": "Dell",
        "model": "Latitude 3420",
        "holder": {"vi": "Kế toán", "en": "Accountant"},
        "bought_on": "05/2022",
        "state": 0,
        "note": {"vi": "MAC thứ hai là Wi-Fi", "en": "the second MAC is Wi-Fi"},
    },
    {
        "tag": "BH-0003",
        "name": "BH-IN-01",
        "kind": 3,
        "unit": {"vi": "Xã Bảo Hà", "en": "Bao Ha commune"},
        "location": "P.101",
        "serial": "VNB3R12345",
        "macs": "001a.2b3c.4d70",
        "addresses": "10.20.1.30",
        "vendor": "HP",
        "model": "LaserJet M404",
        "bought_on": "2020",
        "state": 1,
    },
]


def write_template(path: Path, lang: str) -> None:
    """Write the register to fill in; an existing file is never overwritten.

    Raises:
        InventoryError: the file is there already, or its folder is not.
    """
    from xlsxwriter import Workbook

    try:
        with path.open("xb"):
            pass
    except FileExistsError:
        raise InventoryError(
            said("{path}: is there already; give another name", path=path)
        ) from None
    except OSError as fault:
        raise InventoryError(said("{path}: {why}", path=path, why=reason(fault))) from None
    try:
        with Workbook(path) as book:
            words = _WORDS[lang]
            _sheet(book, words["sheet"], words["about"], lang, [])
            _sheet(book, words["example"], words["marked"], lang, _EXAMPLE)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _sheet(book: Workbook, name: str, about: str, lang: str, rows: list[dict[str, Any]]) -> None:
    sheet = book.add_worksheet(name)
    heads = _HEADS[lang]
    last = len(heads) - 1
    title = book.add_format(_FONT | {"bold": True, "font_size": 14, "align": "center"})
    line = book.add_format(_FONT | {"italic": True, "align": "center"})
    sheet.merge_range(0, 0, 0, last, _WORDS[lang]["title"], title)
    sheet.set_row(0, 24)
    sheet.merge_range(1, 0, 1, last, about, line)
    _columns(book, sheet, lang)
    for place, row in enumerate(rows):
        sheet.set_row(_HEAD_ROW + 1 + place, _LINES_2)
        _row(book, sheet, _HEAD_ROW + 1 + place, {"ordinal": place + 1} | row, lang)
    sheet.freeze_panes(_HEAD_ROW + 1, 3)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    if rows:
        sheet.set_tab_color("#BFBFBF")


def _columns(book: Workbook, sheet: Worksheet, lang: str) -> None:
    head = book.add_format(
        _FONT
        | {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"}
    )
    plain = book.add_format(_FONT)
    text = book.add_format(_FONT | {"num_format": "@"})
    for column, (name, (label, how)) in enumerate(_HEADS[lang].items()):
        width = _WIDTHS.get(name, _WIDTH)
        sheet.set_column(column, column, width, text if name in _TEXT else plain)
        sheet.write_string(_HEAD_ROW, column, label, head)
        if how:
            sheet.write_comment(_HEAD_ROW, column, how, {"x_scale": 2})
        choices = _LISTS[lang].get(name)
        if choices:
            sheet.data_validation(
                *(_HEAD_ROW + 1, column, _HEAD_ROW + _ROWS, column),
                {"validate": "list", "source": choices, "error_type": "warning"},
            )
    sheet.set_row(_HEAD_ROW, _LINES_2)


def _row(book: Workbook, sheet: Worksheet, line: int, row: dict[str, Any], lang: str) -> None:
    cell = _FONT | {"border": 1}
    plain, text = book.add_format(cell), book.add_format(cell | {"num_format": "@"})
    day = book.add_format(cell | {"num_format": "dd/mm/yyyy", "align": "left"})
    for column, name in enumerate(_HEADS[lang]):
        value = row.get(name, "")
        if name in _LISTS[lang]:
            value = _LISTS[lang][name][value]
        if isinstance(value, dict):
            value = value[lang]
        if isinstance(value, date):
            sheet.write_datetime(line, column, value, day)
        elif isinstance(value, int):
            sheet.write_number(line, column, value, plain)
        else:
            sheet.write_string(line, column, value, text if name in _TEXT else plain)
