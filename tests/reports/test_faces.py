"""Every face shows the same summary, and none of them can be made to run anything."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import plain
from reports.delimited import FORMULA, safe_cell
from reports.faces import FACES, in_order, render, write


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(summary):
    text = render(summary, "csv", "vi").decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == 1 + 3
    assert rows[2][0].startswith("'=cmd")
    assert not [cell for row in rows for cell in row if cell[:1] in FORMULA and cell]


@given(st.text(max_size=20))
def test_no_cell_starts_a_formula_and_none_loses_its_text(text):
    cell = safe_cell(text)
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text
    assert cell.lstrip(" \u00a0\u3000\u200b\ufeff")[:1] not in FORMULA or not cell


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_known_formula_starts_are_disarmed(evil):
    assert safe_cell(evil) == f"'{evil}"
    assert safe_cell("UBND-01") == "UBND-01"


def test_the_data_face_has_all_fields_in_utc(summary):
    data = json.loads(render(summary, "json", "vi").decode())
    assert data["rasoat_report"] == 2
    assert data["generated_at"] == "2026-11-23T08:00:00Z"
    assert data["compliant"] is False
    assert [device["findings"][0]["result"] for device in data["devices"]] == [
        "pass",
        "fail",
        "unknown",
    ]


def test_a_report_is_written_whole_or_not_at_all(summary, tmp_path):
    target = tmp_path / "báo cáo" / "report.html"
    write(summary, "html", "vi", target)
    assert target.read_text("utf-8").startswith("<!doctype html>")
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):  # noqa: PT011 - the folder's name is a file's
        write(summary, "html", "vi", tmp_path / "file" / "report.html")


def test_each_face_is_made_once_and_the_pdf_last() -> None:
    assert in_order(["pdf", "csv", "pdf", "xlsx", "csv"]) == ["csv", "xlsx", "pdf"]
    assert set(in_order(FACES)) == set(FACES)


def test_a_summary_is_known_by_its_own_figures_and_not_by_the_last_ones(summary):
    other = replace(summary, policy_version="another")
    own = [plain.digest(plain.encode(one)) for one in (summary, other, summary)]
    assert [plain.digest_of(one) for one in (summary, other, summary)] == own
    assert own[0] != own[1]
