"""What to say of a word that a rule's author meant otherwise: what to write instead."""

from __future__ import annotations

from inventory.catalogue import Fact
from language.said import Said, said
from policies import operators
from policies.operators import OPERATORS, QUANTIFIERS
from policies.problems import did_you_mean, meant

#: What people coming from other tools type, and our word for it.
ELSEWHERE = {
    "equals": "is", "eq": "is", "==": "is", "value": "is", "in": "one_of", "any_in": "one_of",
    "ge": "at_least", "gte": "at_least", ">=": "at_least", "min": "at_least", "minimum": "at_least",
    "le": "at_most", "lte": "at_most", "<=": "at_most", "max": "at_most", "maximum": "at_most",
    "gt": "more_than", ">": "more_than", "lt": "less_than", "<": "less_than", "range": "between",
    "newer_than": "within", "since": "within", "glob": "like", "regex": "matches",
    "regexp": "matches",
    "pattern": "matches", "match": "matches", "includes": "contains", "present": "exists",
    "defined": "exists", "every": "all", "each": "all", "some": "any", "and": "all_of",
    "or": "any_of",
    "ne": "not", "!=": "not", "not_in": "not", "version": "version_at_least",
}  # fmt: skip


def suggest(word: str, usable: list[str]) -> Said:
    """The word that was meant, or all that there are."""
    ours = ELSEWHERE.get(word.lower())
    if ours in usable:
        return meant(ours)
    return did_you_mean(word, usable) or said("; use {names}", names=", ".join(usable))


def misfit(word: str, fact: Fact, kind: str) -> Said:
    """A word that is no operator, or not one for this fact."""
    usable = [row.name for row in OPERATORS.values() if kind in row.fits] + ["not", "exists"]
    if word in operators.RESERVED:
        return said(
            "{word} does not fit {path} ({kind}); use {names}",
            word=word,
            path=fact.path,
            kind=kind,
            names=", ".join(usable),
        )
    return said("no operator is called {word}{hint}", word=word, hint=suggest(word, usable))


def by_last_word(word: str, paths: list[str]) -> Said:
    """For a path that is wrong in the middle: one that ends in the same words."""
    tail = word.rpartition(".")[2]
    same = [path for path in paths if path.rpartition(".")[2] == tail]
    if same:
        return did_you_mean(word, same) or meant(same[0])
    return said("; rasoat policy facts lists them")


def example(word: str) -> str:
    """How a condition with this operator is written."""
    if word in OPERATORS:
        return OPERATORS[word].example
    return (
        "software: {none: {name: {like: X*}}}" if word in QUANTIFIERS else f"os.name: {{{word}: …}}"
    )
