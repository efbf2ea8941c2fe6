"""The PDF as a file: what it declares, what it carries, and that its figures are the summary's."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from pypdf import PdfReader

from reports import evidence, management, pdf, plain
from reports.faces import render
from reports.letterhead import Letterhead
from tests.reports.managed import DEVICES, LONG_NAME, device, managed
from tests.reports.pdf import reading


@pytest.fixture(scope="module", params=["vi", "en"])
def made(request, tmp_path_factory):
    file = tmp_path_factory.mktemp("pdf") / f"{request.param}.pdf"
    file.write_bytes(render(managed(simulated=True), "pdf", request.param))
    return file


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """Many machines: a table over several pages."""
    machines = tuple(device(f"PC-{n:03d}", "VP", "pass", "fail") for n in range(120))
    file = tmp_path_factory.mktemp("pdf") / "long.pdf"
    file.write_bytes(pdf.render(managed(devices=machines), "vi"))
    return file


def test_it_is_sound_tagged_and_declares_its_standards(made):
    assert "No syntax or stream encoding errors" in reading.run("qpdf", "--check", str(made))
    info = reading.run("pdfinfo", str(made))
    assert re.search(r"Tagged: +yes", info)
    assert re.search(r"JavaScript: +no", info)
    assert "A4" in info
    meta = reading.run("pdfinfo", "-meta", str(made))
    assert re.search(r"pdfaid:part>3<", meta)
    assert re.search(r"pdfaid:conformance>A<", meta)
    assert re.search(r"pdfuaid:part>1<", meta)


def test_language_title_and_headings_are_there_for_readers_aloud(made):
    reader = PdfReader(made)
    lang = made.stem
    root: Any = reader.trailer["/Root"]
    assert str(root["/Lang"]).startswith(lang)
    wanted = management.document(managed(), lang)
    assert reader.metadata is not None
    assert reader.metadata.title == f"{wanted.title} – {wanted.subject}"
    structure = reading.run("pdfinfo", "-struct-text", str(made))
    for kind in ("H1", "Table", "TH", "TD", "Figure", "L", "P"):
        assert re.search(rf"^ *{kind}\b", structure, re.MULTILINE), kind


def test_charts_have_words_for_those_who_do_not_see_them(made):
    reader = PdfReader(made)
    objects: list[Any] = [reader.get_object(n) for n in range(1, 2000)]
    alternatives = [str(one["/Alt"]) for one in objects if isinstance(one, dict) and "/Alt" in one]
    wanted = [
        one.alternative
        for one in management.document(managed(), made.stem).blocks
        if hasattr(one, "alternative")
    ]
    assert len(wanted) == 2
    assert set(wanted) <= set(alternatives)


def test_every_font_is_liberation_serif_and_embedded(made):
    rows = reading.run("pdffonts", str(made)).splitlines()[2:]
    assert len(rows) >= 2
    for row in rows:
        assert "LiberationSerif" in row
        assert re.search(r"yes +yes +yes +\d+ +\d+$", row)


def test_the_figures_are_those_of_the_summary(made):
    summary, lang = managed(simulated=True), made.stem
    text = reading.dense(reading.text(made))
    blocks = management.document(summary, lang).blocks
    wanted = [cell for one in blocks if hasattr(one, "rows") for row in one.rows for cell in row]
    assert len(wanted) > 120
    assert list(map(reading.dense, reading.cells(made))) == list(map(reading.dense, wanted))
    assert reading.dense(summary.headline.sentence[lang]) in text


def test_the_form_of_the_decree(made):
    pages = [reading.text(made, "-f", str(n), "-l", str(n)) for n in (1, 2, 3)]
    if made.stem == "vi":
        for words in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "ỦY BAN NHÂN DÂN XÃ BẢO HÀ",
            "Số: ……/BC-UBND",
            "Bảo Hà, ngày 05 tháng 02 năm 2026",
        ):
            assert words in pages[0]
        assert "(Kèm theo Báo cáo số ……/BC-UBND ngày 05 tháng 02 năm 2026)" in reading.text(made)
        assert "Nơi nhận:" in reading.text(made)
    numbers = [re.findall(r"^\d+$", page, re.MULTILINE)[:1] for page in pages[1:]]
    assert numbers == [["2"], ["3"]]
    first = next(iter(reading.boxes(made)))[1]
    assert not [word for word in first if word[1] < 60 and word[4] == "1"]


def test_the_mark_of_simulated_data_is_on_every_page(made):
    mark = management.document(managed(simulated=True), made.stem).mark
    pages = reading.text(made).split("\f")[:-1]
    assert len(pages) >= 4
    assert all(reading.dense(mark) in reading.dense(page) for page in pages)


def test_the_figures_travel_inside(made):
    attached = PdfReader(made).attachments
    assert list(attached) == [evidence.NAME]
    figures = json.loads(attached[evidence.NAME][0])
    summary = managed(simulated=True)
    assert figures["figures_sha256"] == plain.digest(plain.encode(summary))
    assert len(figures["devices"]) == len(DEVICES)
    for rule in summary.rules:
        counts = dict.fromkeys(rule.counts, 0)
        for one in figures["devices"]:
            for result, rules in one["results"].items():
                counts[result] += rules.count(rule.id)
        assert counts == rule.counts
    assert b"explanation" not in attached[evidence.NAME][0]


def test_the_same_summary_gives_the_same_bytes():
    assert pdf.render(managed(), "vi") == pdf.render(managed(), "vi")
    assert pdf.render(managed(), "vi") != pdf.render(managed(policy_version="4"), "vi")


def test_a_broken_table_repeats_its_head(long):
    pages = reading.text(long, "-layout").split("\f")
    with_machines = [page for page in pages if re.search(r"\bPC-\d{3}\b", page)]
    assert len(with_machines) >= 4
    for page in with_machines:
        assert re.search(r"STT +Máy", page)
    assert sorted(re.findall(r"\bPC-\d{3}\b", "".join(pages))) == [
        f"PC-{n:03d}" for n in range(120)
    ]


def test_no_text_leaves_its_page(made, long):
    for file in (made, long):
        for (width, height), words in reading.boxes(file):
            assert words
            for left, top, right, bottom, word in words:
                inside = left >= 80 and right <= width - 40 and top >= 20 and bottom <= height - 10
                assert inside, word


def test_a_long_name_stays_in_its_column(made):
    """63 letters without a space: the pieces stand below each other, left of the unit's column."""
    found = [
        word
        for size, words in reading.boxes(made)
        if size[0] > size[1]
        for word in words
        if word[4] and len(word[4]) > 6 and word[4] in LONG_NAME
    ]
    assert len(found) >= 2
    assert len({round(word[0]) for word in found}) == 1


