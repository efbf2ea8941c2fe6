"""The fleet's statement.

Three-valued, over the machines that should exist, and never met by rounding or by zero.
"""

# ruff: noqa: E501 - a table reads best with one case a line

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.fleet import Statement, statement
from policies.load import load_text
from policies.tree import Rule


def rule(share: str = "100%") -> Rule:
    text = (
        "policy: trial\nversion: 1\ntitle: trial\nrules:\n  - id: FW-001\n"
        f"    title: {{vi: Tường lửa bật, en: Firewall on}}\n    require: {{firewall.effective: on}}\n    fleet: {{pass_at_least: {share}}}\n"
    )
    return load_text(text).rules[0]


def stated(share: str, expected: int, **counts: int) -> Statement:
    results = []
    for name, count in counts.items():
        result, _, reason = name.partition("__")
        results += [SimpleNamespace(result=result, reason=reason)] * count
    return statement(rule(share), results, expected)


def test_the_sentence_that_may_be_signed() -> None:
    got = stated(
        "100%", 568, **{"pass": 541, "fail": 9, "unknown__too_old": 10, "unknown__not_elevated": 2}
    )
    assert got.result == "not_met"
    assert got.sentence_en == (
        "Firewall on: 541 of 568 machines (95.2 %). Fail: 9. Silent for too long: 10. Never reported: 6. "
        "Not known: 2. Not met."
    )
    assert got.sentence_vi == (
        "Tường lửa bật: 541/568 máy (95,2 %). Không đạt: 9. Im lặng quá lâu: 10. Chưa từng báo cáo: 6. "
        "Không rõ: 2. Không đạt yêu cầu."
    )
    assert got.counts["unknown: never_reported"] == 6


def test_undecided_is_not_met() -> None:
    got = stated("95%", 100, **{"pass": 94, "unknown__too_old": 3, "fail": 3})
    assert (got.result, got.lo, got.hi) == ("undecided", 0.94, 0.97)
    assert got.sentence_en.endswith("Required: 95 %. Cannot be stated as met.")
    assert got.sentence_vi.endswith("Yêu cầu: 95 %. Chưa đủ căn cứ để khẳng định là đạt.")


def test_met_and_the_edges_of_the_threshold() -> None:
    assert stated("95%", 100, **{"pass": 95, "fail": 5}).result == "met"
    assert stated("95%", 100, **{"pass": 94, "fail": 6}).result == "not_met"
    assert stated("95%", 100, **{"pass": 90, "error": 5, "fail": 5}).result == "undecided"
    assert stated("99.9%", 1000, **{"pass": 999, "fail": 1}).result == "met"
    assert (
        stated("100%", 3, **{"pass": 3}).sentence_en
        == "Firewall on: 3 of 3 machines (100.0 %). Met."
    )


def test_nothing_is_rounded_up() -> None:
    got = stated("100%", 10_000, **{"pass": 9999, "unknown__failed": 1})
    assert "9,999 of 10,000 machines (99.9 %)" in got.sentence_en
    assert "9.999/10.000 máy (99,9 %)" in got.sentence_vi


def test_zero_is_undecided() -> None:
    for got in (stated("95%", 0), stated("95%", 4, not_applicable=4)):
        assert (got.result, got.total) == ("undecided", 0)
        assert got.sentence_en == "Firewall on: no machine to judge. Cannot be stated as met."
        assert "không có máy nào" in got.sentence_vi


def test_machines_the_rule_is_not_about_leave_the_denominator() -> None:
    assert stated("100%", 10, **{"pass": 6, "not_applicable": 4}).result == "met"
    assert stated("100%", 11, **{"pass": 6, "not_applicable": 4}).result == "undecided"


def test_waived_machines_are_not_passes() -> None:
    assert stated("100%", 10, **{"pass": 9, "waived": 1}).result == "not_met"


def test_more_results_than_expected_machines_is_a_fault() -> None:
    with pytest.raises(ValueError, match="3 results for 2 expected"):
        stated("95%", 2, **{"pass": 3})


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 100))
def test_the_statement_against_every_way_the_unknown_may_turn_out(
    good: int, bad: int, open_: int, share: int
) -> None:
    got = stated(
        f"{share}%", good + bad + open_, **{"pass": good, "fail": bad, "unknown__failed": open_}
    )
    total = good + bad + open_
    ways = {(good + more) * 100 >= share * total for more in range(open_ + 1)}
    expected = "undecided" if len(ways) == 2 or not total else ("met" if ways.pop() else "not_met")
    assert got.result == expected


def test_a_row_that_was_refused_is_a_machine_nobody_can_speak_for() -> None:
    passed = [SimpleNamespace(result="pass", reason="")] * 3
    assert statement(rule(), passed, 3).result == "met"
    got = statement(rule(), passed, 3, refused=1)
    assert (got.result, got.total, got.counts["unknown: refused_row"]) == ("undecided", 4, 1)
    assert got.sentence_en == (
        "Firewall on: 3 of 4 machines (75.0 %). In rows of the register not understood: 1. "
        "Cannot be stated as met."
    )
