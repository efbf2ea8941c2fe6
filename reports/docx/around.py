"""What Decree 30/2020 puts around the text: agency and state above it, recipients and signer below.

Both are tables without lines, which is how offices set them in Word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from language.texts import Words, texts
from reports.document import Document
from reports.docx.elements import TWIPS, element, line, paragraph, rule
from reports.docx.pages import UPRIGHT
from reports.frame import DOTS, number, place_and_day

AGENCY = 68.0  #: millimetres at the left, above the text
SIGNER = 90.0  #: millimetres at the right, below it
HAND = 27.0  #: millimetres left free for the signature and the seal
AGENCY_RULE, SUBJECT_RULE = 22.0, 45.0  #: millimetres
MOTTO_RULE = {"vi": 56.0, "en": 73.0}  #: millimetres: as wide as the motto, which it underlines


def above(document: Document) -> tuple[Any, ...]:
    """Agency, state and motto, number, place and day; then the kind of document and its subject."""
    aside = UPRIGHT - AGENCY
    numbered = line("NumberLine", number(document))
    dated = line("PlaceAndDay", place_and_day(document))
    rows = (
        (list(_agency(document)), list(_state(document, aside))),
        ([numbered], [dated]),
    )
    return (
        _grid((AGENCY, aside), rows),
        line("Title", document.title.upper()),
        line("Subtitle", document.subject),
        rule(SUBJECT_RULE, UPRIGHT),
        paragraph("Spacer"),
    )


def below(document: Document) -> tuple[Any, ...]:
    """Recipients at the left; whoever signs, with room for it, at the right; never torn apart."""
    sides = list(_recipients(document)), list(_signer(document))
    apart = paragraph("Spacer")
    apart.pPr.get_or_add_keepNext()
    return apart, _grid((UPRIGHT - SIGNER, SIGNER), (sides,))


def _agency(document: Document) -> Iterator[Any]:
    superior = _told(document.letterhead.superior, document)
    if superior:
        yield line("Superior", superior.upper())
    yield line("Issuer", (_told(document.letterhead.issuer, document) or DOTS).upper())
    yield rule(AGENCY_RULE, AGENCY)


def _state(document: Document, width: float) -> Iterator[Any]:
    say = texts(document.lang)
    yield line("State", say("SOCIALIST REPUBLIC OF VIET NAM"))
    yield line("Motto", say("Independence - Freedom - Happiness"))
    yield rule(MOTTO_RULE[document.lang], width)


def _recipients(document: Document) -> Iterator[Any]:
    say = texts(document.lang)
    named = [_told(one, document) for one in document.letterhead.recipients]
    if named:
        yield line("RecipientsHead", say("Recipients:"))
    yield from (line("Recipient", one) for one in named)


def _signer(document: Document) -> Iterator[Any]:
    head = document.letterhead
    lines = [_told(head.authority, document), *(_told(one, document) for one in head.capacity)]
    for one in [one for one in lines if one] or [DOTS]:
        yield line("Signer", one.upper())
    free = paragraph("Signer")
    free.pPr.append(element("w:spacing", before=HAND * TWIPS))
    yield free
    yield line("Signer", head.signer or DOTS)


def _told(words: Words, document: Document) -> str:
    return words.get(document.lang, "")


def _grid(widths: Sequence[float], rows: Sequence[Sequence[list[Any]]]) -> Any:
    """A table without lines; every cell is a list of paragraphs."""
    about = element(
        "w:tblPr",
        element("w:tblW", w=sum(widths) * TWIPS, type="dxa"),
        element("w:tblLayout", type="fixed"),
    )
    columns = element("w:tblGrid", *(element("w:gridCol", w=one * TWIPS) for one in widths))
    return element("w:tbl", about, columns, *(_row(widths, cells) for cells in rows))


def _row(widths: Sequence[float], cells: Sequence[list[Any]]) -> Any:
    made = element("w:tr", element("w:trPr", element("w:cantSplit")))
    for width, inside in zip(widths, cells, strict=True):
        about = element("w:tcPr", element("w:tcW", w=width * TWIPS, type="dxa"))
        made.append(element("w:tc", about, *(inside or [paragraph("Normal")])))
    return made
