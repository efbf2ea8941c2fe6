"""What the form of Decree 30/2020 writes around a text: its number, its place and its day."""

from __future__ import annotations

from language.forms import day_in_words
from language.texts import texts
from reports.document import Document

DOTS = "……………………"  #: to be filled in by hand


def number(document: Document) -> str:
    """Number and symbol; dots where a clerk writes them in."""
    say = texts(document.lang)
    return say("No. {number}", number=_number(document))


def place_and_day(document: Document) -> str:
    """``Bảo Yên, ngày 05 tháng 02 năm 2026``."""
    place = document.letterhead.place.get(document.lang) or "…………"
    return f"{place}, {day_in_words(document.day, document.lang)}"


def attached_to(document: Document) -> str:
    """What stands below an annex' title."""
    say = texts(document.lang)
    return say(
        "(Attached to report {number} of {day})",
        number=_number(document),
        day=day_in_words(document.day, document.lang),
    )


def _number(document: Document) -> str:
    return f"{document.number or '……'}/{document.letterhead.symbol or 'BC-……'}"
