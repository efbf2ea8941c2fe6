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
from language.texts import Texts, marked, sense, texts

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ROWS = 1000  #: lines prepared for machines
_HEAD_ROW = 3
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
_SPOKEN = frozenset({"unit", "holder", "note"})  #: words in the example
_TEXT = frozenset({"tag", "name", "serial", "macs", "addresses"})
_WIDTHS = {"ordinal": 5, "location": 9, "macs": 21, "unit": 19, "model": 18, "note": 20}
_WIDTH = 14
_LINES_2 = 34  #: points that two lines take
_A4 = 9  #: of Excel's paper sizes

#: field → (head, what to write there)
_HEADS: dict[str, tuple[str, str]] = {
    "ordinal": (marked("No."), marked("Ordinal; identifies nothing")),
    "tag": (
        marked("Asset tag"),
        marked("The number on the asset label; one a machine, never changed"),
    ),
    "name": (marked("Computer name"), marked("The machine's name in Windows (hostname)")),
    "kind": (marked("Type"), marked("PC, laptop, server, printer, …")),
    "unit": (marked("Unit"), marked("Name or code of the unit that holds it")),
    "location": (marked("Location"), marked("The room")),
    "serial": (
        sense("a column", "Serial number"),
        marked("On the maker's label (serial number, service tag)"),
    ),
    "macs": (marked("MAC address"), marked("As getmac shows it; separate several by ;")),
    "addresses": (marked("IP address"), marked("Only where it is fixed")),
    "vendor": (marked("Manufacturer"), marked("Dell, HP, …")),
    "model": (sense("a column", "Model"), marked("The model")),
    "holder": (marked("User"), marked("Name or post")),
    "bought_on": (marked("In use since"), marked("17/05/2021, 05/2021 or 2021")),
    "state": (marked("Status"), marked("in use, broken, in store, disposed")),
    "note": (marked("Note"), ""),
}
_LISTS = {
    "kind": (
        marked("Desktop PC"),
        marked("Laptop"),
        marked("Server"),
        marked("Printer"),
        marked("Switch"),
        marked("Camera"),
        marked("Other"),
    ),
    "state": (
        marked("in use"),
        marked("broken"),
        marked("in store"),
        marked("disposed"),
        marked("lost"),
    ),
}
_EXAMPLE: list[dict[str, Any]] = [
    {
        "tag": "BH-0001",
        "name": "BH-VP-01",
        "kind": 0,
        "unit": marked("Bao Ha commune"),
        "location": "P.101",
        "serial": "0005CG7100",
        "macs": "00:1A:2B:3C:4D:5E",
        "addresses": "10.20.1.11",
        "vendor": "HP",
        "model": "ProDesk 400 G6",
        "holder": marked("Clerk"),
        "bought_on": date(2021, 5, 17),
        "state": 0,
    },
    {
        "tag": "BH-0002",
        "name": "BH-VP-02",
        "kind": 1,
        "unit": marked("Bao Ha commune"),
        "location": "P.102",
        "serial": "8HN2Q33",
        "macs": "00-1A-2B-3C-4D-60;\n00-1A-2B-3C-4D-61",
        "vendor": "Dell",
        "model": "Latitude 3420",
        "holder": marked("Accountant"),
        "bought_on": "05/2022",
        "state": 0,
        "note": marked("the second MAC is Wi-Fi"),
    },
    {
        "tag": "BH-0003",
        "name": "BH-IN-01",
        "kind": 3,
        "unit": marked("Bao Ha commune"),
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
            say = texts(lang)
            about = say("One row for each machine. Point at a head to see what to write.")
            _sheet(book, say("Register"), about, say, [])
            made_up = say("EXAMPLE – MADE-UP DATA, NEVER IMPORTED")
            _sheet(book, say("Example"), made_up, say, _EXAMPLE)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _sheet(book: Workbook, name: str, about: str, say: Texts, rows: list[dict[str, Any]]) -> None:
    sheet = book.add_worksheet(name)
    last = len(_HEADS) - 1
    title = book.add_format(_FONT | {"bold": True, "font_size": 14, "align": "center"})
    line = book.add_format(_FONT | {"italic": True, "align": "center"})
    sheet.merge_range(0, 0, 0, last, say("REGISTER OF IT ASSETS"), title)
    sheet.set_row(0, 24)
    sheet.merge_range(1, 0, 1, last, about, line)
    _columns(book, sheet, say)
    for place, row in enumerate(rows):
        sheet.set_row(_HEAD_ROW + 1 + place, _LINES_2)
        _row(book, sheet, _HEAD_ROW + 1 + place, {"ordinal": place + 1} | row, say)
    sheet.freeze_panes(_HEAD_ROW + 1, 3)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    if rows:
        sheet.set_tab_color("#BFBFBF")


def _columns(book: Workbook, sheet: Worksheet, say: Texts) -> None:
    head = book.add_format(
        _FONT
        | {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"}
    )
    plain = book.add_format(_FONT)
    text = book.add_format(_FONT | {"num_format": "@"})
    for column, (name, (label, how)) in enumerate(_HEADS.items()):
        width = _WIDTHS.get(name, _WIDTH)
        sheet.set_column(column, column, width, text if name in _TEXT else plain)
        sheet.write_string(_HEAD_ROW, column, say(label), head)
        if how:
            sheet.write_comment(_HEAD_ROW, column, say(how), {"x_scale": 2})
        choices = [say(one) for one in _LISTS.get(name, ())]
        if choices:
            sheet.data_validation(
                *(_HEAD_ROW + 1, column, _HEAD_ROW + _ROWS, column),
                {"validate": "list", "source": choices, "error_type": "warning"},
            )
    sheet.set_row(_HEAD_ROW, _LINES_2)


def _row(book: Workbook, sheet: Worksheet, line: int, row: dict[str, Any], say: Texts) -> None:
    cell = _FONT | {"border": 1}
    plain, text = book.add_format(cell), book.add_format(cell | {"num_format": "@"})
    day = book.add_format(cell | {"num_format": "dd/mm/yyyy", "align": "left"})
    for column, name in enumerate(_HEADS):
        value = row.get(name, "")
        if name in _LISTS:
            value = say(_LISTS[name][value])
        if name in _SPOKEN and value:
            value = say(value)
        if isinstance(value, date):
            sheet.write_datetime(line, column, value, day)
        elif isinstance(value, int):
            sheet.write_number(line, column, value, plain)
        else:
            sheet.write_string(line, column, value, text if name in _TEXT else plain)
