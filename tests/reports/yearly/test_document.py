"""The form as blocks, and as the Word file and the PDF that come of it."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest
from pypdf import PdfReader

from language.texts import both
from reports import pdf
from reports.document import Annex, Document, Paragraph, Table
from reports.docx import set_document
from reports.yearly import YearlyForm, document
from reports.yearly.systems import DEPLOYMENT, DOSSIER

LAYOUT = {
    "vi": "bố cục theo nguồn thứ cấp, cần đối chiếu với Công báo",
    "en": "layout from third-party sources, check against the gazette",
}


def table(made: Document, place: int) -> Table:
    return [one for one in made.blocks if isinstance(one, Table)][place]


def test_the_systems_have_twelve_columns_and_the_fixed_words(form: YearlyForm) -> None:
    made = table(document(form, "vi"), 1)
    assert len(made.columns) == 12
    lan, site = made.rows
    assert lan[1:6] == ("Mạng nội bộ", "UBND xã", "Văn phòng", "2", "Đã được phê duyệt")
    assert lan[6:9] == ("12/QĐ-UBND, 01/09/2026", "Đã triển khai đầy đủ", "15/10/2026")
    assert lan[9:] == ("2/7", "30/06/2027", "Không")
    assert site[2:11] == ("……",) * 9


def test_the_fixed_words_are_those_of_the_form() -> None:
    assert "/".join(both(one)["vi"] for one in DOSSIER) == (
        "Đang dự thảo/Đã gửi thẩm định/Đã thẩm định/Đã được phê duyệt"
    )
    assert "/".join(both(one)["vi"] for one in DEPLOYMENT) == (
        "Chưa triển khai/Đã triển khai một số hạng mục/Đã triển khai đầy đủ"
    )


def test_every_requirement_stands_once_with_its_status(form: YearlyForm) -> None:
    made = table(document(form, "en"), 2)
    assert [row[1] for row in made.rows] == [one.id for one in form.requirements]
    assert [row[3] for row in made.rows] == [
        *("Not fully met", "Not fully met"),
        *("…… (cannot be told)",) * 3,
        *("Fully met", "Fully met", "Not applicable"),
    ]
    assert made.rows[0][5:] == ("Bật tường lửa (en)", "2027-03-31")
    assert made.rows[1][5:] == ("……", "……")
    assert made.rows[2][5:] == ("", "")


def test_the_lead_counts_every_requirement(form: YearlyForm) -> None:
    blocks = document(form, "en").blocks
    leads = [one.text for one in blocks if isinstance(one, Paragraph) and one.style == "lead"]
    counts = "2 met, 2 not fully met, 1 not applicable, 3 that cannot be told."
    assert leads == [f"Of 8 requirements in the catalogue: {counts}"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_says_that_the_layout_was_not_verified(form: YearlyForm, lang: str) -> None:
    made = document(form, lang)
    assert LAYOUT[lang] in made.mark
    assert LAYOUT[lang] in made.footer
    notes = [one for one in made.blocks if isinstance(one, Paragraph) and one.style == "note"]
    assert len(notes) == 2
    file = docx.Document(io.BytesIO(set_document(made)))
    above = (file.sections[0].first_page_header, file.sections[0].header)
    assert all(LAYOUT[lang] in one.paragraphs[-1].text for one in above)
    pages = PdfReader(io.BytesIO(pdf.set_document(made))).pages
    assert len(pages) >= 4
    for page in pages:
        assert LAYOUT[lang] in " ".join(page.extract_text().split())


def test_both_files_say_the_same(form: YearlyForm) -> None:
    made = document(form, "vi")
    file = docx.Document(io.BytesIO(set_document(made)))
    word = {cell.text for one in file.tables for row in one.rows for cell in row.cells}
    paper = " ".join(
        " ".join(
            page.extract_text() for page in PdfReader(io.BytesIO(pdf.set_document(made))).pages
        ).split()
    )
    cells = {
        cell for one in made.blocks if isinstance(one, Table) for row in one.rows for cell in row
    }
    assert len(cells) > 40
    assert cells <= word
    short = {cell for cell in cells if " " not in cell}
    assert {cell for cell in short if cell not in paper} == set()


def test_without_an_inspected_system_nothing_is_said_of_requirements(form: YearlyForm) -> None:
    lan = replace(form.systems[0], inspected=False, plans=())
    made = document(replace(form, systems=(lan,), requirements=(), machines=None), "vi")
    labels = [one.label for one in made.blocks if isinstance(one, Annex)]
    assert labels == ["PHỤ LỤC I", "PHỤ LỤC II"]
    assert any("Chưa có yêu cầu nào" in getattr(one, "text", "") for one in made.blocks)
    assert table(made, 1).rows[0][9] == "……"


def test_simulated_machines_are_called_so(form: YearlyForm) -> None:
    assert "MÔ PHỎNG" in document(replace(form, simulated=True), "vi").mark
    assert "MÔ PHỎNG" not in document(form, "vi").mark


def test_another_figure_gives_another_hash(form: YearlyForm) -> None:
    other = replace(form, requirements=form.requirements[:-1])
    assert form.digest in document(form, "vi").footer
    assert len({form.digest, other.digest, replace(form, day="2026-12-13").digest}) == 3
