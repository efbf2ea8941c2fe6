"""Texts that want to be more than text: none becomes a field, a link or an order of letters."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from reports.docx import set_document
from reports.letters import visible
from tests.reports.docx.conftest import document, with_everything

HOSTILE = (
    "<script>alert(1)</script>",
    "</w:t></w:r><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    '=cmd|"/c calc"!A1',
    "+1+1",
    "@SUM(1)",
    "-2+3",
    '=HYPERLINK("http://evil.example","x")',
    "{ DDEAUTO cmd }",
    "{ INCLUDEPICTURE http://evil.example/x }",
    "{{ 7*7 }} {% raw %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "#set page(width: 1pt)",
    "%s %n {0} {name}",
    "exe.gpj\u202eevil",
    "\u2066a\u2069 \u200f b",
    "שלום",
    "zero\u200bwidth\ufeff",
    "nul\x00bell\x07esc\x1b[31m",
    "line\nfeed\r\ttab\x0b\x0c",
    "lone \ud800 surrogate",
    "no character \ufffe \uffff",
    "\U0001f600 \U0010ffff",
    "a\u0301\u0323 e\u0302\u0301",
    "../../etc/passwd",
    "javascript:alert(1)",
    "' OR 1=1 --",
    "&amp;&lt;&#x41;",
    " leading and trailing ",
    "x" * 10_000,
)
WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FORBIDDEN = {"instrText", "altChunk", "object", "hyperlink", "fldChar", "subDoc", "control"}
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\ufffe]")
FIELDS = re.compile(r" (PAGE|SEQ (Table|Figure) \\\* ARABIC) ")


def dangers(file: bytes) -> list[str]:
    """What in a Word file is more than text and our own few fields."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                found += (f"{name}: {one}" for one in _of_part(archive.read(name)))
    return found


def _of_part(xml: bytes) -> list[str]:
    found = ["a document type"] if b"<!DOCTYPE" in xml else []
    for one in parse_xml(xml).iter():
        name = str(one.tag).removeprefix(WORDS)
        instruction = one.get(f"{WORDS}instr", "")
        if name in FORBIDDEN or (name == "fldSimple" and not FIELDS.fullmatch(instruction)):
            found.append(f"{name} {instruction}")
        if one.get("TargetMode") == "External":
            found.append(f"a link to {one.get('Target')}")
        found += (f"hidden {text!r}" for text in (one.text, *one.attrib.values()) if hidden(text))
    return found


def hidden(text: str | None) -> bool:
    return INVISIBLE.search(text or "") is not None


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(one)[1:25] for one in HOSTILE])
def test_a_hostile_text_stays_a_text_in_every_place(text: str) -> None:
    made = set_document(with_everything(text))
    assert dangers(made) == []
    opened = docx.Document(io.BytesIO(made))
    shown = "".join(one.text or "" for one in opened.element.body.iter(qn("w:t")))
    assert shown.count(visible(text)) >= 12


def test_what_cannot_be_seen_is_written_out() -> None:
    made = docx.Document(io.BytesIO(set_document(document(text="a\u202eb\x00c\nd"))))
    lead = [one.text for one in made.paragraphs if one.style and one.style.name == "Lead"]
    assert lead == ["a[U+202E]b[U+0000]c[U+000A]d"]


@pytest.mark.parametrize(
    ("tag", "attribute", "value", "says"),
    [
        ("w:fldSimple", "w:instr", " DDEAUTO cmd ", "fldSimple"),
        ("w:instrText", "w:instr", "", "instrText"),
        ("w:t", "w:author", "a\u202eb", "hidden"),
    ],
)
def test_the_search_finds_what_is_really_there(
    tag: str, attribute: str, value: str, says: str
) -> None:
    made = docx.Document(io.BytesIO(set_document(document())))
    planted = OxmlElement(tag)
    planted.set(qn(attribute), value)
    made.paragraphs[0]._p.append(planted)
    made.part.relate_to("http://evil.example/", "http://x/hyperlink", is_external=True)
    saved = io.BytesIO()
    made.save(saved)
    found = "\n".join(dangers(saved.getvalue()))
    assert says in found
    assert "a link to http://evil.example/" in found
