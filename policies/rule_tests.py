"""Running the tests that rules carry.

Each example through both evaluators, each result with its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from language.said import NOTHING, Said, given, joined, said
from policies.examples import CLOCK
from policies.judge import DeviceFacts, Judge, Verdict
from policies.tree import Policy, Rule, RuleTest


@dataclass(frozen=True, slots=True)
class TestResult:
    """One example: where it stands, what it expected, what came, and what is wrong.

    (empty: nothing).
    """

    file: str
    line: int
    column: int
    rule: str
    name: str
    expected: str
    got: str
    explanation_vi: str
    explanation_en: str
    wrong: Said

    @property
    def passed(self) -> bool:
        """Whether the example came out as it says."""
        return not self.wrong

    def __str__(self) -> Said:
        return said(
            "{place}: rule {rule}: test {name}: {verdict}",
            place=f"{self.file}:{self.line}:{self.column}",
            rule=self.rule,
            name=self.name,
            verdict=self.wrong or "ok",
        )


def run_tests(policy: Policy) -> list[TestResult]:
    """Every test of every rule, in the order of the file."""
    judge = Judge(policy)
    return [_run(judge, rule, test) for rule in policy.rules for test in rule.tests]


def view_of(test: RuleTest) -> bytes:
    """The test's document in the form of a device's view."""
    unknown: dict[str, Any] = {path: {"reason": why} for path, why in test.unknown.items()}
    return msgspec.json.encode({"facts": test.facts, "unknown": unknown})


def _run(judge: Judge, rule: Rule, test: RuleTest) -> TestResult:
    heard = test.reported is not None or test.seen is not None or rule.for_each != "machines"
    view = view_of(test) if heard else None
    device = DeviceFacts(test.name, view, _moment(test.reported), _moment(test.seen))
    at = judge.policy.rules.index(rule)
    verdict = judge.judge(device, CLOCK, explain=True)[at]
    quick = judge.judge(device, CLOCK, explain=False)[at]
    return TestResult(
        judge.policy.file,
        *test.place,
        rule.id,
        test.name or said("on line {line}", line=test.place[0]),
        test.expect,
        verdict.result,
        verdict.explanation_vi,
        verdict.explanation_en,
        _wrong(test, verdict, quick),
    )


def _moment(ago: int | None) -> datetime | None:
    return None if ago is None else datetime.fromtimestamp(CLOCK - ago, UTC)


def _wrong(test: RuleTest, verdict: Verdict, quick: Verdict) -> Said:
    told = given(verdict.explanation_vi, verdict.explanation_en)
    if verdict.result != quick.result:
        return said(
            "the two evaluators differ: {one} and {other}; report this as a fault",
            one=verdict.result,
            other=quick.result,
        )
    if verdict.result != test.expect:
        return said(
            "expected {expected}, got {result}{why}",
            expected=test.expect,
            result=verdict.result,
            why=joined("", (": ", told)) if told else NOTHING,
        )
    if test.says is not None and not _tells(test.says, verdict):
        return said("the explanation does not say “{words}”: {told}", words=test.says, told=told)
    return NOTHING


def _tells(words: str, verdict: Verdict) -> bool:
    wanted = words.casefold()
    told = (verdict.explanation_en, verdict.explanation_vi)
    return any(wanted in text.casefold() for text in told)
