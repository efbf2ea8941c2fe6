"""Every fingerprint by its own examples, and the form that the head of their file describes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scanner.kinds.classify import family
from scanner.kinds.fingerprints import (
    Fingerprint,
    Matcher,
    document,
    fingerprints,
    known_words,
    labels,
    read,
)
from scanner.sighting import KINDS

ENTRIES: list[dict[str, Any]] = document()["fingerprints"]
KEYS = {"id", "what", "like", "ports", "without", "means", "silences", "os"}
KEYS |= {"en", "vi", "fits", "misfits"}
VIETNAMESE = re.compile(r"[à-ỹđ]")


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(ENTRIES) >= 100
    assert len(fingerprints()) == len(ENTRIES), "two have one id"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_its_examples(entry: dict[str, Any]) -> None:
    one = read(entry)
    assert entry["fits"], "an example that it finds"
    assert entry["misfits"] or one.like == ".", "an example that it does not find"
    assert [text for text in entry["fits"] if not fits(one, text)] == []
    assert [text for text in entry["misfits"] if fits(one, text)] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_its_form(entry: dict[str, Any]) -> None:
    one = read(entry)
    assert not set(entry) - KEYS
    assert re.fullmatch(r"[a-z][a-z0-9_]+", one.id)
    assert bool(one.what) == bool(one.like) != bool(one.ports)
    assert set(one.what) <= known_words()
    assert not one.without or one.ports
    assert one.silences <= {family(word) for word in known_words()}
    assert all(type(port) is int and 0 < port < 65536 for port in one.ports | one.without)
    assert {kind for kind, _ in one.means} <= set(KINDS) - {"unknown"}
    assert one.means
    assert all(0 < weight < 0.9 for _, weight in one.means), "nothing alone makes sure"
    assert one.en
    assert VIETNAMESE.search(one.vi), "a sentence in Vietnamese"


def test_every_kind_has_its_name_in_both_languages_and_something_that_tells_it() -> None:
    assert set(labels()) == set(KINDS)
    assert all(set(names) == {"en", "vi"} and all(names.values()) for names in labels().values())
    told = {kind for one in fingerprints().values() for kind, weight in one.means if weight > 0.5}
    assert told == set(KINDS) - {"unknown"}


def test_a_set_answers_as_each_pattern_alone() -> None:
    """The control of the matcher: all at once is the same as one by one."""
    among = [one for one in fingerprints().values() if "http_title" in one.what]
    together = Matcher(among)
    texts = [text for entry in ENTRIES for text in entry["fits"] if isinstance(text, str)]
    assert len(texts) > 150
    for text in texts:
        assert together.fitting(text) == [one for one in among if fits(one, text)]
    assert any(together.fitting(text) for text in texts)


def test_a_pattern_that_is_none_is_seen() -> None:
    bad = {"id": "x", "what": "os", "like": "(", "means": {"pc": 0.5}, "en": "x", "vi": "x"}
    with pytest.raises(Exception, match=r"missing|parenthes|\("):
        Matcher([read(bad)])


def fits(one: Fingerprint, example: Any) -> bool:
    """Whether a fingerprint finds an example: a text, or a list of open ports."""
    if one.ports:
        return one.fits_ports(frozenset(example))
    return bool(Matcher([one]).fitting(example))
