"""CSV for people, CSV and NDJSON for programs: the same findings, and nothing that runs."""

import csv
import io
import json

import pytest

from reports import delimited
from reports.delimited import FORMULA
from reports.faces import render
from reports.plain_csv import HEAD
from tests.reports.hostile import HOSTILE, HOSTILE_STRINGS
from tests.reports.hostile_summary import poisoned

EVERY = pytest.mark.parametrize("evil", HOSTILE_STRINGS, ids=[why for _, why in HOSTILE])


@EVERY
@pytest.mark.parametrize(("face", "between"), [("csv", ";"), ("csv-plain", ",")])
def test_no_cell_starts_a_formula(summary, evil, face, between):
    text = render(poisoned(summary, evil), face, "en").decode()
    assert text.startswith("\ufeff") == (face == "csv")
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    rows = list(csv.reader(lines, delimiter=between))
    assert len(rows) == 1 + 3
    assert {len(row) for row in rows} == {len(rows[0])}
    for cell in (cell for row in rows for cell in row):
        assert cell.lstrip(" \u00a0\u3000\u200b\ufeff")[:1] not in FORMULA or not cell.strip()


def test_without_the_protection_cells_do_start_formulas(summary, monkeypatch):
    monkeypatch.setattr(delimited, "safe_cell", lambda text: text)
    started = 0
    for evil in HOSTILE_STRINGS:
        text = render(poisoned(summary, evil), "csv", "en").decode().removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
        started += any(cell[:1] in FORMULA for row in rows for cell in row if cell)
    assert started >= 5


def test_the_plain_table_is_rfc_4180_in_codes_and_utc(summary):
    text = render(poisoned(summary, "MÁY-01"), "csv-plain", "vi").decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == HEAD
    assert text.count("\r\n") == 4
    assert rows[0]["received_at"] == "2026-11-23T01:30:00Z"
    assert [one["result"] for one in rows] == ["pass", "fail", "unknown"]
    assert rows[0]["unit"] == "U-1"
    assert rows[2]["received_at"] == ""


@EVERY
def test_lines_are_json_each_and_texts_are_as_they_came(summary, evil):
    made = render(poisoned(summary, evil), "ndjson", "vi")
    lines = [json.loads(line) for line in made.decode().removesuffix("\n").split("\n")]
    kinds = [one["type"] for one in lines]
    assert kinds == ["report", "rule", *["device", "finding"] * 3, "beside"]
    assert lines[0]["generated_at"] == "2026-11-23T08:00:00Z"
    assert lines[0]["simulated"] is True
    told = evil.replace("\ud800", "?")
    assert [one["name"] for one in lines if one["type"] == "device"] == [told] * 3
