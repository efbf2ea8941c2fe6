"""The workbook of the simulated district says what its summary says; LibreOffice reads it alike."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports import plain
from reports.faces import render
from reports.summary import RESULTS, Summary
from tests.conftest import require

Sheets = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def english(summary: Summary) -> bytes:
    return render(summary, "xlsx", "en")


@pytest.fixture(scope="module")
def sheets(english: bytes) -> Sheets:
    book = openpyxl.load_workbook(io.BytesIO(english))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def table(rows: list[tuple[Any, ...]], first: str) -> list[dict[str, Any]]:
    """The rows under the head that starts with this word, up to an empty row."""
    start = next(n for n, row in enumerate(rows) if row[0] == first)
    made = []
    for row in rows[start + 1 :]:
        if row[0] is None and not any(row):
            break
        made.append(dict(zip(rows[start], row, strict=True)))
    return made


def test_the_first_sheet_has_headline_hash_and_every_count(sheets: Sheets, summary: Summary):
    cells = {cell for row in sheets["Summary"] for cell in row}
    assert summary.headline.sentence["en"] in cells
    assert summary.coverage.sentence("en") in cells
    assert plain.digest(plain.encode(summary)) in cells
    heads = ("Pass", "Fail", "Not known", "Error in the rule", "Does not apply", "Waived")
    rows = {row["Code"]: row for row in table(sheets["Summary"], "Code")}
    assert len(rows) == len(summary.rules) > 40
    for rule in summary.rules:
        counts = [rows[rule.id][head] for head in heads]
        assert counts == [rule.counts[result] for result in RESULTS]


def test_findings_of_the_machines_counted_add_up_to_the_statements(
    sheets: Sheets, summary: Summary
):
    rows = table(sheets["Findings"], "Machine")
    assert len(rows) == sum(len(one.shown_findings) for one in summary.devices) > 1000
    counted = Counter((one["Code"], one["Result"]) for one in rows if one["Counted"] == "yes")
    for rule in summary.rules:
        assert counted[rule.id, "Fail"] == rule.counts["fail"], rule.id
        assert counted[rule.id, "Waived"] == rule.counts["waived"], rule.id
    assert all(isinstance(one["Since"], datetime) for one in rows if one["Since"] != "not known")


def test_units_machines_software_and_inventory_are_those_of_the_summary(
    sheets: Sheets, summary: Summary
):
    units = table(sheets["Units"], "Unit")
    assert [one["Expected"] for one in units] == [one.expected for one in summary.units]
    assert [one["Pass"] for one in units] == [one.passed for one in summary.units]
    assert len(table(sheets["All machines"], "Machine")) == len(summary.devices)
    assert len(table(sheets["Other devices"], "Other device")) == len(summary.beside)
    used = {one["Program"]: one["Machines"] for one in table(sheets["Software"], "Program")}
    assert used == {one.name: one.machines for one in summary.software}
    parts = table(sheets["Inventory"], "Indicator")
    wanted = [
        n
        for one in summary.inventory
        for n in (*(part.machines for part in one.parts), one.unknown)
    ]
    assert [one["Machines"] for one in parts] == wanted
    assert len(table(sheets["Contradictions"], "Machine")) == len(summary.contradictions)


def test_every_unit_has_its_sheet_and_every_sheet_the_mark(sheets: Sheets, summary: Summary):
    expected = Counter(one.unit for one in summary.devices)
    names = list(sheets)[11:]
    assert len(names) == len(summary.units) > 10
    for unit, name in zip(summary.units, names, strict=True):
        assert len(table(sheets[name], "Machine")) == expected[unit.code]
    marked = openpyxl.load_workbook(
        io.BytesIO(render(replace(summary, simulated=True), "xlsx", "vi"))
    )
    assert all(str(page["A1"].value).startswith("DỮ LIỆU MÔ PHỎNG") for page in marked)
    assert not any("SIMULATED DATA" in str(rows[0][0]) for rows in sheets.values()) or (
        summary.simulated
    )


def test_the_same_summary_gives_the_same_bytes(english: bytes, summary: Summary):
    assert render(summary, "xlsx", "en") == english
    assert render(summary, "xlsx", "vi") != english


def test_a_list_can_be_filtered_and_prints_with_its_head(english: bytes):
    page = openpyxl.load_workbook(io.BytesIO(english))["Findings"]
    assert page.auto_filter.ref
    assert page.freeze_panes
    assert page.print_title_rows
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 9


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_libreoffice_reads_the_same_figures(english: bytes, sheets: Sheets, tmp_path: Path):
    require("LibreOffice Calc", shutil.which("soffice") is not None)
    (tmp_path / "book.xlsx").write_bytes(english)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", form, "book.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=480,
    )
    for name in ("Software", "Inventory"):
        text = (tmp_path / f"book-{name}.csv").read_text("utf-8")
        read = [row for row in csv.reader(io.StringIO(text)) if any(row)]
        wrote = [row for row in sheets[name] if any(cell is not None for cell in row)]
        assert len(read) == len(wrote) > 10
        for seen, row in zip(read, wrote, strict=True):
            assert seen[0] == (row[0] or "")
            assert seen[2].replace(",", "") == str("" if row[2] is None else row[2])
