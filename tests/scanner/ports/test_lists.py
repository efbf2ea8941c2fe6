"""Which ports a word names."""

from __future__ import annotations

import pytest

from scanner.ports.lists import QUICK, named
from scanner.problems import BadTarget


@pytest.mark.parametrize(("word", "count"), [("none", 0), ("top100", 100), ("top1000", 1000)])
def test_named_lists_have_their_size(word: str, count: int) -> None:
    assert len(set(named(word))) == len(named(word)) == count


def test_longer_lists_hold_the_shorter() -> None:
    assert set(QUICK) < set(named("top100")) < set(named("top1000"))


def test_numbers_and_ranges() -> None:
    assert named("22,80,8000-8002,22") == (22, 80, 8000, 8001, 8002)


@pytest.mark.parametrize(
    "word", ["", "0", "65536", "80-22", "22,", "-1", "top", "٢٢", "22;id", "1-2-3", "--script=x"]
)
def test_anything_else_is_refused_with_what_would_do(word: str) -> None:
    with pytest.raises(BadTarget, match=r"22,80,8000-8010|goes upward"):
        named(word)
