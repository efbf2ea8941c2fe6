"""The file as LibreOffice lays it out: numbers, marks, heads and every row, page by page."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.document import Document, Items, Paragraph, Table
from reports.docx import set_document
from tests.conftest import require
from tests.reports.docx.conftest import COLUMNS, document

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
ROWS = 120


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text of each page."""
    made = document(rows=ROWS)
    return laid_out(made, tmp_path_factory.mktemp("docx"))


def laid_out(made: Document, folder: Path) -> list[str]:
    require("LibreOffice Writer", shutil.which("soffice") is not None)
    file = folder / "báo cáo.docx"
    file.write_bytes(set_document(made))
    done = subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "pdf", "--outdir", str(folder), str(file)),
        ],
        check=False,
        capture_output=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    return [page.extract_text() for page in PdfReader(file.with_suffix(".pdf")).pages]


def test_every_page_but_the_first_has_its_number_above(pages: list[str]) -> None:
    assert len(pages) >= 5
    for place, text in enumerate(pages, start=1):
        alone = re.findall(r"(?m)^\s*(\d+)\s*$", text)
        assert (str(place) in alone) == (place > 1), text[:200]


def test_every_page_has_the_mark_and_what_it_rests_on(pages: list[str]) -> None:
    for text in pages:
        assert "DỮ LIỆU MÔ PHỎNG" in text
        assert "SHA-256" in text


def test_no_row_is_lost_and_the_head_stands_on_every_page_of_the_table(pages: list[str]) -> None:
    annex = [text for text in pages if "MAY-" in text][1:]
    assert len(annex) >= 3
    assert all("Tên máy" in text for text in annex)
    rows = [row for text in annex for row in re.findall(r"MAY-\d{4}", text)]
    assert rows == [f"MAY-{n:04d}" for n in range(ROWS)]


def test_ten_thousand_letters_are_all_there(tmp_path: Path) -> None:
    text = "W" * 3000 + " " + "Q" * 7000
    tall = Table("", COLUMNS, (("a", text, "c", "1"), ("z", "b", "c", "1")))
    made = replace(document(), mark="", blocks=(Paragraph(text), Items((text,)), tall))
    seen = "".join(laid_out(made, tmp_path))
    assert (seen.count("W"), seen.count("Q")) == (9000, 21_000)
