"""Whatever a machine calls itself: it is shown, and never read as Typst, SVG or a command."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import typst

from reports import management, pdf
from reports.document import Table
from reports.letters import visible
from reports.names import LONGEST
from reports.summary import Summary
from tests.reports.managed import DEVICES, UNITS, device, managed, w
from tests.reports.pdf import reading

HOSTILE = [
    "<script>alert(1)</script>",
    '=cmd|"/c calc"!A1',
    '#eval("1+1")',
    "#f();",
    "#let x = 3",
    "#sys.version",
    '#read("/etc/passwd")',
    '#import "document.typ"',
    "$x^2$",
    "@ref",
    "<label>",
    "*bold* _slanted_",
    "`raw`",
    "= Heading",
    "- item",
    "1. item",
    "// comment",
    "/* comment */",
    "\\u{41}",
    "]#panic()[",
    "\"quoted\" 'single'",
    "{{ 7 * 7 }}",
    "{% if 1 %}",
    "{name} {0}",
    "%s %(n)s",
    "&lt;&#65;",
    "]]>",
    "a\u202eexe.txt",
    "nul\x00bell\x07esc\x1b[31m",
    "line\none\r\ttab",
    "zero\u200bwidth\ufeff\u2066",
    "\u05d0\u05d1 \u0627\u0644",
    "\u4e2d\u6587 \U0001f4a9 \ue000 \uffff",
    "e\u0302\u0301 nga\u0303",
    "PC----..--~~",
]


def district(texts: list[str]) -> Summary:
    """Each text as a machine, a unit, a system and a contradiction."""
    machines = tuple(
        replace(device(text, f"U{place}", "fail", "pass"), id=f"d-{place}", system=text)
        for place, text in enumerate(texts)
    )
    units = tuple(
        replace(UNITS[0], code=f"U{place}", name=w(text, text), successors=(w(text, text),))
        for place, text in enumerate(texts)
    )
    words = [
        replace(one, name=text, agent_says=text, about="name")
        for text in texts
        for one in managed().contradictions
    ]
    return managed(devices=machines, units=units, contradictions=tuple(words))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_texts_are_shown_and_never_run(lang, tmp_path):
    assert len(HOSTILE) >= 30
    file = tmp_path / "hostile.pdf"
    file.write_bytes(pdf.render(district(HOSTILE), lang))
    assert "No syntax" in reading.run("qpdf", "--check", str(file))
    text = reading.dense(reading.text(file, "-raw"))  # in the order in which it was set
    for one in HOSTILE:
        shown = reading.dense(visible(one))
        assert text.count(shown) >= 4, one  # machine, its system, its unit; what is contradicted


def test_ten_thousand_letters_are_cut_by_the_report_and_counted(tmp_path):
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf.render(district(["x" * 10_000]), "vi"))
    text = reading.dense(reading.text(file))
    assert "x" * LONGEST + "…[10.000kýtự]" in text
    for (width, _), words in reading.boxes(file):
        assert max(word[2] for word in words) <= width - 40


def test_ten_thousand_letters_in_a_cell_break_over_pages(tmp_path):
    """The setter itself cuts nothing."""
    document = management.document(managed(), "vi")
    table = next(one for one in document.blocks if isinstance(one, Table))
    long = replace(table, rows=(("x" * 10_000, "1", "2"),), marks=())
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf.set_document(replace(document, blocks=(long,))))
    assert reading.text(file).count("x") >= 10_000


def test_a_template_that_interpolates_would_run_them(tmp_path):
    """The control: put into the source, the same texts are code, and the check above sees it."""
    source = '#set document(title: "x")\nname: #(1 + 1) #"{}".len()'
    compiled: Any = typst.compile
    made = compiled({"main.typ": source.encode()}, format="pdf")
    file = tmp_path / "control.pdf"
    file.write_bytes(made)
    text = reading.dense(reading.text(file))
    assert "name:2" in text
    assert "#(1+1)" not in text


def test_what_has_no_shape_is_shown_as_its_number():
    assert visible("a\u202eb") == "a[U+202E]b"
    assert visible("\ud800") == "[U+D800]"
    assert visible("\x00") == "[U+0000]"
    assert visible("\u4e2d") == "[U+4E2D]"
    assert visible("nga\u0303") == "ngã"
    everything = "Ấ Ầ Ẩ Ẫ Ậ ắ ằ ẳ ẵ ặ Ế ề ể ễ ệ ố ồ ổ ỗ ộ Ớ ờ ở ỡ ợ Ứ ừ ử ữ ự ỳ ỷ ỹ ỵ đ Đ"
    assert visible(everything) == everything
    assert len(DEVICES) == 5
