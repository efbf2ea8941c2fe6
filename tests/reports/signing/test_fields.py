"""The two empty fields: by name, at their places, in the structure, and nothing that is seen."""

from __future__ import annotations

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.sign.fields import (
    SigFieldSpec,
    append_signature_field,
    ensure_sig_flags,
    enumerate_sig_fields,
)
from pypdf import PdfReader

from language.texts import texts
from reports.signing.choices import FIELDS
from reports.signing.fields import with_fields
from reports.signing.tagging import tagged
from reports.signing.updates import SameAgain
from tests.conftest import require
from tests.reports.signing import paper


def run(program: str, *words: object) -> str:
    found = shutil.which(program)
    require(program, found is not None)
    done = subprocess.run(
        [str(found), *map(str, words)], check=True, capture_output=True, text=True, errors="replace"
    )
    return done.stdout


def root_of(file: Path) -> Any:
    """The catalogue of a PDF."""
    return PdfReader(file).trailer["/Root"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "empty.pdf"
    made.write_bytes(paper.empty())
    return made


def test_the_report_stays_as_it_was_before_the_fields() -> None:
    assert paper.empty().startswith(paper.blank())
    assert paper.empty() == with_fields(paper.blank(), paper.PLACES)


def test_they_are_byte_for_byte_those_that_pyhanko_makes() -> None:
    update = SameAgain(paper.blank())
    for place in paper.PLACES:
        wanted: Any = SigFieldSpec(
            place.name,
            on_page=place.page - 1,
            box=(place.left, place.bottom, place.right, place.top),  # type: ignore[arg-type]
            readable_field_name=texts("vi")(FIELDS[place.name]),
            empty_field_appearance=False,
        )
        append_signature_field(update, wanted)
        _, _, found = next(iter(enumerate_sig_fields(update, with_name=place.name)))
        tagged(update, IndirectObject(found.idnum, found.generation, update))
    ensure_sig_flags(update)
    assert update.written() == paper.empty()


def test_a_file_that_has_fields_gets_no_others() -> None:
    with pytest.raises(ValueError, match="form already"):
        with_fields(paper.empty(), paper.PLACES)


def test_writing_a_report_loads_nothing_that_speaks_to_a_network() -> None:
    said = "import reports.pdf, sys; print(*{'aiohttp', 'pyhanko.sign', 'typst'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["typst"]


def test_there_are_two_fields_by_their_names(file: Path) -> None:
    reader = PdfReader(file)
    fields = reader.get_fields()
    assert fields is not None
    assert set(fields) == set(FIELDS) == {"person", "agency"}
    assert all(one["/FT"] == "/Sig" and "/V" not in one for one in fields.values())
    said = run("pdfsig", file)
    assert said.count("The signature form field is not signed.") == 2


@pytest.mark.parametrize(("lang", "name"), [("vi", "Chữ ký số của cơ quan"), ("en", "Digital")])
def test_each_says_what_it_is_for(lang: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "one.pdf").write_bytes(with_fields(paper.blank(), paper.PLACES, lang))
    root = root_of(tmp_path / "one.pdf")
    assert any(name in one.get_object()["/TU"] for one in root["/AcroForm"]["/Fields"])


def test_they_stand_where_they_should_and_may_be_printed(file: Path) -> None:
    """PDF/A: an appearance, the flag that prints, none that hides."""
    widgets: Any = PdfReader(file).pages[0]["/Annots"]
    rectangles = [[float(edge) for edge in one.get_object()["/Rect"]] for one in widgets]
    assert rectangles == [[300, 300, 426, 376], [165, 300, 291, 376]]
    for one in widgets:
        widget = one.get_object()
        assert widget["/F"] & 0b100111 == 0b100  # print; not invisible, hidden or no view
        assert set(widget["/AP"]) == {"/N"}
        assert widget["/AP"]["/N"].get_data() == b""
        assert "/AA" not in widget
        assert "/A" not in widget


def test_they_stand_in_the_structure(file: Path) -> None:
    """PDF/UA: each widget below a Form element, found from the page by its key."""
    assert run("pdfinfo", "-struct", file).count("\n  Form\n") == 2
    root = root_of(file)
    tree, fields = root["/StructTreeRoot"], root["/AcroForm"]["/Fields"]
    numbers = tree["/ParentTree"]["/Nums"]
    found = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    keys = [one.get_object()["/StructParent"] for one in fields]
    assert len(set(keys)) == 2
    assert tree["/ParentTreeNextKey"] == max(keys) + 1
    for key, field in zip(keys, fields, strict=True):
        element = found[key].get_object()
        assert element["/S"] == "/Form"
        assert element["/K"].raw_get("/Obj").idnum == field.idnum


def test_the_form_asks_nothing_that_pdf_a_forbids(file: Path) -> None:
    form = root_of(file)["/AcroForm"]
    assert set(form) == {"/Fields", "/SigFlags"}
    assert form["/SigFlags"] == 3
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", file)


def test_the_metadata_are_those_of_the_report(file: Path, tmp_path: Path) -> None:
    (tmp_path / "blank.pdf").write_bytes(paper.blank())
    with_them, without = (run("pdfinfo", "-meta", one) for one in (file, tmp_path / "blank.pdf"))
    assert with_them == without
    assert "pdfaid:part" in with_them


def test_nothing_of_them_is_seen(file: Path, tmp_path: Path) -> None:
    (tmp_path / "blank.pdf").write_bytes(paper.blank())
    for one in (file, tmp_path / "blank.pdf"):
        run("pdftoppm", "-r", 50, "-png", one, one.with_suffix(""))
    pictures = sorted(tmp_path.glob("*-*.png"))
    assert len(pictures) == 4
    blank, empty = pictures[:2], pictures[2:]
    assert [one.read_bytes() for one in blank] == [one.read_bytes() for one in empty]


def test_a_long_report_keeps_its_structure() -> None:
    pages = "".join(f"#pagebreak()\n= Trang {n}\nMáy {n}.\n" for n in range(300))
    reader = PdfReader(BytesIO(with_fields(paper.blank(extra=pages), paper.PLACES)))
    assert len(reader.pages) == 302
    root: Any = reader.trailer["/Root"]
    tree = root["/StructTreeRoot"]
    assert len(tree["/ParentTree"]["/Nums"]) == 2 * tree["/ParentTreeNextKey"] == 2 * 304
