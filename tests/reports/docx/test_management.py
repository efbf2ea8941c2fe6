"""The management report in Word says what its blocks say, and its figures are the summary's."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn

from reports import management
from reports.document import Chart, Document, Heading, Items, Paragraph, Table
from reports.faces import render
from reports.letters import visible
from tests.reports.managed import managed


def said(made: Document) -> list[str]:
    """Every text of the blocks, in their order."""
    found: list[str] = []
    for one in made.blocks:
        if isinstance(one, Heading | Paragraph):
            found.append(one.text)
        elif isinstance(one, Items):
            found += one.texts
        elif isinstance(one, Table):
            found += [column.head for column in one.columns]
            found += [cell for row in one.rows for cell in row]
    return [visible(one) for one in found if one]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_text_of_the_blocks_stands_in_the_file_in_its_order(lang: str) -> None:
    summary = managed(simulated=True)
    made = management.document(summary, lang)
    file = docx.Document(io.BytesIO(render(summary, "docx", lang)))
    words = iter(
        "".join(t.text or "" for t in p.iter(qn("w:t"))) for p in file.element.body.iter(qn("w:p"))
    )
    texts = said(made)
    assert len(texts) > 100
    assert [one for one in texts if one not in words] == []  # each is sought behind the last
    assert summary.headline.sentence[lang] in texts
    charts = [one for one in made.blocks if isinstance(one, Chart)]
    assert len(file.inline_shapes) == len(charts) >= 2
    assert made.mark in file.sections[0].first_page_header.paragraphs[0].text


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert render(managed(), "docx", "vi") == render(managed(), "docx", "vi")
