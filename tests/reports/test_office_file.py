"""The words around a report: the template is right, and every mistake has its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.problems import PolicyRefused
from reports.letterhead import Letterhead
from reports.office_file import FILE, TEMPLATE, letterhead_of, read


def test_the_template_is_whole(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(TEMPLATE, encoding="utf-8")
    found = letterhead_of(tmp_path)
    assert found.superior["vi"] == "UBND TỈNH MÔ PHỎNG"
    assert found.symbol == "BC-UBND"
    assert [one["vi"] for one in found.capacity] == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert found.recipients[-1]["en"] == "Archive: office."
    assert found.signer == "Nguyễn Văn Mẫu"


def test_without_a_file_nothing_is_made_up(tmp_path: Path) -> None:
    assert letterhead_of(tmp_path) == Letterhead()


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", "1:1", "empty"),
        ("isuer: X", "1:1", "issuer"),
        ("issuer: {vi: X}", "1:9", "needs en"),
        ("symbol: [a]", "1:9", "must be a text"),
        ("capacity: KT. CHỦ TỊCH", "1:11", "must be a list"),
        ("recipients:\n  - {vi: A}", "2:5", "needs en"),
        ("place: &a X", "1:8", "anchor"),
        ("place: X\nplace: Y", "2:1", "twice"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, text: str, place: str, says: str) -> None:
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyRefused, match=says) as told:
        read(file)
    assert f"{file}:{place}:" in str(told.value)
