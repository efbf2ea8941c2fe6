"""A document as Word reads it: opened again by python-docx, every block is what it was."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from reports.charts import svg
from reports.charts.bars import Bar
from reports.document import Annex, Chart, Document, Heading, Table
from reports.docx import set_document
from tests.reports.docx.conftest import BARS, COLUMNS, document, machines

INCH = 914400  #: English metric units


def opened(made: Document):
    return docx.Document(io.BytesIO(set_document(made)))


def texts_of(file, style: str) -> list[str]:
    body = file.element.body
    return [
        "".join(part.text or "" for part in one.iter(qn("w:t")))
        for one in body.iter(qn("w:p"))
        if one.style == style
    ]


def test_the_form_of_the_decree(whole: Document) -> None:
    file = opened(whole)
    assert texts_of(file, "Superior") == ["ỦY BAN NHÂN DÂN TỈNH MÔ PHỎNG"]
    assert texts_of(file, "Issuer") == ["ỦY BAN NHÂN DÂN XÃ MÔ PHỎNG"]
    assert texts_of(file, "State") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert texts_of(file, "Motto") == ["Độc lập - Tự do - Hạnh phúc"]
    assert texts_of(file, "NumberLine") == ["Số: ……/BC-UBND"]
    assert texts_of(file, "PlaceAndDay") == ["Mô Phỏng, ngày 05 tháng 02 năm 2026"]
    assert texts_of(file, "Title") == ["BÁO CÁO"]
    assert texts_of(file, "Recipient")[-1] == "Lưu: VT, VP."
    signed = [one for one in texts_of(file, "Signer") if one]
    assert signed == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn Mẫu"]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-03-09", "ngày 09 tháng 3 năm 2026"),
        ("2026-01-31", "ngày 31 tháng 01 năm 2026"),
        ("2026-12-10", "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_a_day_is_written_as_the_decree_has_it(whole: Document, day: str, says: str) -> None:
    assert texts_of(opened(replace(whole, day=day)), "PlaceAndDay") == [f"Mô Phỏng, {says}"]


def test_what_the_office_left_out_is_dots_to_be_filled_in(whole: Document) -> None:
    empty = type(whole.letterhead)()
    file = opened(replace(whole, letterhead=empty))
    assert texts_of(file, "Issuer") == ["……………………"]
    assert texts_of(file, "NumberLine") == ["Số: ……/BC-……"]
    assert texts_of(file, "RecipientsHead") == []


def test_pages_measure_what_the_decree_allows(whole: Document) -> None:
    sections = opened(whole).sections
    assert [one.orientation for one in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    for one in sections:
        assert 20 <= round(one.top_margin.mm) <= 25
        assert 20 <= round(one.bottom_margin.mm) <= 25
        assert 30 <= round(one.left_margin.mm) <= 35
        assert 15 <= round(one.right_margin.mm) <= 20
        assert sorted((round(one.page_width.mm), round(one.page_height.mm))) == [210, 297]


def test_the_first_page_has_no_number_and_every_page_has_the_mark(whole: Document) -> None:
    first, *later = opened(whole).sections
    assert first.different_first_page_header_footer
    assert not any(one.different_first_page_header_footer for one in later)
    assert all(one.header.is_linked_to_previous for one in later)
    above, after = first.first_page_header._element, first.header._element
    assert not list(above.iter(qn("w:fldSimple")))
    assert [one.get(qn("w:instr")).strip() for one in after.iter(qn("w:fldSimple"))] == ["PAGE"]
    for one in (above, after):
        assert whole.mark in "".join(part.text for part in one.iter(qn("w:t")))
    for footer in (first.first_page_footer, first.footer):
        assert footer.paragraphs[0].text == whole.footer


def test_no_mark_where_the_machines_are_real(whole: Document) -> None:
    first = opened(replace(whole, mark="")).sections[0]
    assert [one.text for one in first.first_page_header.paragraphs] == [""]


def test_headings_and_captions_are_those_of_word(whole: Document) -> None:
    file = opened(whole)
    for level in (1, 2, 3):
        wanted = [
            one.text for one in whole.blocks if one == Heading(level, getattr(one, "text", ""))
        ]
        assert texts_of(file, f"Heading{level}") == wanted
        assert file.styles[f"Heading {level}"].element.find(f".//{qn('w:outlineLvl')}") is not None
    annexes = [(one.label, one.title) for one in whole.blocks if isinstance(one, Annex)]
    assert texts_of(file, "AnnexHeading") == [text for one in annexes for text in one]
    captions = [one for one in file.element.body.iter(qn("w:p")) if one.style == "Caption"]
    counted = [one.find(qn("w:fldSimple")).get(qn("w:instr")).split()[1] for one in captions]
    assert counted == ["Table", "Figure", "Table"]
    assert texts_of(file, "Caption")[2] == "Bảng 2: Các máy theo đơn vị"


def test_a_table_repeats_its_head_and_keeps_its_rows_whole(whole: Document) -> None:
    found = [
        one for one in opened(whole).tables if one._tbl.tblPr.find(qn("w:tblCaption")) is not None
    ]
    made = [one for one in whole.blocks if isinstance(one, Table)]
    assert len(found) == len(made) == 2
    for seen, one in zip(found, made, strict=True):
        head, *rows = seen._tbl.tr_lst
        assert head.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in (head, *rows))
        told = [tuple("".join(t.text for t in c.iter(qn("w:t"))) for c in r.tc_lst) for r in rows]
        assert told == list(one.rows)
        shaded = [row.find(f".//{qn('w:shd')}") is not None for row in rows]
        assert shaded == [mark == "bad" for mark in one.marks]


def test_a_row_higher_than_a_page_may_be_torn(whole: Document) -> None:
    tall = Table("", COLUMNS, (("a", "b", "c", "1"), ("ạ" * 10_000, "b", "c", "1")))
    rows = opened(replace(whole, blocks=(tall,))).tables[1]._tbl.tr_lst
    assert [row.trPr is not None for row in rows] == [True, True, False]


def test_a_table_of_nothing_keeps_its_head(whole: Document) -> None:
    made = opened(replace(whole, blocks=(Table("Trống", COLUMNS, ()),))).tables[1]
    assert [cell.text for cell in made.rows[0].cells] == [one.head for one in COLUMNS]


def test_a_chart_is_sharp_fits_and_has_words(whole: Document) -> None:
    chart = next(one for one in whole.blocks if isinstance(one, Chart))
    wide = replace(chart, picture=replace(BARS, bars=(Bar("m" * 99, (("pass", 1),)),)))
    assert "…" in svg(wide), "as wide as a chart can be"
    both = (chart, wide)
    file = opened(replace(whole, blocks=both))
    shapes = file.inline_shapes
    assert len(shapes) == 2
    for one in shapes:
        assert one._inline.docPr.get("descr") == chart.alternative
        blob = file.part.related_parts[one._inline.graphic.graphicData.pic.blipFill.blip.embed].blob
        pixels = struct.unpack(">I", blob[16:20])[0]
        assert pixels / (one.width / INCH) >= 200
        assert one.width.mm <= 165.1


@pytest.mark.parametrize(("lang", "tag"), [("vi", "vi-VN"), ("en", "en-US")])
def test_the_file_says_its_language_and_what_it_is(lang: str, tag: str) -> None:
    made = document(lang)
    file = opened(made)
    about = file.core_properties
    spoken = [one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))]
    assert set(spoken) == {tag}
    assert (about.language, about.author) == (tag, made.letterhead.issuer[lang])
    assert about.title == f"{made.title} – {made.subject}"
    assert f"{about.created:%Y-%m-%d} {about.modified:%Y-%m-%d}" == "2026-02-05 2026-02-05"


def test_every_style_that_is_used_is_there(whole: Document) -> None:
    file = opened(whole)
    known = {one.style_id for one in file.styles}
    used = {one.get(qn("w:val")) for one in file.element.body.iter(qn("w:pStyle"))}
    assert len(used) >= 20
    assert used <= known


def test_the_same_document_gives_the_same_bytes(whole: Document) -> None:
    once = set_document(whole)
    assert set_document(document()) == once
    assert set_document(replace(whole, subject="Khác")) != once
    with zipfile.ZipFile(io.BytesIO(once)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(2026, 2, 5, 0, 0, 0)}
        assert not [one for one in archive.namelist() if "thumbnail" in one or "custom" in one]


def test_rows_are_cloned(whole: Document) -> None:
    made = opened(replace(whole, blocks=(machines(3000),)))
    assert len(made.tables[1]._tbl.tr_lst) == 3001
