"""Matching text in linear time: globs without regard to case, and RE2 for ``matches``.

Python's ``re`` doubles its time with every character on ``^(a+)+$``; nothing here backtracks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

import re2

Matcher = Callable[[str], bool]

MAX_PATTERN = 500  #: characters of one pattern
REMEMBERED = 8192  #: answers of one pattern that are kept; a fleet has a few thousand program names
_RE2_MEMORY = 1 << 20  #: bytes that one compiled pattern may use


def fold(text: str) -> str:
    """Text as globs compare it: case and the way accents are encoded make no difference."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


def glob(patterns: Iterable[str]) -> Matcher:
    """Whether a text matches one of ``patterns``: ``*`` is any text, ``?`` any one character."""
    exact: set[str] = set()
    prefixes: list[str] = []
    others: list[Matcher] = []
    for pattern in map(fold, patterns):
        if "?" in pattern:
            others.append(_with_single(pattern))
        elif "*" not in pattern:
            exact.add(pattern)
        elif pattern.index("*") == len(pattern) - 1:
            prefixes.append(pattern[:-1])
        else:
            others.append(_pieces(pattern.split("*")))
    starts = tuple(prefixes)

    def matches(text: str) -> bool:
        folded = fold(text)
        return folded in exact or folded.startswith(starts) or any(one(folded) for one in others)

    return remembered(matches)


def remembered(matcher: Matcher) -> Matcher:
    """The matcher with a bounded memory.

    The same program names come back from every machine of a fleet.
    """
    return lru_cache(maxsize=REMEMBERED)(matcher)


def _pieces(pieces: list[str]) -> Matcher:
    """Literal pieces with anything between them: leftmost search of each in turn suffices."""
    first, *middle, last = pieces

    def matches(text: str) -> bool:
        end = len(text) - len(last)
        if end < len(first) or not text.startswith(first) or not text.endswith(last):
            return False
        at = len(first)
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return matches


def _with_single(pattern: str) -> Matcher:
    words = {"*": ".*", "?": "."}
    compiled = _re2("(?s)" + "".join(words.get(char) or re2.escape(char) for char in pattern))
    return lambda text: compiled.fullmatch(text) is not None


def _re2(pattern: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _RE2_MEMORY
    return re2.compile(pattern, options)


def regular(pattern: str) -> Matcher:
    """Whether RE2 finds ``pattern`` somewhere in a text.

    Raises:
        ValueError: not a pattern that RE2 takes (look-around and back-references are not), or
            too long.
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"longer than {MAX_PATTERN} characters")
    try:
        compiled = _re2(pattern)
    except re2.error as fault:
        said = fault.args[0] if fault.args else "not a pattern"
        raise ValueError(said.decode() if isinstance(said, bytes) else str(said)) from fault
    return remembered(lambda text: compiled.search(text) is not None)


def part(wanted: str) -> Matcher:
    """Whether a text has ``wanted`` in it, without regard to case."""
    folded = fold(wanted)
    return remembered(lambda text: folded in fold(text))
