"""`rasoat report yearly` on the simulated district: what is refused, what is written, what is 1."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from inventory.times import office_day
from rasoat.commands import report_yearly
from reports.yearly.systems_file import FILE
from tests.rasoat.conftest import called
from tests.reports.yearly.conftest import LAN, last_day

TODAY = office_day(datetime.now(UTC))
YEAR = max(int(TODAY[:4]), 2026)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated district with its systems written down."""
    folder = tmp_path_factory.mktemp("yearly") / "dữ liệu"
    assert called("demo", folder, "--machines", 40).code == 0
    refused = called("--data", folder, "report", "yearly")
    assert refused.code == 2
    assert f"{folder / FILE}: not there" in refused.err
    assert "rasoat report yearly --template" in refused.err
    assert called("--data", folder, "report", "yearly", "--template").code == 0
    assert called("--data", folder, "report", "template").code == 0
    return folder


def cells(file: Path) -> list[list[str]]:
    """Every row of the tables of a Word file."""
    return [
        [cell.text for cell in row.cells]
        for one in docx.Document(io.BytesIO(file.read_bytes())).tables
        for row in one.rows
    ]


@pytest.mark.slow
def test_the_form_is_written_in_both_formats_and_says_what_is_open(data: Path) -> None:
    done = called("--data", data, "--lang", "vi", "report", "yearly", "--year", YEAR)
    assert done.code == 1, done.err
    assert "Còn thiếu: " in done.err
    word = data / "reports" / f"yearly-{YEAR}-vi.docx"
    rows = cells(word)
    lan = next(row for row in rows if len(row) == 12 and row[0] == "1")
    assert lan[5] == "Đã được phê duyệt"
    assert lan[9].endswith("/24")
    assert sum(len(row) == 7 and row[0].isdigit() for row in rows) == 24
    paper = data / "form.pdf"
    called("--data", data, "report", "yearly", "--format", "pdf", "--lang", "en", "--out", paper)
    text = " ".join(page.extract_text() for page in PdfReader(paper).pages)
    assert "SIMULATED DATA" in text
    assert "What is missing and who must supply it" in " ".join(text.split())


@pytest.mark.slow
def test_what_a_person_states_stands_on_the_form(data: Path) -> None:
    until = office_day(datetime.now(UTC) + timedelta(days=200))
    given = ("attest", "give", "tcvn-14423-2026", "4.12.2.1", "--status", "met", "--until", until)
    who = ("--by", "Trần Thị Mô Phỏng", "--why", "sơ đồ mạng, hồ sơ 12")
    out = data / "form.docx"
    write = ("--data", data, "--lang", "en", "report", "yearly", "--out", out)
    assert called(*write).code == 1
    before = next(row for row in cells(out) if row[1:2] == ["4.12.2.1"])
    assert before[3] == "…… (cannot be told)"
    assert called("--data", data, *given, *who).code == 0
    assert called(*write).code == 1
    after = next(row for row in cells(out) if row[1:2] == ["4.12.2.1"])
    assert after[3] == "Fully met"
    assert "Trần Thị Mô Phỏng" in after[4]


def test_a_file_that_is_there_is_not_written_over(data: Path) -> None:
    before = (data / FILE).read_bytes()
    done = called("--data", data, "report", "yearly", "--template")
    assert (done.code, (data / FILE).read_bytes()) == (2, before)
    assert "is there already" in done.err


def test_a_year_that_has_not_begun_is_refused(data: Path) -> None:
    done = called("--data", data, "report", "yearly", "--year", YEAR + 2)
    assert done.code == 2
    assert f"its period begins on {YEAR + 1}-12-15" in done.err


def test_a_mistake_in_the_file_is_named_with_its_place(data: Path, tmp_path: Path) -> None:
    good = (data / FILE).read_text(encoding="utf-8")
    try:
        (data / FILE).write_text("systems:\n  - name: A\n    level: 7\n", encoding="utf-8")
        done = called("--data", data, "report", "yearly", "--out", tmp_path / "f.docx")
    finally:
        (data / FILE).write_text(good, encoding="utf-8")
    assert done.code == 2
    assert f"{FILE}:3:12: level: 7 is no level" in done.err
    assert not (tmp_path / "f.docx").exists()


def test_a_whole_form_on_which_all_is_met_ends_with_0(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = last_day()
    met = tuple(one for one in form.requirements if one.status == "met")
    whole = replace(form, systems=(LAN,), requirements=met, unverified="")
    write = ("--data", data, "report", "yearly", "--out", tmp_path / "f.docx")
    for made, code in ((whole, 0), (replace(whole, day="2026-12-13"), 1), (form, 1)):
        monkeypatch.setattr(report_yearly, "filled", lambda *_, made=made: made)
        assert called(*write).code == code
