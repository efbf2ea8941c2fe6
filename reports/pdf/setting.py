"""Documents set by Typst: tagged PDF/A-3a and PDF/UA-1, the same bytes for the same document.

PDF/A-3 and not 2, because the figures are attached, and PDF/A-2 allows no attachment that is not
itself PDF/A.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import typst

from language.texts import texts
from reports import fonts
from reports.document import Document
from reports.evidence import NAME
from reports.pdf import payload

STANDARDS = ("a-3a", "ua-1")
_PAGE_HEIGHT = 297 * 72 / 25.4  #: points; signatures stand on upright pages


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature belongs, in PDF's own coordinates: points from the lower left corner."""

    name: str
    page: int  #: the first is 1
    left: float
    bottom: float
    right: float
    top: float


def set_document(document: Document, attachment: bytes | None = None) -> bytes:
    """The document as PDF; ``attachment``: its figures as JSON, which go into the file."""
    return compiled(document, files(document, attachment))


def compiled(document: Document, known: dict[str, bytes]) -> bytes:
    """The PDF of a document whose files are made."""
    day = datetime.fromisoformat(document.day).replace(tzinfo=UTC)
    compiling: Any = typst.compile  # its types do not know of several files in memory
    made: bytes = compiling(
        known,
        font_paths=[str(fonts.FOLDER)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=int(day.timestamp()),
    )
    return made


def places(document: Document) -> tuple[Place, ...]:
    """Where the signatures belong that the document names."""
    return places_in(document, files(document, None))


def places_in(document: Document, known: dict[str, bytes]) -> tuple[Place, ...]:
    """As `places`, by files that are made: Typst still has in mind those that it has compiled."""
    query: Any = typst.query  # as above
    found = query(
        dict(known),
        "metadata",
        font_paths=[str(fonts.FOLDER)],
        ignore_system_fonts=True,
    )
    at = {one["label"]: one["value"] for one in msgspec.json.decode(found)}
    return tuple(_place(name, at[f"<sign-{name}>"]) for name in document.signatures)


def _place(name: str, at: dict[str, Any]) -> Place:
    return Place(
        name=name,
        page=at["page"],
        left=at["x"],
        bottom=_PAGE_HEIGHT - at["y"] - at["height"],
        right=at["x"] + at["width"],
        top=_PAGE_HEIGHT - at["y"],
    )


def files(document: Document, attachment: bytes | None) -> dict[str, bytes]:
    """All that Typst sees: the templates, the data, the charts and what is attached."""
    say = texts(document.lang)
    described = say("Figures of this report, as JSON")
    data, drawn = payload.data(document, (NAME, described) if attachment is not None else None)
    made = {"data.json": msgspec.json.encode(data)}
    made |= {f"chart-{n}.svg": one.encode() for n, one in enumerate(drawn, start=1)}
    if attachment is not None:
        made["attachment"] = attachment
    return {"main.typ": _templates()["document.typ"], **_templates(), **made}


@cache
def _templates() -> dict[str, Any]:
    folder = resources.files("reports.pdf") / "templates"
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.name.endswith(".typ")}
