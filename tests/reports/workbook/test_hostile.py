"""No text of a machine becomes a formula, a link or XML in the workbook; all of them are there."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from xlsxwriter.workbook import Workbook

from language.texts import texts
from reports.faces import render
from reports.visible import visible
from reports.workbook import book
from reports.workbook.cells import safe
from tests.reports.hostile import HOSTILE, HOSTILE_STRINGS
from tests.reports.hostile_summary import poisoned


def formulas(made: bytes) -> list[str]:
    """Every formula cell, by its sheet and place, as openpyxl and as the XML have it."""
    found = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in openpyxl.load_workbook(io.BytesIO(made))
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        pages = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(pages) >= 1
        return found + [name for name in pages if b"<f>" in parts.read(name)]


def outward(made: bytes) -> list[str]:
    """Every relation that leads out of the file."""
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        rels = [name for name in parts.namelist() if name.endswith(".rels")]
        return [name for name in rels if b"External" in parts.read(name)]


def test_the_list_is_long_and_says_what_each_is_for():
    assert len(HOSTILE) >= 30
    assert all(purpose for _, purpose in HOSTILE)
    assert len(set(HOSTILE_STRINGS)) == len(HOSTILE)


@pytest.mark.parametrize("large", [False, True], ids=["in memory", "rows on disk"])
@pytest.mark.parametrize("evil", HOSTILE_STRINGS, ids=[purpose for _, purpose in HOSTILE])
def test_it_is_a_text_wherever_it_stands(summary, evil, large, monkeypatch):
    monkeypatch.setattr(book, "MOST_IN_MEMORY", 0 if large else 2_000)
    made = render(poisoned(summary, evil), "xlsx", "vi")
    assert formulas(made) == []
    assert outward(made) == []
    shown = {
        value
        for sheet in openpyxl.load_workbook(io.BytesIO(made))
        for row in sheet.iter_rows(values_only=True)
        for value in row
    }
    if large:  # openpyxl undoes Excel's escapes in shared strings alone
        shown = {unescape(one) for one in shown if isinstance(one, str)}
    assert safe(evil, texts("vi")) in shown


def test_a_writer_without_the_protection_does_make_formulas_and_links():
    made = io.BytesIO()
    plain = Workbook(made)
    page = plain.add_worksheet()
    for row, evil in enumerate(HOSTILE_STRINGS):
        if not evil.startswith("<r>"):  # that one breaks the whole file: see below
            page.write(row, 0, visible(evil))
    plain.close()
    assert len(formulas(made.getvalue())) >= 4
    assert outward(made.getvalue())


def test_xlsxwriter_would_write_rich_text_raw_and_that_is_why_a_space_is_added():
    attack = next(text for text, purpose in HOSTILE if "raw XML" in purpose)
    made = io.BytesIO()
    plain = Workbook(made)
    plain.add_worksheet().write_string(0, 0, attack)
    plain.close()
    with zipfile.ZipFile(made) as parts:
        assert attack.encode() in parts.read("xl/sharedStrings.xml")
    assert safe(attack, texts("en")) == attack + " "


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    cut = safe("🖥" * 20_000, texts("en"))
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert cut.endswith("… [cut here: the text has 20000 characters]")
    assert safe("ệ" * 32_767, texts("en")) == "ệ" * 32_767
