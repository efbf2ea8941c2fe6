"""An empty Word file with our styles, one language, and nothing of the library's own template."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from language.forms import MARKS
from reports.document import Document
from reports.letters import visible

LANGUAGE = {"vi": "vi-VN", "en": "en-US"}
LONGEST = 255  #: characters that a property of a document may have
_OURS = {KIND.STYLES: "styles.xml", KIND.NUMBERING: "numbering.xml", KIND.SETTINGS: "settings.xml"}
_KEPT = {*_OURS, KIND.THEME, KIND.FONT_TABLE}


def blank(document: Document) -> Any:
    """The file that ``document`` is set into; its properties name it."""
    made = docx.Document()
    part = made.part
    for name, related in list(part.rels.items()):
        if related.reltype in _OURS:
            _fill(related.target_part, _template(_OURS[related.reltype]))
        elif related.reltype not in _KEPT:
            del part.rels[name]
    package = part.package
    for name, related in list(package.rels.items()):
        if related.reltype not in {KIND.OFFICE_DOCUMENT, KIND.CORE_PROPERTIES}:
            del package.rels[name]
    _speak(part, document.lang)
    _describe(made.core_properties, document)
    return made


def _template(name: str) -> bytes:
    return (resources.files("reports.docx") / "template" / name).read_bytes()


def _fill(part: Any, xml: bytes) -> None:
    """Put our XML in the place of the library's."""
    part._element = parse_xml(xml)  # noqa: SLF001 - the library has no door for a template in pieces


def _speak(part: Any, lang: str) -> None:
    """One language for spelling, for reading aloud and for numbers."""
    for one in part.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), LANGUAGE[lang])
    settings = part.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), LANGUAGE[lang])
    decimal, _ = MARKS[lang]
    settings.find(qn("w:decimalSymbol")).set(qn("w:val"), decimal)
    settings.find(qn("w:listSeparator")).set(qn("w:val"), ";" if decimal == "," else ",")


def _describe(about: Any, document: Document) -> None:
    """Properties of the document; its day stands for the times, so that bytes do not change."""
    at = datetime.fromisoformat(document.day).replace(tzinfo=UTC)
    about.title = visible(f"{document.title} – {document.subject}")[:LONGEST]
    about.subject = visible(document.subject)[:LONGEST]
    about.author = visible(document.letterhead.issuer.get(document.lang, ""))[:LONGEST]
    about.last_modified_by = "Rà Soát"
    about.comments = visible(document.footer)[:LONGEST]
    about.keywords = visible(document.mark)[:LONGEST]
    about.language = LANGUAGE[document.lang]
    about.created = about.modified = at
    about.revision = 1
