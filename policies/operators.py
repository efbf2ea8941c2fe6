"""The table of operators: which types each fits, what it takes, what it means to people.

Loading, evaluating, explaining and the JSON Schema all read this one table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from language.texts import marked
from policies import patterns, times, versions
from policies.patterns import Matcher

TEXTS = frozenset({"text", "choice", "version", "ip", "mac"})
NUMBERS = frozenset({"integer", "number"})
EQUALS = TEXTS | NUMBERS | {"boolean"}

#: What an operator takes: one value of the fact's own type, several, two, a span of time, a pattern, patterns, a version.
ARGUMENTS = ("value", "values", "pair", "span", "pattern", "patterns", "part", "version")


@dataclass(frozen=True, slots=True)
class Operator:
    """One word of the language."""

    name: str
    fits: frozenset[str]
    takes: str
    example: str
    words: str  #: the message; its arguments go in by their numbers


def _table(*rows: Operator) -> dict[str, Operator]:
    return {row.name: row for row in rows}


OPERATORS = _table(
    Operator("is", EQUALS, "value", "os.family: windows", "{0}"),
    Operator("one_of", TEXTS | NUMBERS, "values", "os.family: {one_of: [linux, macos]}", marked("one of {0}")),
    Operator("at_least", NUMBERS, "value", "hardware.memory.total: {at_least: 4GiB}", marked("at least {0}")),
    Operator("at_most", NUMBERS, "value", "session_lock.after: {at_most: 15m}", marked("at most {0}")),
    Operator("more_than", NUMBERS, "value", "firewall.rules_count: {more_than: 0}", marked("more than {0}")),
    Operator("less_than", NUMBERS, "value", "updates.pending: {less_than: 10}", marked("less than {0}")),
    Operator("between", NUMBERS, "pair", "session_lock.after: {between: [1m, 15m]}", marked("between {0} and {1}")),
    Operator("within", frozenset({"timestamp"}), "span", "agent.last_report: {within: 7d}", marked("within the last {0}")),
    Operator("older_than", frozenset({"timestamp"}), "span", "os.installed_at: {older_than: 52w}", marked("older than {0}")),
    Operator("like", TEXTS, "pattern", 'os.name: {like: "Windows 11*"}', marked("like {0}")),
    Operator("like_any", TEXTS, "patterns", 'software: {none: {name: {like_any: ["AnyDesk*"]}}}', marked("like one of {0}")),
    Operator("matches", TEXTS, "pattern", "os.hostname: {matches: '^PC-[0-9]+$'}", marked("matching {0}")),
    Operator("contains", frozenset({"text"}), "part", "os.name: {contains: Server}", marked("containing {0}")),
    Operator("version_at_least", frozenset({"version"}), "version", "os.version: {version_at_least: 10.0.19045}", marked("version {0} or newer")),
)  # fmt: skip

#: Operators on a list of plain values, each a short form of a quantifier over its elements.
LIST_OPERATORS = {"contains": ("any", "is"), "subset_of": ("all", "one_of")}
QUANTIFIERS = ("any", "all", "none", "count")
STRUCTURE = ("all_of", "any_of", "not")
BOUNDS = ("is", "at_least", "at_most", "more_than", "less_than", "between")
MISSING = ("fail", "pass", "unknown")

#: Every word that may stand where a fact's name could; no fact may be called so.
RESERVED = frozenset(
    {*OPERATORS, *LIST_OPERATORS, *QUANTIFIERS, *STRUCTURE, "exists", "missing", "where"}
)

Predicate = Callable[[Any, int], bool | None]


def compare(operator: str, value: Any, argument: Any) -> bool:
    """The six comparisons of numbers, and equality."""
    if operator == "between":
        low, high = argument
        return bool(low <= value <= high)
    return bool(_COMPARISONS[operator](value, argument))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: value == wanted,
    "at_least": lambda value, wanted: value >= wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "more_than": lambda value, wanted: value > wanted,
    "less_than": lambda value, wanted: value < wanted,
}


@cache
def matcher(operator: str, argument: str | tuple[str, ...]) -> Matcher:
    """The compiled form of a pattern.

    Raises:
        ValueError: not a pattern.
    """
    if operator == "matches":
        return patterns.regular(str(argument))
    if operator == "contains":
        return patterns.part(str(argument))
    return patterns.glob((argument,) if isinstance(argument, str) else argument)


def version_keys(argument: Any) -> frozenset[versions.Key]:
    """The keys of the versions in an argument (all of which were checked at load)."""
    texts = argument if isinstance(argument, tuple) else (argument,)
    return frozenset(key for key in map(versions.version_key, texts) if key is not None)


def predicate(operator: str, kind: str, argument: Any) -> Predicate:
    """What the operator says of one present value at a moment.

    None when the value cannot be read.
    """
    if operator in ("is", "one_of") and kind == "version":
        keys = version_keys(argument)
        return lambda value, now: versions.version_in(value, keys)
    if operator == "version_at_least":
        (key,) = version_keys(argument)
        return lambda value, now: versions.version_at_least(value, key)
    if operator == "within":
        return lambda value, now: times.within(value, now, argument)
    if operator == "older_than":
        return lambda value, now: times.older_than(value, now, argument)
    if operator == "one_of":
        return lambda value, now: value in argument
    if operator in BOUNDS:
        return lambda value, now: compare(operator, value, argument)
    matches = matcher(operator, argument)
    return lambda value, now: matches(value)
