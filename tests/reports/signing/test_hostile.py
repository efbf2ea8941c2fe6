"""Files from anywhere: a verdict or one message, in bounded time and memory, and nothing else."""

from __future__ import annotations

import random
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.signing import reading
from reports.signing.reading import NotReadable, content, opened
from reports.signing.verdict import Verdict, judged
from tests.reports.signing import hands, paper
from tests.reports.signing.conftest import NOW

SECONDS = 20  #: for one file; it takes far less


def verdict(pdf: bytes, folder: paper.Folder) -> Verdict | str:
    """The verdict, or the message; any other error fails the test."""
    begun = time.monotonic()
    try:
        return judged(pdf, folder, (), NOW)
    except NotReadable as fault:
        return str(fault)
    finally:
        assert time.monotonic() - begun < SECONDS


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1."""
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return made + head + table + trailer % (size, root, len(made))


PAGES = b"<</Type/Pages/Kids[]/Count 0>>"
BOMB = zlib.compress(b"\0" * (300 << 20), 9)
HOSTILE = {
    "nothing": b"",
    "a workbook": b"PK\3\4" + b"\0" * 4000,
    "a head alone": b"%PDF-1.7\n",
    "a table that leads nowhere": b"%PDF-1.7\nstartxref\n99999999999\n%%EOF\n",
    "a table that leads to itself": b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \n"
    b"trailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n",
    "no pages": pdf(b"<</Type/Catalog>>"),
    "pages within themselves": pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
    ),
    "fields within themselves": pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
        PAGES,
        b"<</T(a)/Kids[3 0 R]>>",
    ),
    "a signature that is none": pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]/SigFlags 3>>>>",
        PAGES,
        b"<</FT/Sig/T(person)/V 4 0 R>>",
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        b"/ByteRange[0 9 9 99999999999]/Contents<3000>>>",
    ),
    "attachments within themselves": pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>",
        PAGES,
        b"<</Kids[3 0 R 3 0 R]>>",
    ),
    "an attachment that swells": pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>",
        PAGES,
        b"<</Names[(rasoat-figures.json) 4 0 R]>>",
        b"<</Type/Filespec/EF<</F 5 0 R>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(BOMB), BOMB),
    ),
    "deep brackets": pdf(b"[" * 50_000 + b"]" * 50_000),
    "an encrypted one": pdf(b"<</Type/Catalog/Pages 2 0 R>>", PAGES).replace(
        b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Standard/V 9>>"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_message_or_no_good_report(name: str, folder: paper.Folder) -> None:
    found = verdict(HOSTILE[name], folder)
    assert len(found.splitlines()) == 1 if isinstance(found, str) else not found.good


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", "is no PDF"),
        ("a workbook", "is no PDF"),
        ("a head alone", "is damaged"),
        ("no pages", "is damaged"),
        ("a signature that is none", "is damaged"),
        ("an attachment that swells", "is damaged"),
        ("deep brackets", "is damaged"),
    ],
)
def test_the_message_says_what_it_is(name: str, message: str, folder: paper.Folder) -> None:
    found = verdict(HOSTILE[name], folder)
    assert isinstance(found, str)
    assert message in found


def test_a_sound_file_by_hand_is_read(folder: paper.Folder) -> None:
    """The control: of the hostile ones it is not the writing that is refused."""
    found = verdict(pdf(b"<</Type/Catalog/Pages 2 0 R>>", PAGES), folder)
    assert isinstance(found, Verdict)
    assert [one.code for one in found.faults] == ["unsigned", "not_issued"]


def test_a_huge_file_is_not_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "huge.pdf"
    with file.open("wb") as made:
        made.write(b"%PDF-1.7\n")
        made.truncate(reading.MOST + 1)
    with pytest.raises(NotReadable, match="over 64 MiB"):
        content(file)
    with file.open("r+b") as made:
        made.truncate(reading.MOST)
    assert len(content(file)) == reading.MOST


def test_a_file_changed_over_and_over_is_refused() -> None:
    changed = paper.empty()
    for _ in range(reading.MOST_REVISIONS - 2):
        changed = hands.annex_swapped(changed)
    assert opened(changed).xrefs.total_revisions == reading.MOST_REVISIONS
    with pytest.raises(NotReadable, match="changed over 64 times"):
        opened(hands.annex_swapped(changed))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_torn_file_does_more_than_that(two: bytes, folder: paper.Folder) -> None:
    """Cut, spliced and overwritten anywhere; not one is taken for good."""
    chance, judged_ = random.Random(7), 0
    for _ in range(250):
        torn = bytearray(two)
        for _ in range(chance.randint(1, 4)):
            at, size = chance.randrange(len(torn)), chance.randint(1, 400)
            torn[at : at + size] = chance.choice([b"", chance.randbytes(size), b"0" * size])
        found = verdict(bytes(torn), folder)
        if isinstance(found, Verdict):
            judged_ += 1
            assert not found.good or _only_padding(two, bytes(torn))
    assert judged_ >= 50


def _only_padding(whole: bytes, torn: bytes) -> bool:
    """Zeros behind a signature's end, in the place that was left for it, are signed by nobody."""
    for one in opened(whole).embedded_signatures:
        _, length, behind, _ = one.byte_range
        whole = whole[:length] + b"0" * (behind - length) + whole[behind:]
        torn = torn[:length] + b"0" * (behind - length) + torn[behind:]
    return whole == torn


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(st.binary(max_size=400))
def test_any_bytes_are_judged_or_refused(tail: bytes) -> None:
    found = verdict(b"%PDF-1.7\n" + tail, paper.Folder())
    assert isinstance(found, str) or not found.good
