"""What the management report says, word for word, and what it must never say."""

from __future__ import annotations

import re
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from inventory.lifecycle import lifecycles
from language.forms import day
from reports import management, names
from reports.document import Annex, Chart, Document, Heading, Items, Paragraph, Table
from reports.management import annexes
from reports.management.section import roman
from tests.reports.managed import DEVICES, LONG_NAME, UNITS, device, managed

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
CLAIMS = re.compile(
    r"\b100(?:[.,]0+)? ?%|tất cả|toàn bộ|mọi máy|\ball\b|\bevery (?:machine|computer)\b",
    re.IGNORECASE,
)


def lines(document: Document):
    """A document as plain text, block by block."""
    yield f"{document.title} | {document.subject} | {document.day}"
    for one in document.blocks:
        match one:
            case Heading():
                yield f"{'#' * one.level} {one.text}"
            case Paragraph():
                yield f"[{one.style}] {one.text}"
            case Items():
                yield from (f"- {text}" for text in one.texts)
            case Table():
                yield f"| {one.caption} | " + " | ".join(column.head for column in one.columns)
                marks = [*one.marks, *[""] * (len(one.rows) - len(one.marks))]
                for row, mark in zip(one.rows, marks, strict=True):
                    yield f"| {' | '.join(row)} |{mark}"
            case Chart():
                yield f"<chart> {one.caption}: {one.alternative}"
            case Annex():
                yield f"<annex> {one.label}: {one.title}{' (across)' if one.landscape else ''}"
    yield re.sub(r"\b[0-9a-f]{64}$", "<hash>", document.footer)


def said(document: Document) -> str:
    as_of = day(lifecycles().as_of, document.lang)  # a newer table is no change of the words
    return "\n".join(lines(document)).replace(as_of, "<as of>") + "\n"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_report_says_what_it_says(lang):
    """To accept a change: write what is shown into the file, and read it."""
    golden = GOLDEN / f"management-{lang}.txt"
    assert said(management.document(managed(), lang)) == golden.read_text("utf-8")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_answer_stands_word_for_word(lang):
    summary = managed()
    blocks = management.document(summary, lang).blocks
    assert Paragraph(summary.headline.sentence[lang], "lead") in blocks


def strings(value: object):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("bare", [False, True])
def test_a_fleet_with_gaps_is_never_said_to_be_whole(lang, bare):
    """Unit VP, where 2 of 2 pass with fresh facts, is the only one that may have 100 %."""
    without = {"units": UNITS[1:], "letterhead": replace(managed().letterhead, subject={})}
    more = {"problems": (), "waivers": (), "contradictions": (), "since": None, "trend": ()}
    summary = managed(**without, **(more if bare else {}))
    texts = list(strings(astuple(management.document(summary, lang))))
    assert len(texts) > 80
    assert [text for text in texts if CLAIMS.search(text)] == []


def test_the_scan_for_claims_finds_them():
    """The control: where 2 of 2 were judged the share is there, and the scan sees it."""
    texts = list(strings(astuple(management.document(managed(), "vi"))))
    assert [text for text in texts if CLAIMS.search(text)] == ["100,0 %"]
    assert CLAIMS.search("Tất cả máy đạt")
    assert CLAIMS.search("All machines pass")


def test_a_share_is_rounded_down():
    assert names.share(9999, 10000, "vi") == "99,9 %"
    assert names.share(10, 10, "en") == "100.0 %"
    assert names.share(0, 0, "en") == "–"


def test_the_worst_unit_comes_first_and_names_its_successor():
    table = next(
        one
        for one in management.document(managed(), "en").blocks
        if isinstance(one, Table) and one.columns[0].head == "Rank"
    )
    first, second = table.rows
    assert first[1] == (
        "Economy office [until 2026-01-31; today: Economy and infrastructure office]"
    )
    assert second[1] == "Committee office"


def test_where_nothing_is_asked_of_any_unit_there_is_a_table_and_no_chart():
    summary = managed()
    asked = [one for one in management.document(summary, "vi").blocks if isinstance(one, Chart)]
    units = tuple(replace(one, headline={"not_applicable": one.expected}) for one in summary.units)
    none = management.document(replace(summary, units=units), "vi").blocks
    assert len([one for one in none if isinstance(one, Chart)]) == len(asked) - 1
    assert sum(isinstance(one, Table) and one.caption.startswith("Kết quả theo") for one in none)


def test_a_long_list_is_cut_and_says_so():
    many = tuple(
        device(f"PC-{n}", "VP", "pass", "fail" if n >= 500 else "pass") for n in range(1500)
    )
    summary = managed(devices=many)
    found = annexes.chosen(summary)
    assert len(found) == annexes.MOST_ROWS
    assert all(one.count("fail") for one in found)
    text = said(management.document(summary, "vi"))
    assert "gồm 1.000 trên 1.500 máy" in text
    assert "XLSX" in text
    assert "gồm 5" not in said(management.document(managed(), "vi"))


def test_each_machine_is_in_the_annex_once():
    text = said(management.document(managed(), "vi"))
    rows = [line for line in text.split("<annex>")[-1].splitlines() if line.startswith("| ")]
    assert len(rows) == len(DEVICES) + 1
    assert sum(LONG_NAME in row for row in rows) == 1


def test_an_empty_inventory_still_makes_a_report():
    bare = managed(devices=(), units=(), inventory=(), problems=(), unsaid=(), trend=(), since=None)
    headings = [
        one.text for one in management.document(bare, "en").blocks if isinstance(one, Heading)
    ]
    assert headings[0] == "I. THE ANSWER"
    assert len(headings) >= 7


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_report_of_one_unit_says_so(lang):
    name = {"vi": "Phòng Kinh tế", "en": "Economy office"}
    document = management.document(managed(unit="KT", unit_name=name), lang)
    assert document.subject.endswith(f"– {name[lang]}")
    assert sum(name[lang] in getattr(one, "text", "") for one in document.blocks[:4]) == 1
    assert "–" not in management.document(managed(), lang).subject


def test_simulated_machines_are_marked():
    assert management.document(managed(simulated=True), "vi").mark.startswith("DỮ LIỆU MÔ PHỎNG")
    assert management.document(managed(), "vi").mark == ""


@pytest.mark.parametrize(("n", "numeral"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV")])
def test_sections_are_numbered_in_roman(n, numeral):
    assert roman(n) == numeral
