"""The words of evidence: each is written by some reader, none is written that is not explained."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from scanner.evidence import FLAGS, NAME_SOURCES, WORDS
from tests.conftest import ROOT

_FOLDERS = ("names", "identity")
#: written from a pattern: f"{service}_greeting"
_BUILT = {"ftp_greeting", "smtp_greeting", "pop3_greeting", "imap_greeting"}


def texts() -> set[str]:
    """Every text constant of the readers' code."""
    return {
        node.value
        for folder in _FOLDERS
        for path in (ROOT / "scanner" / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def unwritten(words: Iterator[str] | set[str]) -> set[str]:
    """The words that no reader writes."""
    return set(words) - texts() - _BUILT


def test_every_word_is_written_by_a_reader() -> None:
    assert len(WORDS) >= 35
    assert unwritten(set(WORDS)) == set()
    assert unwritten({*FLAGS} - {"tarpit", "endless"}) == set()
    assert unwritten(set(NAME_SOURCES)) == set()
    assert unwritten({"smoke_signal"}) == {"smoke_signal"}, "the control"


def test_words_are_explained_in_one_line() -> None:
    for word, told in {**WORDS, **FLAGS}.items():
        assert word.replace("_", "").isalnum()
        assert word.islower()
        assert 10 < len(told) <= 100, word
