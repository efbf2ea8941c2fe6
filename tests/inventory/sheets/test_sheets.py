"""Workbooks and text files come as the person at Excel sees them; bombs do not come at all."""

from __future__ import annotations

import random
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.sheets import (
    CellError,
    Merged,
    SheetUnreadable,
    address,
    letters,
    limits,
    read_sheets,
)

MAY = datetime(2024, 5, 6)  # noqa: DTZ001 - a spreadsheet's dates have no zone
Cells = dict[tuple[int, int], object]


def workbook(path: Path, **sheets: Cells) -> Path:
    """An .xlsx with these values; text that begins with "=" is a formula that gave #REF!."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for (row, column), value in cells.items():
                if isinstance(value, datetime):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(row, column, value, None, "#REF!")
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                else:
                    sheet.write(row, column, value)
    return path


def test_cells_stand_where_the_person_sees_them(tmp_path: Path) -> None:
    cells = {(2, 1): "Máy", (3, 2): 12, (3, 3): 1.5, (4, 1): MAY, (5, 4): True}
    [sheet] = read_sheets(workbook(tmp_path / "a.xlsx", **{"Xã Bảo Yên": cells}))
    assert sheet.name == "Xã Bảo Yên"
    assert sheet.rows[2][1] == "Máy"
    assert (sheet.rows[3][2], type(sheet.rows[3][2])) == (12, int)
    assert sheet.rows[3][3] == 1.5
    assert sheet.rows[4][1] == date(2024, 5, 6)
    assert sheet.rows[5][4] is True
    assert sheet.rows[0] == [None] * 5


def test_errors_of_formulas_are_no_empty_cells(tmp_path: Path) -> None:
    cells: Cells = {(1, 0): "x", (1, 2): "=A1", (9, 6): "=B1"}
    [sheet] = read_sheets(workbook(tmp_path / "a.xlsx", S=cells))
    found = {
        (row, column): value
        for row, line in enumerate(sheet.rows)
        for column, value in enumerate(line)
        if isinstance(value, CellError)
    }
    assert found == {(1, 2): "#REF!", (9, 6): "#REF!"}


def test_merged_ranges_and_hidden_sheets_are_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("one").merge_range(3, 1, 5, 1, "Xã Bảo Hà")
        book.add_worksheet("two").hide()
    one, two = read_sheets(tmp_path / "a.xlsx")
    assert (one.merged, one.hidden) == ([Merged(3, 1, 5, 1)], False)
    assert (two.rows, two.hidden) == ([], True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_text_in_every_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["STT", "Tên máy", "Ghi chú"], ["1", "Máy kế toán", "hỏng; chờ, sửa"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    if encoding == "cp1258":  # has the tones as letters of their own
        text = "".join(map(windows_1258, text))
    (tmp_path / "sổ.csv").write_bytes(text.encode(encoding))
    [sheet] = read_sheets(tmp_path / "sổ.csv")
    assert (sheet.name, sheet.rows) == ("sổ", rows)


def windows_1258(letter: str) -> str:
    """A letter in the pieces that Windows-1258 has."""
    import unicodedata

    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        pieces = unicodedata.normalize("NFD", letter)
        tone = next(one for one in pieces if one in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", pieces.replace(tone, "")) + tone
    return letter


def test_a_font_encoding_is_left_for_the_reader_of_cells_to_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("STT;Sè m¸y\r\n1;Phßng Néi vô".encode("cp1252"))
    [sheet] = read_sheets(tmp_path / "a.csv")
    assert sheet.rows[1] == ["1", "Phßng Néi vô"]


def test_rows_of_a_csv_count_as_excel_counts_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n\n"two\nlines",c\nd,e\n', encoding="utf-8")
    [sheet] = read_sheets(tmp_path / "a.csv")
    assert sheet.rows[2:] == [["two\nlines", "c"], ["d", "e"]]


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("a.docx", b"PK", "save it as .xlsx"),
        ("a.ods", b"PK", "save it as .xlsx"),
        ("a.xlsx", b"PK\x03\x04junk", "damaged"),
        ("a.xlsx", b"", "damaged"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1"), "protected by a password"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1"), "save it as .xlsx"),
        ("a.csv", b'a,"b\n', "quotation mark"),
        ("a.csv", b"a\0b", "is no text"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(
    tmp_path: Path, name: str, raw: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(SheetUnreadable, match=says) as refused:
        read_sheets(tmp_path / name)
    assert str(tmp_path / name) in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SheetUnreadable, match="No such file"):
        read_sheets(tmp_path / "none.xlsx")


def test_a_cell_at_the_end_of_the_sheet_does_not_end_the_process(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", S={(0, 0): "a", (1048575, 16383): "stray"})
    with pytest.raises(SheetUnreadable, match="in XFD1048576, beyond"):
        read_sheets(path)


def test_many_cells_within_the_limits_each_are_refused_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", S={(0, 0): "a", (99, 99): "b"})
    assert len(read_sheets(path)[0].rows) == 100
    monkeypatch.setattr(limits, "MOST_CELLS", 9_999)
    with pytest.raises(SheetUnreadable, match="10000 cells"):
        read_sheets(path)


def test_a_zip_bomb_is_seen_in_its_directory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", S={(0, 0): "a"})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(limits.SMALL + 1))
    with pytest.raises(SheetUnreadable, match="unpacks to"):
        read_sheets(path)


def test_one_long_text_shown_often_is_counted_as_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", S={(row, 0): "x" * 1000 for row in range(50)})
    monkeypatch.setattr(limits, "MOST_TEXT", 49_999)
    with pytest.raises(SheetUnreadable, match="MiB of text"):
        read_sheets(path)
    monkeypatch.setattr(limits, "MOST_TEXT", 50_000)
    assert len(read_sheets(path)[0].rows) == 50


def altered(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with other bytes in one part."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return path


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        (SHEET, b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', "declares a document type"),
        (SHEET, b'encoding="UTF-8"', b'encoding="A0"', "unknown encoding"),
        (STRINGS, b'uniqueCount="1"', b'uniqueCount="4294967295"', "more texts than it holds"),
        (STRINGS, b"uniqueCount", b"unique", None),
        (SHEET, b'<dimension ref="A1"/>', b'<dimension ref="A1:XFD1048576"/>', None),
    ],
)
def test_parts_that_are_made_to_harm(
    tmp_path: Path, part: str, old: bytes, new: bytes, says: str | None
) -> None:
    path = altered(workbook(tmp_path / "a.xlsx", S={(0, 0): "a"}), part, old, new)
    if says is None:
        assert read_sheets(path)[0].rows == [["a"]]
        return
    with pytest.raises(SheetUnreadable, match=says):
        read_sheets(path)


def test_a_sheet_that_the_workbook_does_not_name_is_looked_at_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", S={(0, 0): "a"})
    far = workbook(tmp_path / "far.xlsx", S={(1048575, 16383): "z"})
    with zipfile.ZipFile(far) as source, zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/other.bin", source.read(SHEET))
    with pytest.raises(SheetUnreadable, match="XFD1048576"):
        read_sheets(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
def test_two_parts_of_one_name_are_refused(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "a.xlsx", S={(0, 0): "a"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"<worksheet/>")
    with pytest.raises(SheetUnreadable, match="two of its parts have one name"):
        read_sheets(path)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_a_damaged_workbook_is_read_or_refused(tmp_path_factory, seed: int, times: int) -> None:
    """Bytes of its parts changed, cut out or doubled; the reader never ends the process."""
    chance = random.Random(seed)
    folder = tmp_path_factory.mktemp("damaged")
    path = workbook(folder / "a.xlsx", S={(0, 0): "a", (2, 3): 12, (3, 1): MAY, (4, 4): "=A1"})
    with zipfile.ZipFile(path) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    for _ in range(times):
        raw = parts[chance.choice(sorted(parts))]
        at = chance.randrange(len(raw) or 1)
        raw[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(4))
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in parts.items():
            archive.writestr(name, bytes(raw))
    try:
        sheets = read_sheets(path)
    except SheetUnreadable:
        return
    assert all(len({len(row) for row in sheet.rows}) <= 1 for sheet in sheets)


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_are_cells_or_a_refusal(tmp_path_factory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(raw)
    try:
        [sheet] = read_sheets(path)
    except SheetUnreadable:
        return
    assert len({len(row) for row in sheet.rows}) <= 1


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (255, "IV")]
)
def test_letters_of_columns(column: int, name: str) -> None:
    assert letters(column) == name
    assert address(13, column) == f"{name}14"
