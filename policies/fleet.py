"""What may be said of the whole fleet.

Met, not met, or undecided, with its counts and one sentence.

The denominator is what *should* exist. A machine that nothing is known of counts for neither side:
with lo = pass ÷ N and hi = (pass + unknown) ÷ N, lo ≥ t is met, hi < t is not met, anything between
is undecided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from language.forms import number
from language.texts import LANGUAGES, marked, sense, texts
from policies.fields import WHOLE
from policies.populations import of_the_register
from policies.tree import Rule

OPEN = ("unknown", "error")  #: results that more knowledge may turn either way


class Judged(Protocol):
    """One device's result: a verdict, or a finding kept from one."""

    @property
    def result(self) -> str:
        """pass, fail, unknown, error, not_applicable or waived."""

    @property
    def reason(self) -> str:
        """The code behind an unknown."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A fleet-level result. ``counts`` is by result, and for unknowns by ``unknown: reason``.

    ``total`` is N, the expected machines the rule applies to; ``lo`` and ``hi`` are shares from 0
    to 1 (0 when N is 0).
    """

    rule: str
    result: str
    counts: dict[str, int]
    total: int
    lo: float
    hi: float
    sentence_vi: str
    sentence_en: str


def statement(rule: Rule, judged: Iterable[Judged], expected: int, refused: int = 0) -> Statement:
    """What the results of a rule say about all ``expected`` machines, and ``refused`` more.

    Expected machines without a result count as unknown (never reported); so do the register's rows
    that were refused: a mistake in a row must not make the denominator smaller.

    Raises:
        ValueError: more results than expected machines: the caller counted machines that are
            not expected.
    """
    counts: Counter[str] = Counter()
    for one in judged:
        counts[one.result] += 1
        if one.result == "unknown":
            counts[f"unknown: {one.reason or 'not_reported'}"] += 1
        elif one.result == "pass" and one.reason:
            counts[f"pass: {one.reason}"] += 1
    results = sum(count for name, count in counts.items() if ":" not in name)
    if results > expected:
        raise ValueError(f"{results} results for {expected} expected machines")
    if expected > results:
        counts["unknown"] += expected - results
        counts["unknown: never_reported"] += expected - results
    if refused:
        counts["unknown"] += refused
        counts["unknown: refused_row"] = refused
    return _stated(rule, counts, expected + refused - counts["not_applicable"])


def _stated(rule: Rule, counts: Counter[str], total: int) -> Statement:
    passed = counts["pass"]
    possible = passed + sum(counts[name] for name in OPEN)
    wanted = Fraction(rule.fleet.pass_at_least) / WHOLE
    result = "undecided"
    if total and Fraction(passed, total) >= wanted:
        result = "met"
    elif total and Fraction(possible, total) < wanted:
        result = "not_met"
    sentences = (_sentence(rule, counts, total, result, lang) for lang in LANGUAGES)
    lo, hi = (passed / total, possible / total) if total else (0.0, 0.0)
    plain = {name: count for name, count in counts.items() if count}
    return Statement(rule.id, result, plain, total, lo, hi, *sentences)


_GROUPS = (
    ("fail", marked("Fail")),
    ("waived", sense("of machines", "Waived")),
    ("unknown: too_old", marked("Silent for too long")),
    ("unknown: never_reported", sense("of machines", "Never reported")),
    ("unknown: contradicted", marked("Contradicted by the network")),
    ("unknown: refused_row", marked("In rows of the register not understood")),
    ("unknown: other", sense("of machines", "Not known")),
    ("error", marked("Errors")),
)
_ENDINGS = {
    "met": marked("Met."),
    "not_met": marked("Not met."),
    "undecided": marked("Cannot be stated as met."),
}


def _sentence(rule: Rule, counts: Counter[str], total: int, result: str, lang: str) -> str:
    """The sentence: ``Firewall on: 541 of 568 machines (95.2 %). Fail: 9. …``."""
    title = rule.title.get(lang).rstrip(".")
    say = texts(lang)
    ending = say(_ENDINGS[result])
    if not total:
        nothing = say("no machine to judge")
        return f"{title}: {nothing}. {ending}"
    grouped = counts.copy()
    named = sum(grouped[name] for name, _ in _GROUPS if name.startswith("unknown: "))
    grouped["unknown: other"] = grouped["unknown"] - named
    who = marked("{n} of {of} machines")
    if not of_the_register(rule):
        who = marked("{n} of {of} devices")
    passed = say(who, n=number(grouped["pass"], lang), of=number(total, lang))
    parts = [f"{title}: {passed} ({_percent(grouped['pass'], total, lang)})"]
    if confirmed := grouped["pass: confirmed"]:
        parts.append(
            say(
                "Confirmed by the network: {confirmed}, claimed only: {alone}",
                confirmed=number(confirmed, lang),
                alone=number(grouped["pass"] - confirmed, lang),
            )
        )
    parts += [f"{say(words)}: {number(grouped[n], lang)}" for n, words in _GROUPS if grouped[n]]
    needed = rule.fleet.pass_at_least
    if needed < WHOLE:
        parts.append(say("Required: {share} %", share=number(float(needed), lang)))
    return f"{'. '.join(parts)}. {ending}"


def _percent(part: int, total: int, lang: str) -> str:
    """A share with one decimal, rounded down: 567 of 568 is never 100 %."""
    return f"{number(part * 1000 // total / 10, lang, decimals=1)} %"
