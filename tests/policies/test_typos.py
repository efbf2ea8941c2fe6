"""Typos by the hundred: each is refused at its place, and nearly all with what was meant."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest

from inventory.catalogue import catalogue
from policies import keys
from policies.load import read_policy
from policies.operators import OPERATORS
from policies.tree import POPULATIONS, SEVERITIES
from tests.policies.test_bad_places import HEAD, rule_with

CHANCE = random.Random(20261123)
EACH = 60  #: typos of each sort


def swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


def dropped(word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]


def doubled(word: str, at: int) -> str:
    return word[:at] + word[at] * 2 + word[at + 1 :]


def mistaken(word: str, at: int) -> str:
    return word[:at] + CHANCE.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]


MISTAKES: tuple[Callable[[str, int], str], ...] = (swapped, dropped, doubled, mistaken)


def typo(word: str, known: set[str]) -> str:
    """The word with one mistake in a letter; never another right word."""
    letters = [at for at, letter in enumerate(word) if letter.isalpha()]
    while True:
        made = CHANCE.choice(MISTAKES)(word, CHANCE.choice(letters))
        if made != word and made not in known and re.fullmatch(r"[a-z0-9_.]+", made):
            return made


def facts() -> list[tuple[str, str, str]]:
    plain = [
        fact for fact in catalogue().facts.values() if fact.type == "boolean" and not fact.list_path
    ]
    known = {*catalogue().facts}
    found = []
    for _ in range(EACH):
        path = CHANCE.choice(plain).path
        wrong = typo(path, known)
        found.append((rule_with(f"«{wrong}: true"), wrong, path.rpartition(".")[2]))
    return found


def of_words(words: tuple[str, ...], line: str) -> list[tuple[str, str, str]]:
    """Typos of some words where ``{}`` stands in a line of a rule."""
    known = {*words}
    found = []
    for _ in range(EACH):
        word = CHANCE.choice([one for one in words if len(one) > 3])
        wrong = typo(word, known)
        found.append((HEAD + line.replace("{}", wrong), wrong, word))
    return found


def cases() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    numbers = tuple(name for name, row in OPERATORS.items() if "integer" in row.fits)
    rule = "  - id: A\n    title: a\n    require: {os.uac: on}\n"
    keys_of_rules = tuple(keys.RULE)
    yield "facts", facts()
    yield (
        "operators",
        of_words(numbers, "  - {id: A, title: a, require: {updates.pending: {«{}: 3}}}\n"),
    )
    yield "keys", of_words(keys_of_rules, rule + "    «{}: x\n")
    yield "severities", of_words(SEVERITIES, rule + "    severity: «{}\n")
    yield "populations", of_words(POPULATIONS, rule + "    for_each: «{}\n")
    yield "results", of_words(keys.RESULTS, rule + "    tests: [{expect: «{}}]\n")
    family = "  - {id: A, title: a, require: {os.family: «{}}}\n"
    yield "choices", of_words(("windows", "linux", "macos"), family)


CASES = dict(cases())


@pytest.mark.parametrize("sort", [*CASES])
def test_typos_are_placed_and_nearly_all_are_understood(sort: str) -> None:
    typos = CASES[sort]
    placed = meant = 0
    for marked, wrong, word in typos:
        before, _, _ = marked.partition("«")
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        _, problems, _ = read_policy(marked.replace("«", "").encode(), "p.yaml")
        assert problems, f"{sort}: {wrong} was taken"
        placed += any((one.line, one.column) == (line, column) for one in problems)
        meant += any("did you mean" in one.message and word in one.message for one in problems)
    assert len(typos) == EACH
    assert placed / EACH >= 0.98, sort
    assert meant / EACH >= 0.9, sort
