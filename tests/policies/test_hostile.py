"""What is hostile costs little or is refused: patterns, lists of a rule, lists of a machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import process_time

import pytest

from policies.judge import MAX_VIEW, DeviceFacts, judge, open_verdict
from policies.load import load_text
from policies.problems import PolicyRefused

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LIMIT = 0.050  #: seconds of the processor, a rule on a device
RULES = "policy: p\nversion: 1\ntitle: t\nrules:\n  - {id: BIG-1, title: a, require: %s}\n"
HOSTILE = (
    'matches: "^(a+)+$"',
    'matches: "(a|aa)+(a|aa)+b"',
    'matches: "(.*a){20}b"',
    'like: "*a*a*a*a*a*a*b"',
    'like: "?*a?*a?*a?*b"',
)


def named(condition: str) -> str:
    return RULES % f"{{software: {{none: {{name: {{{condition}}}}}}}}}"


def machine(size: int, length: int) -> bytes:
    """A view of about ``size`` bytes: one list of programs whose names have ``length`` letters."""
    name = "a" * (length - 8)
    programs = [{"name": f"{name}!{at:07}"} for at in range(size // (length + 14))]
    return json.dumps({"facts": {"software": programs}, "unknown": {}}).encode()


def spent(text: str, view: bytes) -> tuple[float, str, str]:
    """The least of five: what else the machine does is not the rule's cost."""
    policy, facts = load_text(text), DeviceFacts("d", view, NOW)
    (said,) = judge(policy, [facts], NOW)
    spans = []
    for _ in range(5):
        began = process_time()
        judge(policy, [facts], NOW)
        spans.append(process_time() - began)
    return min(spans), said.result, said.reason


@pytest.mark.parametrize("length", [100, 900])
@pytest.mark.parametrize("condition", HOSTILE)
def test_a_hostile_pattern_on_the_largest_list_that_is_judged(condition: str, length: int) -> None:
    view = machine(MAX_VIEW - 1000, length)
    assert MAX_VIEW * 0.9 < len(view) <= MAX_VIEW
    taken, result, _ = spent(named(condition), view)
    assert result == "pass"
    assert taken <= LIMIT


@pytest.mark.parametrize("condition", HOSTILE)
def test_a_list_of_ten_megabytes_is_not_judged_and_says_so(condition: str) -> None:
    view = machine(10_000_000, 100)
    assert len(view) > 9_900_000
    taken, result, reason = spent(named(condition), view)
    assert (result, reason) == ("unknown", "too_large")
    assert taken <= LIMIT
    said = open_verdict(load_text(named(condition)), "BIG-1", DeviceFacts("d", view, NOW), NOW)
    assert "too large" in said.explanation_en
    assert "quá lớn" in said.explanation_vi


def test_the_limit_is_what_keeps_it_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: judged all the same, the same list costs more than is allowed."""
    monkeypatch.setattr("policies.judge.MAX_VIEW", 1 << 30)
    taken, result, _ = spent(named(HOSTILE[0]), machine(10_000_000, 100))
    assert result == "pass"
    assert taken > LIMIT


@pytest.mark.parametrize(("count", "said"), [(501, "rule BIG-1: one_of"), (900_000, "longer than")])
def test_a_list_of_ten_megabytes_in_a_rule_is_refused(count: int, said: str) -> None:
    values = ", ".join(f"name-{at}" for at in range(count))
    with pytest.raises(PolicyRefused, match=said) as refused:
        load_text(named(f"one_of: [{values}]"), "mine.yaml")
    assert str(refused.value).startswith("mine.yaml:")
