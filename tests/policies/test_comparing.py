"""Versions, globs, patterns and moments."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import patterns, times
from policies.versions import version_at_least, version_key

IN_ORDER = [
    "1.0~beta1", "1.0", "1.0.0-1", "1.0.1-rc1", "1.0.1", "1.2", "1.10", "2.0-alpha", "2.0-beta2",
    "2.0-rc1", "2.0", "2.0.4", "10.0.19045.3803", "10.0.22000", "1:0.5",
]  # fmt: skip


def test_versions_sort_as_people_read_them() -> None:
    keys = [version_key(text) for text in IN_ORDER]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("one", "other"), [("2.0", "2.0.0"), ("v1.2", "1.2"), ("1.02", "1.2"), ("2.0-RC1", "2.0rc1")]
)
def test_versions_that_are_the_same(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


def test_what_is_no_version_is_unknown() -> None:
    wanted = version_key("1")
    assert wanted is not None
    for text in ("", "none", "n/a", "~", "9" * 1000):
        assert version_key(text) is None
        assert version_at_least(text, wanted) is None


@given(st.text(max_size=30))
def test_any_text_has_a_key_or_none(text: str) -> None:
    key = version_key(text)
    assert (key is None) == (not any(char in "0123456789" for char in text))
    assert not text.isascii() or key == version_key(text.upper())


@given(st.lists(st.text("ab*?", max_size=6), min_size=1, max_size=3), st.text("abAB", max_size=8))
def test_globs_against_the_standard_library(globs: list[str], text: str) -> None:
    expected = any(fnmatch.fnmatchcase(text.lower(), glob) for glob in globs)
    assert patterns.glob(globs)(text) == expected


def test_globs_ignore_case_and_the_encoding_of_accents() -> None:
    assert patterns.glob(["tường*"])("TƯỜNG LỬA")
    assert patterns.glob(["*café*"])("Un cafe\u0301 noir")
    assert patterns.glob(["[ab]*"])("[ab]c")
    assert not patterns.glob(["[ab]*"])("ac")
    assert patterns.part("lửa")("Tường LỬA")


@pytest.mark.timeout(20)  # a backtracking matcher would not end at all
def test_hostile_patterns_end() -> None:
    assert not patterns.regular("^(a+)+$")("a" * 100_000 + "!")
    assert not patterns.glob(["*a*a*a*a*a*a*a*b"])("a" * 100_000)
    assert not patterns.glob(["?*a?*a?*a?*b"])("a" * 10_000)


@pytest.mark.parametrize("pattern", ["(a", "(?=a)", r"(a)\1", "a" * 501, "*a"])
def test_patterns_that_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        patterns.regular(pattern)


def test_moments_and_spans() -> None:
    now = times.moment_seconds("2026-11-23T08:00:00Z")
    assert now == 1_795_420_800
    assert times.moment_text(now) == "2026-11-23T08:00:00Z"
    assert times.moment_seconds("2026-02-31T08:00:00Z") is None
    assert times.moment_seconds("2026-11-23T08:00:00") is None
    assert [times.span_seconds(text) for text in ("7d", "12h", "30m", "45s", "2w")] == [
        604_800, 43_200, 1800, 45, 1_209_600,
    ]  # fmt: skip
    assert [times.span_seconds(text) for text in ("7", "d", "7 d", "-7d", "7days", "")] == [
        None
    ] * 6


def test_within_is_about_the_past() -> None:
    now = times.moment_seconds("2026-11-23T08:00:00Z")
    assert now is not None
    week = 7 * times.DAY
    assert times.within("2026-11-16T08:00:00Z", now, week) is True
    assert times.within("2026-11-16T07:59:59Z", now, week) is False
    assert times.within("2026-11-23T08:30:00Z", now, week) is True  # a little clock skew
    assert (
        times.within("2029-11-23T08:00:00Z", now, week) is False
    )  # a clock set years ahead gains nothing
    assert times.within("yesterday", now, week) is None
    assert times.older_than("2026-11-16T07:59:59Z", now, week) is True
    assert times.older_than("2026-11-16T08:00:00Z", now, week) is False
    assert times.older_than("", now, week) is None
