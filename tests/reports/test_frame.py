"""What Decree 30/2020 puts around a text, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from language.forms import day_in_words
from reports import frame, management
from reports.document import Document
from tests.reports.managed import managed


@pytest.fixture
def document() -> Document:
    """The management report of a small district."""
    return management.document(managed(), "vi")


@pytest.mark.parametrize(
    ("day", "lang", "says"),
    [
        ("2026-02-05", "vi", "ngày 05 tháng 02 năm 2026"),
        ("2026-01-31", "vi", "ngày 31 tháng 01 năm 2026"),
        ("2026-03-15", "vi", "ngày 15 tháng 3 năm 2026"),
        ("2026-12-09", "vi", "ngày 09 tháng 12 năm 2026"),
        ("2026-03-05", "en", "5 March 2026"),
    ],
)
def test_a_day_is_written_as_the_decree_has_it(
    document: Document, day: str, lang: str, says: str
) -> None:
    made = replace(document, day=day, lang=lang)
    assert day_in_words(day, lang) == says
    place = made.letterhead.place[lang]
    assert frame.place_and_day(made) == f"{place}, {says}"


def test_a_number_is_shown_and_else_left_to_the_clerk(document: Document) -> None:
    assert frame.number(replace(document, number="12")).startswith("Số: 12/")
    assert frame.number(document).startswith("Số: ……/")


def test_an_annex_names_the_report_it_goes_with(document: Document) -> None:
    made = frame.attached_to(replace(document, day="2026-02-05", number="12"))
    assert made.startswith("(Kèm theo Báo cáo số 12/")
    assert made.endswith(" ngày 05 tháng 02 năm 2026)")
