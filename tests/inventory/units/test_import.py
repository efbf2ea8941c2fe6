"""Lists of units as files: what an import does, and everything that it refuses, at its place."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from inventory import audit, units
from inventory.sheets import SheetUnreadable
from inventory.store import Store
from inventory.units import Act, Plan, UnitsRefused
from tests.inventory.units.files import PROVINCE, written
from tests.spoken import english_left

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ROW = "units:\n  - code: A\n    kind: xã\n    name_vi: Xã A\n"


def imported(store: Store, path: Path, *, dry_run: bool = False) -> Plan:
    return units.import_units(store, path, by="tester", now=NOW, dry_run=dry_run)


def refused(store: Store, path: Path) -> list[str]:
    """Every problem of a file, its folder cut off."""
    before = list(units.history(store))
    with pytest.raises(UnitsRefused) as refusal:
        imported(store, path)
    assert list(units.history(store)) == before, "something was written"
    assert english_left(refusal.value.said) == [], "a Vietnamese reader would meet English"
    return [str(one).replace(f"{path.parent}/", "") for one in refusal.value.problems]


def test_the_tree_of_a_year_is_that_year_s(store: Store, tmp_path: Path) -> None:
    made = imported(store, written(tmp_path, PROVINCE))
    assert [step.act for step in made.steps] == [Act.ADDED] * 6
    then, now = units.at(store, "2025-06-30"), units.at(store, "2025-07-01")
    assert [unit.code for unit in then] == ["TQ", "TQ-H1", "TQ-X9", "TQ-X8"]  # Đồi before Suối
    assert [unit.code for unit in now] == ["TQ", "TQ-X2", "TQ-X1"]
    assert [unit.code for unit in then.path("TQ-X8")] == ["TQ", "TQ-H1", "TQ-X8"]
    assert [unit.name_vi for unit in now.today("TQ-X9")] == ["Xã Suối Sao"]
    assert [unit.code for unit in now.today("TQ-H1")] == ["TQ-X1", "TQ-X2"]
    assert [unit.code for unit in then.today("TQ-H1")] == ["TQ-H1"]
    assert then.today("TQ-X1") == []
    assert now.part_of("TQ") == {"TQ", "TQ-X1", "TQ-X2"}
    kinds = {unit.code: unit.kind for unit in now}
    assert kinds == {"TQ": "province", "TQ-X1": "commune", "TQ-X2": "commune"}


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, PROVINCE)
    imported(store, path)
    before = list(units.history(store))
    assert imported(store, path).changes == []
    assert list(units.history(store)) == before


def test_a_dry_run_writes_nothing_and_foretells(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, PROVINCE)
    told = imported(store, path, dry_run=True)
    assert list(units.history(store)) == []
    assert imported(store, path).steps == told.steps


def test_what_a_file_leaves_out_stays_and_is_told(store: Store, tmp_path: Path) -> None:
    imported(store, written(tmp_path, PROVINCE))
    text = "units:\n  - code: TQ-X2\n    name_en: Cloud Commune\n"
    made = imported(store, written(tmp_path, text))
    assert [(one.column, one.new) for one in made.changes[0].differences] == [
        ("name_en", "Cloud Commune")
    ]
    assert [unit.code for unit in made.unnamed] == ["TQ", "TQ-X1"]
    unit = units.at(store, "2026-03-01").get("TQ-X2")
    assert unit is not None
    assert (unit.name_vi, unit.valid_from, len(unit.networks)) == ("Xã Mây Ngàn", "2025-07-01", 2)


def test_a_unit_is_renamed_and_a_past_report_keeps_its_name(store: Store, tmp_path: Path) -> None:
    imported(store, written(tmp_path, PROVINCE))
    rename = (
        "  - code: TQ-X1\n    valid_from: 2027-01-01\n    kind: xã\n    name_vi: Xã Đàn Sao\n"
        "    parent: TQ\n    networks: [10.20.1.0/24]\n"
    )
    alone = refused(store, written(tmp_path, f"units:\n{rename}"))
    said = (
        "units.yaml:3:17: valid_from: TQ-X1 is there twice from 2027-01-01 on; give each of its "
        "rows its own days (valid_from, valid_to), the earlier one with its last day "
        "(the other is at the inventory (TQ-X1))"
    )
    assert alone == [said]
    ends = "  - code: TQ-X1\n    valid_from: 2025-07-01\n    valid_to: 2026-12-31\n"
    path = written(tmp_path, f"units:\n{ends}{rename}")
    made = imported(store, path)
    assert [step.act for step in made.steps] == [Act.ENDED, Act.ADDED]
    names = {day: units.at(store, day).get("TQ-X1") for day in ("2026-12-31", "2027-01-01")}
    assert [unit and unit.name_vi for unit in names.values()] == ["Xã Suối Sao", "Xã Đàn Sao"]
    owners = [units.at(store, day).of_address("10.20.2.9") for day in names]
    assert [owner and owner[0].code for owner in owners] == ["TQ-X1", "TQ"]
    assert imported(store, path).changes == []


def test_a_wrong_first_day_is_corrected(store: Store, tmp_path: Path) -> None:
    imported(store, written(tmp_path, ROW + "    valid_from: 2011-07-01\n"))
    made = imported(store, written(tmp_path, ROW + "    valid_from: 01/08/2011\n"))
    assert [(one.column, one.old, one.new) for one in made.steps[0].differences] == [
        ("valid_from", "2011-07-01", "2011-08-01")
    ]
    assert [unit.valid_from for unit in units.history(store)] == ["2011-08-01"]


def test_an_import_stands_in_the_audit_log(store: Store, tmp_path: Path) -> None:
    imported(store, written(tmp_path, ROW))
    imported(store, written(tmp_path, ROW + "    valid_to: 2026-01-31\n"))
    entries = [one for one in audit.read(store.reader()) if one.action == "units_imported"]
    assert [one.actor for one in entries] == ["tester"] * 2
    told = json.loads(entries[1].detail)["changed"]
    assert told == {"A 0001-01-01": [{"column": "valid_to", "old": "", "new": "2026-01-31"}]}
    assert list(audit.problems(store.reader())) == []


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("    valid_too: 2025-01-01\n", "units.yaml:5:5: valid_too: no such key; a unit has: code"),
        ("    valid_from: 2025-02-30\n", "units.yaml:5:17: valid_from: “2025-02-30” is no day"),
        ("    networks: [10.1.2.3/24]\n", "units.yaml:5:16: networks: “10.1.2.3/24” is an address"),
        ("    networks: [10.1.2.3]\n", "units.yaml:5:16: networks: “10.1.2.3” has no prefix"),
        ("    networks: ['::/0']\n", "units.yaml:5:16: networks: “::/0” is every address"),
        ("    networks: [{valid_to: 2025-01-01}]\n", "units.yaml:5:16: networks: the network"),
        ("    parent: B\n", "units.yaml:5:13: parent: no unit has the code B"),
        ("    parent: A\n", "units.yaml:5:13: parent: A stands under itself"),
        ("    parent: [B]\n", "units.yaml:5:13: parent: write one value here"),
        ("    name_en: &x A\n", "units.yaml:5:14: YAML: anchor &x"),
        ('    name_en: "a\\u202eb"\n', "units.yaml:5:14: name_en: holds characters that cannot"),
        ("    successors: [B]\n", "units.yaml:5:18: successors: A has successors and no last day"),
        ("  - kind: xã\n", "units.yaml:5:5: code: is missing"),
        ("  - code: a\n    kind: x\n    name_vi: b\n", "units.yaml:5:11: code: a and A differ in"),
        ("  - code: B\n    kind: x\n", "units.yaml:5:5: name_vi: is missing; B is not in the inv"),
        ("  - code: B C\n    kind: x\n    name_vi: b\n", "units.yaml:5:11: code: “B C” is no code"),
        ("  - code: A\n", "units.yaml:5:5: kind: is missing; A is not"),
        (
            "    valid_from: 2025-01-02\n    valid_to: 2025-01-01\n",
            "units.yaml:6:15: valid_to: A would end on 2025-01-01, before it begins",
        ),
        (
            "    valid_to: 2025-01-01\n    successors: [B]\n",
            "units.yaml:6:18: successors: B takes the place of A on 2025-01-02 and is not there",
        ),
        (
            "    valid_to: 2025-01-01\n    networks: [{network: 10.0.0.0/8, valid_to: 2026-01-01}]",
            "units.yaml:6:26: networks: 10.0.0.0/8 is held until 2026-01-01",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(
    store: Store, tmp_path: Path, rest: str, said: str
) -> None:
    found = refused(store, written(tmp_path, ROW + rest))
    assert [one for one in found if one.startswith(said)], found


def test_every_problem_is_told_at_once(store: Store, tmp_path: Path) -> None:
    text = ROW + "    networks: [x/y, 10.0.0.1/8]\n    valid_to: soon\n"
    assert len(refused(store, written(tmp_path, text))) == 3


def test_two_units_with_one_address_are_refused_with_both_places(
    store: Store, tmp_path: Path
) -> None:
    networks = "    networks: [10.1.0.0/16]\n"
    other = "  - code: B\n    kind: xã\n    name_vi: Xã B\n    networks: [10.1.2.0/24]\n"
    said = (
        "units.yaml:9:16: networks: 10.1.2.0/24 of B lies in 10.1.0.0/16 of A (on all days), and "
        "B is not under A on all of these days; an address has one unit on a day: correct one of "
        "them, or give days (the other is at units.yaml:5:16)"
    )
    assert refused(store, written(tmp_path, ROW + networks + other)) == [said]
    imported(store, written(tmp_path, ROW + networks + other + "    parent: A\n"))
    found = units.at(store, "2026-01-01").of_address("10.1.2.3")
    assert found is not None
    assert (found[0].code, str(found[1])) == ("B", "10.1.2.0/24")


def test_a_part_does_not_outlive_its_parent(store: Store, tmp_path: Path) -> None:
    part = "  - code: B\n    kind: xã\n    name_vi: Xã B\n    parent: A\n"
    imported(store, written(tmp_path, ROW + part))
    found = refused(store, written(tmp_path, "units:\n  - code: A\n    valid_to: 2025-06-30\n"))
    assert found[0].startswith("the inventory (B): parent: B stands under A")
    assert "not there on 2025-07-01" in found[0]
    assert found[0].endswith("(the other is at units.yaml:3:15)")


def test_a_workbook_as_an_office_keeps_it(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "đơn vị.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh mục")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write("A1", "DANH MỤC ĐƠN VỊ (ví dụ, không có thật)")
        heads = ("STT", "Mã đơn vị", "Tên đơn vị", "Loại", "Trực thuộc", "Từ ngày", "Mạng")
        sheet.write_row("A3", heads)
        sheet.write_row("A4", (1, 10303, "Tỉnh Trăng Quê", "Tỉnh"))
        sheet.write_row("A5", (2, "X1", "Xã Suối Sao", "Xã", 10303))
        sheet.write_datetime("F5", datetime(2025, 7, 1), day)  # noqa: DTZ001 - a cell has no zone
        sheet.write("G5", "10.20.1.0/24; 10.20.2.0/24\n2001:db8::/64")
    imported(store, path)
    tree = units.at(store, date(2025, 7, 1).isoformat())
    assert [(unit.code, unit.kind) for unit in tree] == [("10303", "province"), ("X1", "commune")]
    assert len(tree.networks("X1")) == 3
    assert units.at(store, "2025-06-30").get("X1") is None
    assert imported(store, path).changes == []


def test_a_cell_is_named_by_file_sheet_and_address(store: Store, tmp_path: Path) -> None:
    text = "code,kind,name_vi,networks\nA,xã,Xã A,10.1.0.0/24\nB,xã,Xã B,10.1.0.0/24\n"
    found = refused(store, written(tmp_path, text, "u.csv"))
    assert found[0].startswith("u.csv:u!D3: networks: 10.1.0.0/24 of B is A's as well")
    assert found[0].endswith("(the other is at u.csv:u!D2)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name_vi,valid_too\nA,B,C\n", "u.csv:u!C1: valid_too: no such column"),
        ("code,name_vi,Tên\nA,B,C\n", "u.csv:u!C1: Tên: is name_vi a second time (first B1)"),
        ("name_vi,kind\nA,B\n", "u.csv: heads: no sheet has a row of heads"),
        ("code,name_vi\n", "u.csv: units: the file has no unit"),
        ("code,kind,name_vi\n,xã,Xã A\n", "u.csv:u!A2: code: is missing"),
    ],
)
def test_a_bad_sheet_is_refused(store: Store, tmp_path: Path, text: str, said: str) -> None:
    found = refused(store, written(tmp_path, text, "u.csv"))
    assert [one for one in found if one.startswith(said)], found


def test_merged_cells_are_refused(store: Store, tmp_path: Path) -> None:
    """Only the top cell of a merged range has its value: the others would lose their parent."""
    path = tmp_path / "u.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row("A1", ("code", "kind", "name_vi", "parent"))
        sheet.write_row("A2", ("A", "xã", "Xã A"))
        sheet.write_row("A3", ("B", "phòng", "Phòng B"))
        sheet.merge_range("D3:D4", "A")
        sheet.write_row("A4", ("C", "phòng", "Phòng C"))
    assert refused(store, path) == [
        "u.xlsx:S!D3: cells: D3:D4 are merged; unmerge them and fill each cell"
    ]


@pytest.mark.parametrize("name", ["units.pdf", "absent.yaml", "absent.csv"])
def test_a_file_that_cannot_be_read_is_named(store: Store, tmp_path: Path, name: str) -> None:
    if "absent" not in name:
        written(tmp_path, "x", name)
    with pytest.raises(SheetUnreadable, match=name):
        imported(store, tmp_path / name)


@pytest.mark.parametrize("text", ["", "[]", "units: x\n", "- a\n", "units:\n  - x\n", "\tx"])
def test_no_units_is_an_error(store: Store, tmp_path: Path, text: str) -> None:
    assert refused(store, written(tmp_path, text))
