"""Pieces of WordprocessingML: an element with its attributes and children in one call."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.letters import visible

TWIPS = 1440 / 25.4  #: of a millimetre

Element = Any  #: lxml publishes no types


def element(tag: str, /, *children: Element, **attributes: str | float) -> Element:
    """``element("w:ind", left=10)`` is ``<w:ind w:left="10"/>``; numbers become whole."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value if isinstance(value, str) else str(round(value)))
    made.extend(children)
    return made


def run(text: str) -> Element:
    """Text of a document, what cannot be printed shown by its number."""
    words = element("w:t")
    words.set(qn("xml:space"), "preserve")
    words.text = visible(text)
    return element("w:r", words)


def field(code: str, shown: str) -> Element:
    """A field that Word counts by itself; ``shown`` stands until it does."""
    return element("w:fldSimple", run(shown), instr=f" {code} ")


def paragraph(style: str, *children: Element, **indents: float) -> Element:
    """A paragraph in a style by its id; ``indents``: ``left`` and ``right`` in twips."""
    about = element("w:pPr", element("w:pStyle", val=style))
    if indents:
        about.append(element("w:ind", **indents))
    return element("w:p", about, *children)


def line(style: str, text: str) -> Element:
    """A paragraph that holds one text."""
    return paragraph(style, run(text))


def rule(length: float, width: float) -> Element:
    """A straight line in the middle of a place; both in millimetres."""
    aside = max(width - length, 0) / 2 * TWIPS
    return paragraph("Rule", left=aside, right=aside)


def spacer() -> Element:
    """A small distance: behind a table, which has none of its own."""
    return paragraph("Spacer")
