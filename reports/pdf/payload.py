"""A document as the data that the template sets: plain JSON, and the charts as files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from language.texts import Words, texts
from reports import charts, fonts
from reports.charts.look import PIXELS
from reports.document import Annex, Block, Chart, Document, Items, Table
from reports.frame import DOTS, attached_to, number, place_and_day
from reports.letters import visible
from reports.pdf.pieces import Text, pieces
from reports.widths import INSET, widths

UPRIGHT, ACROSS = 165.0, 252.0  #: millimetres between the margins
_BODY, _TABLE, _NARROW = 13.0, 10.5, 9.0  #: points; as templates/blocks.typ sets them
_TALL = 1000  #: letters of a cell that may be broken across pages
_SVG_WIDTH = re.compile(r'<svg [^>]*?width="([\d.]+)"')


def data(document: Document, described: tuple[str, str] | None) -> tuple[dict[str, Any], list[str]]:
    """What the template reads, and the charts it refers to.

    Args:
        document: what is said.
        described: name and description of the file that will be attached.
    """
    drawn: list[str] = []
    day = date.fromisoformat(document.day)
    issuer = _told(document.letterhead.issuer, document.lang)
    made = {
        "lang": document.lang,
        "region": "VN" if document.lang == "vi" else "GB",
        "font": fonts.FAMILY,
        "title": visible(f"{document.title} – {document.subject}"),
        "author": [visible(issuer)] if issuer else [],
        "day": [day.year, day.month, day.day],
        "kind": _line(document.title.upper()),
        "subject": _line(document.subject),
        "mark": _line(document.mark),
        "footer": pieces(document.footer, UPRIGHT, 7.5),
        "words": _words(document.lang),
        "letterhead": _letterhead(document),
        "signatures": list(document.signatures),
        "attachment": dict(zip(("name", "description"), described, strict=True))
        if described
        else None,
        "blocks": list(_blocks(document, drawn)),
    }
    return made, drawn


def _line(text: str) -> Text:
    return pieces(text, UPRIGHT, _BODY) if text else ""


def _told(words: Words, lang: str) -> str:
    return words.get(lang, "")


def _words(lang: str) -> dict[str, str]:
    say = texts(lang)
    return {
        "state": say("SOCIALIST REPUBLIC OF VIET NAM"),
        "motto": say("Independence - Freedom - Happiness"),
        "recipients": say("Recipients:"),
        "table": say("Table"),
        "figure": say("Figure"),
    }


def _letterhead(document: Document) -> dict[str, Any]:
    head, lang = document.letterhead, document.lang
    capacity = [_told(one, lang) for one in head.capacity]
    authority = [line.upper() for line in (_told(head.authority, lang), *capacity) if line]
    return {
        "superior": pieces(_told(head.superior, lang).upper(), 66, _BODY),
        "issuer": pieces(_told(head.issuer, lang).upper() or DOTS, 66, _BODY),
        "number": pieces(number(document), 66, _BODY),
        "place-and-day": pieces(place_and_day(document), 95, _BODY),
        "authority": [pieces(line, 88, _BODY) for line in authority or [DOTS]],
        "signer": pieces(head.signer or DOTS, 88, _BODY),
        "recipients": [pieces(_told(one, lang), 70, 11) for one in head.recipients],
    }


def _blocks(document: Document, drawn: list[str]) -> Iterator[dict[str, Any]]:
    across = False
    for one in document.blocks:
        if isinstance(one, Annex):
            across = one.landscape
        yield _block(one, document, drawn, across=across)


def _block(one: Block, document: Document, drawn: list[str], *, across: bool) -> dict[str, Any]:
    width = ACROSS if across else UPRIGHT
    if isinstance(one, Table):
        return _table(one, width, narrow=across)
    if isinstance(one, Chart):
        return _chart(one, drawn)
    if isinstance(one, Items):
        found = [pieces(text, width - 14, _BODY) for text in one.texts]
        return {"kind": "items", "texts": found}
    made = asdict(one) | {"kind": type(one).__name__.lower()}
    for name in ("text", "label", "title"):
        if name in made:
            made[name] = pieces(made[name], width - 10, _BODY)
    if isinstance(one, Annex):
        made["attached-to"] = pieces(attached_to(document), width, _BODY)
    return made


def _table(one: Table, width: float, *, narrow: bool) -> dict[str, Any]:
    size = _NARROW if narrow else _TABLE
    whole = widths(one.columns, width, size)
    inner = [one_of_them - INSET for one_of_them in whole]
    return {
        "kind": "table",
        "narrow": narrow,
        "tall": any(len(cell) > _TALL for row in one.rows for cell in row),
        "caption": pieces(one.caption, width, _BODY),
        "heads": _row([column.head for column in one.columns], inner, size),
        "widths": whole,
        "aligns": [column.align for column in one.columns],
        "rows": [_row(row, inner, size) for row in one.rows],
        "marks": list(one.marks),
    }


def _row(row: Sequence[str], widths: Sequence[float], size: float) -> list[Text]:
    return [pieces(cell, width, size) for cell, width in zip(row, widths, strict=True)]


def _chart(one: Chart, drawn: list[str]) -> dict[str, Any]:
    picture = charts.svg(one)
    found = _SVG_WIDTH.search(picture)
    natural = float(found[1]) / PIXELS if found else UPRIGHT
    drawn.append(picture)
    return {
        "kind": "chart",
        "caption": pieces(one.caption, UPRIGHT, _BODY),
        "alternative": visible(one.alternative),
        "file": f"chart-{len(drawn)}.svg",
        "width": min(natural, UPRIGHT),
    }
