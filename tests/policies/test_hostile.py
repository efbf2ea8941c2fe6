"""What is hostile costs little or is refused: patterns, lists of a rule, lists of a machine.

How little, `benchmarks/policies.py` shows; here is that nothing larger is ever judged.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.judging.hostile import PATTERNS, machine, rule
from policies.judge import MAX_VIEW, DeviceFacts, judge, open_verdict
from policies.load import load_text
from policies.problems import PolicyRefused

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def judged(text: str, view: bytes) -> tuple[str, str]:
    (said,) = judge(load_text(text), [DeviceFacts("d", view, NOW)], NOW)
    return said.result, said.reason


@pytest.mark.timeout(60)  # a pattern that backtracks would need years
@pytest.mark.parametrize("length", [100, 900])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_hostile_pattern_on_the_largest_list_that_is_judged(pattern: str, length: int) -> None:
    view = machine(MAX_VIEW - 1000, length)
    assert MAX_VIEW * 0.9 < len(view) <= MAX_VIEW
    assert judged(rule(pattern), view) == ("pass", "")
    assert judged(rule(pattern, "any"), view)[0] == "fail"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_list_of_ten_megabytes_is_not_judged_and_says_so(pattern: str) -> None:
    view = machine(10_000_000, 100)
    assert len(view) > 9_900_000
    assert judged(rule(pattern), view) == ("unknown", "too_large")
    facts = DeviceFacts("d", view, NOW)
    said = open_verdict(load_text(rule(pattern)), "BIG-1", facts, NOW)
    assert "too large" in said.explanation_en
    assert "quá lớn" in said.explanation_vi


def test_it_is_the_limit_that_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with another limit the same list is judged, and with a lower one a small."""
    monkeypatch.setattr("policies.judge.MAX_VIEW", 1 << 30)
    assert judged(rule(PATTERNS[0]), machine(10_000_000, 100)) == ("pass", "")
    monkeypatch.setattr("policies.judge.MAX_VIEW", 1000)
    assert judged(rule(PATTERNS[0]), machine(2000, 100)) == ("unknown", "too_large")


@pytest.mark.parametrize(("count", "said"), [(501, "rule BIG-1: one_of"), (900_000, "longer than")])
def test_a_list_of_ten_megabytes_in_a_rule_is_refused(count: int, said: str) -> None:
    values = ", ".join(f"name-{at}" for at in range(count))
    with pytest.raises(PolicyRefused, match=said) as refused:
        load_text(rule(f"one_of: [{values}]"), "mine.yaml")
    assert str(refused.value).startswith("mine.yaml:")
