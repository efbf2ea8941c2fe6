"""Whatever somebody does to a signed report is named; what is not done is not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from reports.signing.updates import SameAgain
from reports.signing.verdict import judged
from reports.signing.who import certificates
from tests.conftest import require
from tests.reports.signing import hands, paper, people
from tests.reports.signing.conftest import NOW, OTHER, signed


def codes(pdf: bytes, folder: paper.Folder, trust=()) -> list[str]:
    return [fault.code for fault in judged(pdf, folder, trust, NOW).faults]


def test_what_two_people_signed_is_good(two: bytes, folder: paper.Folder) -> None:
    found = judged(two, folder, (), NOW)
    assert found.good
    assert found.faults == ()
    assert [(one.field, one.covers, one.trusted) for one in found.signatures] == [
        ("person", "revision", None),
        ("agency", "all", None),
    ]
    assert found.signatures[0].subject == f"CN={people.PERSON}, C=VN"
    assert found.signatures[0].claimed_at == NOW
    assert found.issued == folder.files[0]
    assert len(found.notes) == 2
    assert "not checked" in found.notes[0]["en"]


def test_one_signature_is_enough(one: bytes, folder: paper.Folder) -> None:
    assert codes(one, folder) == []


def test_what_nobody_signed_is_said_to_be_unsigned(folder: paper.Folder) -> None:
    assert codes(paper.empty(), folder) == ["unsigned"]


@pytest.mark.parametrize(
    ("hand", "expected"),
    [
        (hands.page_added, ["pages_added"]),
        (hands.page_removed, ["pages_removed"]),
        (hands.annex_swapped, ["pages_changed"]),
        (hands.text_overwritten, ["pages_changed"]),
        (hands.note_stuck_on, ["content_added"]),
        (hands.file_attached, ["attachments_changed"]),
        (lambda pdf: hands.figures_swapped(pdf, paper.figures(OTHER)), ["figures_swapped"]),
        (lambda pdf: hands.figures_swapped(pdf, b"{}"), ["figures_swapped"]),
        (lambda pdf: hands.figures_swapped(pdf, b"\xff[" * 9000), ["figures_swapped"]),
        (lambda pdf: hands.signature_removed(pdf, "agency"), ["signature_removed"]),
        (lambda pdf: hands.signature_removed(pdf, "person"), ["signature_removed"]),
        (lambda pdf: pdf + b"\n% one more line\n", ["bytes_behind"]),
        (lambda pdf: pdf[: len(paper.empty())], ["unsigned"]),
    ],
)
def test_what_was_done_to_a_signed_file_is_named(
    hand: Callable[[bytes], bytes], expected: list[str], two: bytes, folder: paper.Folder
) -> None:
    assert codes(hand(two), folder) == expected
    assert codes(two, folder) == []


@pytest.mark.parametrize(
    ("hand", "code"),
    [
        (hands.page_added, "pages_added"),
        (hands.annex_swapped, "pages_changed"),
        (lambda pdf: hands.figures_swapped(pdf, paper.figures(OTHER)), "figures_swapped"),
    ],
)
def test_what_was_done_before_it_was_signed_is_named_too(
    hand: Callable[[bytes], bytes], code: str, desk: Path, folder: paper.Folder
) -> None:
    """The signatures are whole then: what they cover is not what was issued."""
    pdf = signed(hand(paper.empty()), "person", people.PERSON, desk)
    found = judged(pdf, folder, (), NOW)
    assert [one.code for one in found.faults] == [code]
    assert found.signatures[0].intact


def test_the_swapped_figures_name_the_other_report(two: bytes, folder: paper.Folder) -> None:
    swapped = hands.figures_swapped(two, paper.figures(OTHER))
    (fault,) = judged(swapped, folder, (), NOW).faults
    assert OTHER in fault.text["vi"]
    assert OTHER in fault.text["en"]


def test_the_changed_page_is_named_by_its_number(two: bytes, folder: paper.Folder) -> None:
    (fault,) = judged(hands.annex_swapped(two), folder, (), NOW).faults
    assert fault.text["en"].endswith("page 2.")


def test_a_changed_byte_of_the_issued_part(two: bytes, folder: paper.Folder) -> None:
    """In the text of the first page, where no program would stumble over it."""
    place = paper.empty().index(b"stream\n") + 60
    found = judged(hands.byte_changed(two, place), folder, (), NOW)
    assert {one.code for one in found.faults} == {"signature_broken", "content_changed"}
    assert not any(one.intact for one in found.signatures)


def test_a_changed_byte_of_the_first_signature(
    one: bytes, two: bytes, folder: paper.Folder
) -> None:
    """Behind the issued part: what was issued is still there, but both signed something else."""
    place = len(paper.empty()) + 4000
    assert place < len(one)
    faults = judged(hands.byte_changed(two, place), folder, (), NOW).faults
    assert {fault.code for fault in faults} == {"signature_broken"}


def test_a_report_of_another_office_is_not_ours(two: bytes) -> None:
    assert codes(two, paper.Folder([])) == ["not_issued"]


def test_another_report_is_taken_for_itself(desk: Path, folder: paper.Folder) -> None:
    other = signed(paper.empty(OTHER, "Thêm."), "person", people.PERSON, desk)
    found = judged(other, folder, (), NOW)
    assert found.good
    assert found.issued == folder.files[1]


def test_a_file_saved_anew_is_not_the_issued_one(
    two: bytes, folder: paper.Folder, tmp_path: Path
) -> None:
    qpdf = shutil.which("qpdf")
    require("qpdf", qpdf is not None)
    (tmp_path / "two.pdf").write_bytes(two)
    subprocess.run([str(qpdf), "two.pdf", "anew.pdf"], cwd=tmp_path, check=True)
    found = codes((tmp_path / "anew.pdf").read_bytes(), folder)
    assert "content_changed" in found
    assert "signature_broken" in found or "signature_covers_part" in found


def test_trust_is_what_the_given_authorities_give(two: bytes, folder: paper.Folder) -> None:
    ours = certificates(people.authority().pem, "ca.pem")
    strangers = certificates(people.authority("Cơ quan khác").pem, "ca.pem")
    assert [one.trusted for one in judged(two, folder, ours, NOW).signatures] == [True, True]
    assert codes(two, folder, ours) == []
    assert codes(two, folder, strangers) == ["untrusted", "untrusted"]
    assert codes(two, folder, [*strangers, *ours]) == []


def test_a_signature_in_a_field_of_its_own_is_told(two: bytes, folder: paper.Folder) -> None:
    """Some document systems make their own field; what it may hide is for a person to see."""
    update = SameAgain(two)
    append_signature_field(update, SigFieldSpec("khac", on_page=1, box=(50, 50, 150, 120)))
    found = judged(update.written(), folder, (), NOW)
    assert found.good
    assert "khac" in found.notes[0]["en"]
    assert "page 2" in found.notes[0]["en"]
