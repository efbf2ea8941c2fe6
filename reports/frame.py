"""What the form of Decree 30/2020 writes around a text: its number, its place and its day."""

from __future__ import annotations

from datetime import date

from language.texts import texts
from reports.document import Document

DOTS = "……………………"  #: to be filled in by hand
_LAST_WITH_A_ZERO = 2  #: months 1 and 2 are written with a zero before them, so that none is added


def number(document: Document) -> str:
    """Number and symbol; dots where a clerk writes them in."""
    say = texts(document.lang)
    return say("No. {number}", number=_number(document))


def place_and_day(document: Document) -> str:
    """``Bảo Yên, ngày 05 tháng 02 năm 2026``."""
    place = document.letterhead.place.get(document.lang) or "…………"
    return f"{place}, {day_in_words(document)}"


def attached_to(document: Document) -> str:
    """What stands below an annex' title."""
    say = texts(document.lang)
    return say(
        "(Attached to report {number} of {day})",
        number=_number(document),
        day=day_in_words(document),
    )


def day_in_words(document: Document) -> str:
    """The document's day; a day below 10 and the months 1 and 2 with a zero."""
    day = date.fromisoformat(document.day)
    if document.lang == "en":
        return f"{day.day} {day:%B %Y}"
    month = f"{day.month:02d}" if day.month <= _LAST_WITH_A_ZERO else f"{day.month}"
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _number(document: Document) -> str:
    return f"{document.number or '……'}/{document.letterhead.symbol or 'BC-……'}"