def test_the_places_for_signatures_are_on_the_page_of_the_signer():
    document = management.document(managed(), "vi")
    person, agency = pdf.places(document)
    assert (person.name, agency.name) == ("person", "agency")
    file = io.BytesIO(pdf.set_document(document))
    page = PdfReader(file).pages[person.page - 1]
    assert "Nguyễn Văn A" in page.extract_text()
    width, height = (float(side) for side in page.mediabox[2:])
    for place in (person, agency):
        assert place.page == person.page
        assert 0 < place.left < place.right < width
        assert 0 < place.bottom < place.top < height
        assert place.right - place.left > 100
        assert place.top - place.bottom > 60
    assert agency.right <= person.left


def test_nothing_stands_in_the_places_for_signatures(tmp_path):
    document = management.document(managed(), "vi")
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.set_document(document))
    for place in pdf.places(document):
        (_, height), words = list(reading.boxes(file))[place.page - 1]
        for left, top, right, bottom, word in words:
            apart = right <= place.left or left >= place.right
            apart |= height - bottom >= place.top or height - top <= place.bottom
            assert apart, word


def test_an_office_without_a_letterhead_gets_dots_to_fill_in(tmp_path):
    file = tmp_path / "bare.pdf"
    file.write_bytes(pdf.render(managed(letterhead=Letterhead()), "vi"))
    assert "Số: ……/BC-……" in reading.text(file)
