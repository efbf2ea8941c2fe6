"""What a signature shows: every letter, the office's time, fonts inside, nothing cut."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.signing.appearance import Shown, page, told
from tests.reports.signing import paper, people
from tests.reports.signing.conftest import NOW, signed
from tests.reports.signing.test_fields import run


@pytest.mark.parametrize(
    ("lang", "heading", "time"),
    [
        ("vi", "Được ký số bởi:", "Thời gian ký: 29/11/2026 09:03:04 +07:00"),
        ("en", "Digitally signed by", "Time: 2026-11-29 09:03:04 +07:00"),
    ],
)
def test_name_office_and_time_are_on_the_page(
    lang: str, heading: str, time: str, desk: Path, tmp_path: Path
) -> None:
    pdf = signed(paper.empty(), "person", people.PERSON, desk, lang, "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH")
    (tmp_path / "one.pdf").write_bytes(pdf)
    text = run("pdftotext", "-layout", tmp_path / "one.pdf", "-")
    for said in (heading, people.PERSON, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", time):
        assert said in text
    assert people.PERSON not in run("pdftotext", _blank(tmp_path), "-")


def test_all_fonts_are_inside(two: bytes, tmp_path: Path) -> None:
    (tmp_path / "two.pdf").write_bytes(two)
    rows = run("pdffonts", tmp_path / "two.pdf").splitlines()[2:]
    assert len(rows) >= 3
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_the_time_is_the_offices() -> None:
    late = datetime(2026, 12, 31, 20, 0, 5, tzinfo=UTC)
    assert told(late, "vi") == "01/01/2027 03:00:05 +07:00"
    assert told(late, "en") == "2027-01-01 03:00:05 +07:00"


@pytest.mark.parametrize("name", ["Ủy ban nhân dân " * 12, "W" * 300, "#panic() $x$ *đậm* `y`"])
def test_a_long_name_is_set_smaller_and_never_cut(name: str, tmp_path: Path) -> None:
    (tmp_path / "one.pdf").write_bytes(page(Shown(name, "", NOW, "vi"), 126, 76))
    text = run("pdftotext", "-raw", tmp_path / "one.pdf", "-").replace("\u200b", "")
    assert "".join(name.split()) in "".join(text.split())
    assert "Pages:           1" in run("pdfinfo", tmp_path / "one.pdf")


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_name_makes_one_page(name: str) -> None:
    assert page(Shown(name, name, NOW, "vi"), 126, 76).startswith(b"%PDF-")


def _blank(folder: Path) -> Path:
    file = folder / "blank.pdf"
    file.write_bytes(paper.blank())
    return file
