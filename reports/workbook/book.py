"""The workbook as a file: properties, sheets in their order, the same bytes for the same input."""

from __future__ import annotations

import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from xlsxwriter.workbook import Workbook

from language.texts import texts
from reports import plain
from reports.summary import Summary
from reports.visible import visible
from reports.workbook.setting import Frame, Setting
from reports.workbook.sheet import Sheet
from reports.workbook.styles import Styles
from reports.workbook.words import SIMULATED, tones

MOST_IN_MEMORY = 2_000  #: machines; with more, rows go to disk as they are written (slower, larger)

#: no text is ever taken for anything else
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def written(summary: Summary, lang: str, sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one file."""
    made = io.BytesIO()
    large = len(summary.devices) > MOST_IN_MEMORY
    book = Workbook(made, _OPTIONS | {"constant_memory": large, "in_memory": not large})
    _properties(book, summary, lang)
    frame = _frame(book, summary, lang, sheets[0].name)
    pages = [book.add_worksheet(sheet.name) for sheet in sheets]  # links may lead on
    for page, sheet in zip(pages, sheets, strict=True):
        Setting(page, sheet, frame).all()
    book.close()
    return made.getvalue()


def _frame(book: Workbook, summary: Summary, lang: str, home: str) -> Frame:
    say = texts(lang)
    return Frame(
        say=say,
        styles=Styles(book, lang),
        zone=ZoneInfo(summary.zone),
        mark=say(SIMULATED) if summary.simulated else "",
        footer=f"{summary.id} · SHA-256 {plain.digest_of(summary)[:16]}…",
        home=home,
        tones=tones(say),
    )


def _properties(book: Workbook, summary: Summary, lang: str) -> None:
    say = texts(lang)
    book.set_properties(
        {
            "title": visible(summary.policy_title.get(lang, summary.policy)),
            "subject": visible(summary.id),
            "author": visible(summary.letterhead.issuer.get(lang, "")) or "Rà Soát",
            "comments": say(SIMULATED) if summary.simulated else "",
            "created": summary.generated_at.replace(tzinfo=None, microsecond=0),
        }
    )
