"""A document for people as a list of blocks: what it says, apart from how it is set on paper.

`reports.management` and `reports.yearly` make blocks; `reports.pdf` and `reports.docx` set them.
So the two cannot say different things. Texts are plain: whoever sets them escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from reports.letterhead import Letterhead


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is numbered in Roman numerals by the text itself (``I. Phạm vi``)."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Justified text; ``style``: body, lead (the one-sentence answer), note (small: sources)."""

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Items:
    """A list without order."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its share of the width, and left or right."""

    head: str
    share: float = 1.0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may break across pages with its head repeated; no cell is ever cut.

    ``marks``: for each row "", "good", "bad" or "open"; shown so that print without colours has it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()


class Picture(Protocol):
    """What a chart shows, as data; equal ones are drawn once."""

    def __hash__(self) -> int: ...

    def plot(self) -> Any:
        """The plot, as lets-plot has it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, with what it shows in words for those who cannot see it."""

    caption: str
    alternative: str
    picture: Picture
    height: float  #: millimetres


@dataclass(frozen=True, slots=True)
class Annex:
    """What follows stands on new pages: ``Phụ lục I`` and its title; wide tables lie across."""

    label: str
    title: str
    landscape: bool = False


Block = Heading | Paragraph | Items | Table | Chart | Annex


@dataclass(frozen=True, slots=True)
class Document:
    """One document in one language.

    ``number`` is empty where a clerk writes it in; ``day`` is ISO; ``mark`` stands on every page
    (simulated data says so there); ``signatures`` names the empty fields for digital signatures.
    """

    lang: str
    letterhead: Letterhead
    title: str
    subject: str
    number: str
    day: str
    blocks: tuple[Block, ...]
    footer: str  #: which figures it rests on: the report's id and the hash of its data
    mark: str = ""
    signatures: tuple[str, ...] = ("person", "agency")
