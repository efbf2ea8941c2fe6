"""Running the tests that rules carry.

Each example through both evaluators, each result with its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

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
    wrong: str

    @property
    def passed(self) -> bool:
        """Whether the example came out as it says."""
        return not self.wrong

    def __str__(self) -> str:
        verdict = self.wrong or "ok"
        return (
            f"{self.file}:{self.line}:{self.column}: rule {self.rule}: test {self.name}: {verdict}"
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
        test.name,
        test.expect,
        verdict.result,
        verdict.explanation_vi,
        verdict.explanation_en,
        _wrong(test, verdict, quick),
    )


def _moment(ago: int | None) -> datetime | None:
    return None if ago is None else datetime.fromtimestamp(CLOCK - ago, UTC)


def _wrong(test: RuleTest, verdict: Verdict, quick: Verdict) -> str:
    if verdict.result != quick.result:
        both = f"{verdict.result} and {quick.result}"
        return f"the two evaluators differ: {both}; report this as a fault"
    if verdict.result != test.expect:
        why = f": {verdict.explanation_en}" if verdict.explanation_en else ""
        return f"expected {test.expect}, got {verdict.result}{why}"
    if test.says is not None and not _said(test.says, verdict):
        return f"the explanation does not say “{test.says}”: {verdict.explanation_en}"
    return ""


def _said(words: str, verdict: Verdict) -> bool:
    wanted = words.casefold()
    said = (verdict.explanation_en, verdict.explanation_vi)
    return any(wanted in text.casefold() for text in said)
