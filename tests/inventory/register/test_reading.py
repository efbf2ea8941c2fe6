"""A register is found in the spreadsheet as it is; every fault is told at its cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.register.header import Grid, find_header
from inventory.register.reading import Choices, NotARegister, Register, read_register, table_of
from inventory.register.rows import AssetRow, Problem
from inventory.register.units import Resolved, resolver
from inventory.sheets import CellError, Merged, Sheet
from inventory.units import FIRST, History, Unit
from tests.inventory.register.workbooks import TWICE, machines, seeded, tree, write_office

TODAY = date(2026, 11, 23)
UNITS = [
    ("BH", "Xã Bảo Hà", "Bao Ha commune"),
    ("KS", "UBND xã Kim Sơn", ""),
    ("NV", "Phòng Nội vụ", "Home affairs"),
    ("SNV", "Sở Nội vụ", ""),
]
Rows = Sequence[Sequence[Any]]


def sheet(path: Path, rows: Rows, merged: Sequence[str] = ()) -> Path:
    """A workbook of one sheet with these cells; a merged range is filled from its first cell."""
    with xlsxwriter.Workbook(path) as book:
        made = book.add_worksheet("Sheet1")
        for area in merged:
            made.merge_range(area, "")
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    made.write(place, column, value)
    return path


def read(path: Path, rows: Rows, merged: Sequence[str] = (), **choices: Any) -> Register:
    resolve = resolver(tree(*UNITS))
    return read_register(sheet(path / "so.xlsx", rows, merged), Choices(**choices), TODAY, resolve)


def good(register: Register) -> list[AssetRow]:
    return [d.row for table in register.tables for d in table.drafts if not d.refused]


def told(register: Register) -> list[tuple[str, str]]:
    return [(problem.cell, problem.kind) for problem in register.problems]


HEAD = ["STT", "Tên máy", "Đơn vị", "Số seri", "MAC"]
ONE = [1, "PC-01", "Xã Bảo Hà", "SN0001", "00:1A:2B:3C:4D:5E"]
TWO = [2, "PC-02", "Xã Bảo Hà", "SN0002", "00:1A:2B:3C:4D:5F"]


def test_the_forty_faults_and_the_528_good_rows(tmp_path: Path) -> None:
    register = seeded()
    path = write_office(tmp_path / "so.xlsx", {"Tài sản": register.rows})
    found = read_register(path, Choices(), TODAY)
    assert len(register.faults) == 40
    kinds = {kind for expected in register.faults.values() for kind in expected}
    assert len(kinds) >= 12
    assert {p.cell: {p.kind} for p in found.problems} == register.faults
    assert (len(good(found)), found.refused) == (528, 40)
    for problem in found.problems:
        assert problem.place == f"Tài sản!{problem.cell}"
        if problem.kind in TWICE:
            assert problem.said["others"].startswith("Tài sản!")


def test_without_faults_nothing_is_told(tmp_path: Path) -> None:
    path = write_office(tmp_path / "so.xlsx", {"A": machines(568)})
    found = read_register(path, Choices(), TODAY)
    assert (found.problems, len(good(found))) == ([], 568)
    whys = [ignored.why for ignored in found.tables[0].ignored]
    assert whys == ["numbers", "total", *["signature"] * 4]


def test_a_row_is_what_the_office_wrote(tmp_path: Path) -> None:
    path = write_office(tmp_path / "so.xlsx", {"A": machines(568)})
    [table] = read_register(path, Choices(), TODAY, resolver(tree(*UNITS))).tables
    row = table.drafts[3].row
    assert (row.tag, row.name, row.serial) == ("BY-0004", "PC-004", "5CG7000111")
    assert (row.unit_text, row.unit, row.place) == ("Xã Bảo Hà", "BH", "A!A11")
    assert row.macs == ("00:1a:2b:3c:00:03",)
    assert {draft.row.unit_text for draft in table.drafts} == {
        *("Xã Bảo Hà", "Xã Kim Sơn", "Phòng Nội vụ", "Công an xã", "Phòng Tài chính – Kế hoạch"),
    }
    assert {draft.row.bought_on for draft in table.drafts} == {
        *("2021", "2021-05", "2021-05-17"),
    }


@pytest.mark.parametrize(
    ("heads", "fields"),
    [
        (HEAD, ["ordinal", "name", "unit", "serial", "macs"]),
        (
            ["No.", "Asset tag", "Computer name", "Department", "Serial number", "MAC address"],
            ["ordinal", "tag", "name", "unit", "serial", "macs"],
        ),
        (
            ["TT", "Tên tài sản, thiết bị", "Đơn vị tính", "Số lượng", "S/N", "Ghi chú"],
            ["ordinal", "name", "ignore", "quantity", "serial", "note"],
        ),
        (
            ["STT", "Mã TS", "Tên thiết bị", "Nơi đặt", "Năm sử dụng", "Nguyên giá (đồng)"],
            ["ordinal", "tag", "name", "location", "bought_on", "ignore"],
        ),
        (
            ["STT", "Tên máy tính (Hostname)", "MAC LAN", "MAC Wifi", "Địa chỉ IP", "Cán bộ"],
            ["ordinal", "name", "macs", "macs", "addresses", "holder"],
        ),
        (
            ["Sè TT", "Tªn m¸y", "§¬n vÞ", "Sè seri"],
            ["ordinal", "name", "unit", "serial"],
        ),
    ],
)
def test_heads_in_either_language(tmp_path: Path, heads: list[str], fields: list[str]) -> None:
    [table] = read(tmp_path, [["DANH SÁCH MÁY"], [], heads, [1, "PC-01"]]).tables
    assert [column.field for column in table.header.columns] == fields
    assert table.header.first == 2


def test_heads_in_decomposed_letters(tmp_path: Path) -> None:
    heads = [unicodedata.normalize("NFD", head) for head in HEAD]
    assert [row.name for row in good(read(tmp_path, [heads, ONE]))] == ["PC-01"]


def test_two_languages_one_below_the_other(tmp_path: Path) -> None:
    english = ["No.", "Computer name", "Unit", "Serial number", "MAC address"]
    found = read(tmp_path, [HEAD, english, ONE])
    assert [row.name for row in good(found)] == ["PC-01"]
    assert (found.problems, found.tables[0].header.end) == ([], 2)


def test_a_head_over_two_columns(tmp_path: Path) -> None:
    rows: Rows = [
        ["STT", "Tên máy", "Địa chỉ", None],
        [None, None, "IP", "MAC"],
        [1, "A", "10.0.0.1"],
    ]
    [table] = read(tmp_path, rows, ["A1:A2", "B1:B2", "C1:D1"]).tables
    names = [column.field for column in table.header.columns]
    assert names == ["ordinal", "name", "addresses", "macs"]
    assert table.header.columns[3].head == "Địa chỉ / MAC"


def test_the_book_of_fixed_assets_of_the_accountants(tmp_path: Path) -> None:
    """A head of three lines; the voucher's number is not the machine's."""
    rows: Rows = [
        *(["SỔ TÀI SẢN CỐ ĐỊNH"], ["Loại tài sản: Máy vi tính"]),
        ["STT", "Ghi tăng TSCĐ", None, None, None, None, "Khấu hao"],
        [None, "Chứng từ", None, "Tên, đặc điểm, ký hiệu TSCĐ", "Năm sử dụng", "Số hiệu TSCĐ"],
        [None, "Số hiệu", "Ngày, tháng", None, None, None, "Tỷ lệ %"],
        ["A", "B", "C", "D", "E", "F", 1],
        [1, "CT01", "01/02/2021", "Máy tính Dell Vostro", "02/2021", "TS-0001", 20],
        *([None, "Cộng"], ["- Sổ này có 12 trang"], ["Người ghi sổ", None, None, "Thủ trưởng"]),
    ]
    merged = ["A3:A5", "B3:F3", "B4:C4", "D4:D5", "E4:E5", "F4:F5"]
    found = read(tmp_path, rows, merged)
    [row] = good(found)
    assert (row.tag, row.name, row.bought_on) == ("TS-0001", "Máy tính Dell Vostro", "2021-02")
    assert found.problems == []
    whys = [one.why for one in found.tables[0].ignored]
    assert whys == ["numbers", "total", "section", "signature"]


def test_columns_without_a_head_are_known_by_what_they_hold(tmp_path: Path) -> None:
    rows: Rows = [["Tên máy", "Đơn vị", "Thông số"], *[["A", "X", "00:1A:2B:3C:4D:5E"]] * 3]
    column = read(tmp_path, rows).tables[0].header.columns[2]
    assert (column.field, column.why) == ("macs", "content")


def test_a_person_decides_over_the_guess(tmp_path: Path) -> None:
    rows: Rows = [["STT", "Tên máy", "Mã", "Số máy"], [1, "PC-01", "BY-77", "SN1234"]]
    [row] = good(read(tmp_path, rows, columns={"mã": "serial", "D": "tag"}))
    assert (row.tag, row.serial) == ("SN1234", "BY-77")


def test_columns_may_be_named_where_no_head_is(tmp_path: Path) -> None:
    rows: Rows = [["PC-01", "SN0001"], ["PC-02", "SN0002"]]
    with pytest.raises(NotARegister, match="--map C=name"):
        read(tmp_path, rows)
    found = good(read(tmp_path, rows, columns={"A": "name", "B": "serial"}))
    assert [(row.name, row.serial) for row in found] == [("PC-01", "SN0001"), ("PC-02", "SN0002")]


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({"sheets": ["Xã"]}, "has no sheet “Xã”; its sheets: Sheet1"),
        ({"columns": {"A": "seriel"}}, "there is no field “seriel”; the fields: ordinal, tag"),
        ({"columns": {"Mã số lạ": "tag"}}, "no such column; the columns: A “STT”, B “Tên máy”"),
    ],
)
def test_a_choice_that_names_nothing(tmp_path: Path, choices, says: str) -> None:
    with pytest.raises(NotARegister, match=says):
        read(tmp_path, [HEAD, ONE], **choices)


def test_headings_inside_the_table_name_units_and_kinds(tmp_path: Path) -> None:
    head = ["STT", "Tên máy", "Số seri"]
    rows: Rows = [
        *(head, ["I", "Xã Bảo Hà"], [1, "Bà Ba", "SN0001"], ["A.", "Máy in"]),
        *([2, "LBP", "SN0002"], ["II", "Phòng Nội vụ", None], [3, "PC-03", "SN0003"]),
        *(["Cộng:", 3], ["Công an xã", None, None], [4, "Ông Tư", "SN0004"]),
    ]
    found = read(tmp_path, rows)
    assert [(row.name, row.unit_text, row.kind) for row in good(found)] == [
        ("Bà Ba", "Xã Bảo Hà", "unknown"),
        ("LBP", "Xã Bảo Hà", "printer"),
        ("PC-03", "Phòng Nội vụ", "pc"),
        ("Ông Tư", "Công an xã", "unknown"),
    ]
    assert [one.why for one in found.tables[0].ignored] == [
        *("section", "section", "section", "total", "section"),
    ]
    assert told(found) == [("A10", "unit_unknown")]


def test_a_line_that_may_be_a_heading_or_a_machine_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, [["Tên máy", "Số seri"], ["Máy của Lan", None], ["PC", "SN0001"]])
    assert told(found) == [("A2", "row_unclear")]
    assert found.refused == 1


def test_a_unit_named_in_the_title_or_by_the_sheet_holds_for_all(tmp_path: Path) -> None:
    head = ["STT", "Tên máy", "Số seri"]
    [row] = good(read(tmp_path, [["UBND XÃ BẢO HÀ"], head, [1, "PC", "SN0001"]]))
    assert row.unit == "BH"
    [row] = good(read(tmp_path, [["UBND XÃ BẢO HÀ"], head, [1, "PC", "SN0001"]], unit="KS"))
    assert row.unit == "KS"


def test_a_number_merged_over_two_machines_is_no_ones(tmp_path: Path) -> None:
    rows: Rows = [HEAD, ONE, [2, "PC-02", None, None, None]]
    found = read(tmp_path, rows, ["D2:D3", "C2:C3"])
    assert told(found) == [("D2", "merged_identity"), ("D3", "merged_identity")]
    assert found.problems[0].said == {"lines": "2–3"}
    assert [draft.row.unit for draft in found.tables[0].drafts] == ["BH", "BH"]


def test_every_holder_of_a_number_is_told_of_the_others(tmp_path: Path) -> None:
    rows: Rows = [HEAD, ONE, TWO, [3, "PC-03", None, "sn0001", "00-1A-2B-3C-4D-5F"]]
    found = read(tmp_path, rows)
    assert [(p.cell, p.kind, p.said["others"]) for p in found.problems if p.refuses] == [
        ("D2", "serial_twice", "Sheet1!D4"),
        ("E3", "mac_twice", "Sheet1!E4"),
        ("D4", "serial_twice", "Sheet1!D2"),
        ("E4", "mac_twice", "Sheet1!E3"),
    ]


def test_rows_that_share_a_name_alone_are_several_machines(tmp_path: Path) -> None:
    rows: Rows = [HEAD[:3], *[[place, "Máy tính", "BH"] for place in (1, 2, 3)], [4, "PC-04"]]
    found = read(tmp_path, rows)
    assert len(good(found)) == 4
    [problem] = [one for one in found.problems if one.kind == "not_distinct"]
    assert (problem.cell, problem.said["number"]) == ("B2", "3")
    assert problem.said["others"] == "Sheet1!B3, Sheet1!B4"


def test_one_number_in_very_many_rows_is_told_at_each(tmp_path: Path) -> None:
    rows: Rows = [HEAD, *[[place, f"PC-{place}", "BH", "SN0001"] for place in range(2000)]]
    found = read(tmp_path, rows)
    told_of = [one for one in found.problems if one.kind == "serial_twice"]
    assert (len(told_of), found.refused) == (2000, 2000)
    assert all(one.said["others"].count("Sheet1!D") == 5 for one in told_of)


def test_warnings_keep_their_row(tmp_path: Path) -> None:
    head = [*HEAD, "Loại", "Tình trạng"]
    odd = [1, "PC-01", "Xã Lạ", "To be filled by O.E.M.", "02:1A:2B:3C:4D:5E", "Lạ", "80%"]
    found = read(tmp_path, [head, odd, [2, "PC-02", None, "SN0002", "", "PC", "tốt"]])
    assert told(found) == [
        *(("C2", "unit_unknown"), ("D2", "number_junk"), ("E2", "mac_local")),
        *(("F2", "kind_unknown"), ("G2", "state_unknown"), ("C3", "unit_missing")),
    ]
    assert [(row.kind, row.state) for row in good(found)] == [("unknown", "80%"), ("pc", "in_use")]


def test_rows_that_are_numbered_in_advance_are_no_machines(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ONE, [2], [3]])
    assert (len(good(found)), found.problems) == (1, [])
    assert [one.why for one in found.tables[0].ignored] == ["numbered_only", "numbered_only"]


def test_a_header_printed_on_every_page(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, ONE, HEAD, TWO])
    assert ([row.name for row in good(found)], found.problems) == (["PC-01", "PC-02"], [])


def test_sheets_that_are_hidden_or_no_table_are_named(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name in ("Xã Bảo Hà", "Biểu đồ", "Cũ"):
            made = book.add_worksheet(name)
            for place, row in enumerate([HEAD, ONE] if name != "Biểu đồ" else [["Số liệu"]]):
                made.write_row(place, 0, row)
            if name == "Cũ":
                made.hide()
    found = read_register(tmp_path / "a.xlsx", Choices(), TODAY)
    assert [table.sheet.name for table in found.tables] == ["Xã Bảo Hà"]
    assert found.skipped == {"Biểu đồ": "no_table", "Cũ": "hidden"}
    found = read_register(tmp_path / "a.xlsx", Choices(sheets=["Cũ"]), TODAY)
    assert [table.sheet.name for table in found.tables] == ["Cũ"]


def test_a_csv_is_read_the_same_way(tmp_path: Path) -> None:
    lines = [";".join(map(str, row)) for row in (HEAD, ONE, [*TWO[:4], "00:1A"])]
    (tmp_path / "so.csv").write_text("\n".join(["DANH SÁCH;;;;", *lines]), "utf-8-sig")
    found = read_register(tmp_path / "so.csv", Choices(), TODAY)
    assert [row.name for row in good(found)] == ["PC-01"]
    assert [(p.place, p.kind) for p in found.problems] == [("so!E4", "mac_bad")]


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("BH", "BH", ""),
        ("xã bảo hà", "BH", ""),
        ("UBND Xã Bảo Hà", "BH", ""),
        ("Bao Ha", "BH", ""),
        ("Kim Sơn", "KS", ""),
        ("Xã Kim Sơn", "KS", ""),
        ("Home Affairs", "NV", ""),
        ("Phòng Nội vụ", "NV", ""),
        ("Nội vụ", None, "ambiguous"),
        ("Phường Bảo Hà", None, "unknown"),
    ],
)
def test_units_by_code_and_by_name(text: str, code: str | None, why: str) -> None:
    found = resolver(tree(*UNITS))(text)
    assert (found.code, found.why) == (code, why)


CELLS = st.one_of(
    st.none(),
    st.sampled_from([*HEAD, *ONE, "I", "II.", "Tổng cộng", "Người lập", "Xã Bảo Hà", "(1)", "x"]),
    st.text(max_size=20),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.dates(),
    st.booleans(),
    st.sampled_from([CellError("#REF!"), datetime(2021, 5, 17), time(0), timedelta(2)]),  # noqa: DTZ001
)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(1, 6), st.integers(0, 12))
def test_any_table_loses_no_line(data: st.DataObject, width: int, height: int) -> None:
    """Below a header, every line that is not blank is a machine, a problem, or named as ignored."""
    rows = [data.draw(st.lists(CELLS, min_size=width, max_size=width)) for _ in range(height)]
    rows.insert(0, ["STT", "Tên máy", "Đơn vị", "Số seri", "MAC", "Ngày mua"][:width])
    corners = st.integers(0, height), st.integers(0, width - 1), st.integers(0, 3)
    merged = [
        Merged(top, left, top + deep, left + deep % 2)
        for top, left, deep in data.draw(st.lists(st.tuples(*corners), max_size=3))
    ]
    made = Sheet("S", rows, merged)
    header = find_header(Grid(made), {"A": "ordinal", "B": "name"} if width > 1 else {"A": "name"})
    assert header is not None
    table = table_of(Grid(made), header, Choices(), resolver(tree(*UNITS)), TODAY)
    told = {problem.cell for problem in table.problems} | {one.cell for one in table.ignored}
    lines = {int("".join(filter(str.isdigit, cell))) - 1 for cell in told}
    lines |= {draft.line for draft in table.drafts}
    full = {
        line
        for line in range(header.end, len(rows))
        if any(value is not None for value in rows[line])
    }
    assert lines == full


def test_a_unit_that_was_renamed_or_has_ended(tmp_path: Path) -> None:
    units = [
        Unit("HK", "district", "Huyện Bảo Yên", "", None, FIRST, "2025-06-30", successors=("BH",)),
        Unit("BH", "commune", "Xã Cũ", "", None, "2025-07-01", "2026-01-01"),
        Unit("BH", "commune", "Xã Bảo Hà", "", None, "2026-01-02"),
    ]
    resolve = resolver(History(units).tree("2026-11-23"))
    assert resolve("Xã Cũ") == Resolved("BH")
    assert resolve("UBND huyện Bảo Yên") == Resolved("HK", "ended", ("BH",))
    path = sheet(tmp_path / "so.xlsx", [HEAD, [*ONE[:2], "Huyện Bảo Yên", *ONE[3:]]])
    found = read_register(path, Choices(), TODAY, resolve)
    [problem] = found.problems
    assert (problem.cell, problem.kind, problem.said["near"]) == ("C2", "unit_ended", "BH")
    assert [row.unit for row in good(found)] == ["HK"]


def test_problems_name_the_head_and_the_value(tmp_path: Path) -> None:
    found = read(tmp_path, [HEAD, [*ONE[:4], "00:1A:2B"]])
    [problem] = found.problems
    assert problem == Problem(
        *("Sheet1", "E2", "mac_bad", "MAC", "00:1A:2B"), {"shown": "00:1A:2B", "digits": "6"}
    )
