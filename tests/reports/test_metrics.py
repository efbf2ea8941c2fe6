"""Prometheus' own parser reads it, every figure is the summary's, and no label names a machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from reports import metrics
from reports.figures import UnitLine
from reports.summary import RESULTS, Coverage, Summary
from tests.reports.oscal.samples import HOSTILE, NOW, WAIVER, hostile, sample

Key = tuple[str, frozenset[tuple[str, str]]]


def read(*summaries: Summary) -> dict[Key, float]:
    """(metric, labels) → value, as Prometheus' parser reads it; nothing stands twice."""
    found: dict[Key, float] = {}
    for family in text_string_to_metric_families(metrics.render(summaries)):
        assert family.type == "gauge"
        assert family.documentation
        for one in family.samples:
            key = one.name, frozenset(one.labels.items())
            assert key not in found
            found[key] = one.value
    return found


def value(found: dict[Key, float], name: str, **labels: str) -> float:
    """One sample of the office's baseline."""
    whole = {"policy": "office-baseline", **labels}
    return found[f"rasoat_{name}", frozenset(whole.items())]


def unit(code: str, expected: int, **headline: int) -> UnitLine:
    """A unit with its results of the first rule."""
    return UnitLine(code, {}, (), expected, {}, headline, {}, 0)


def test_every_result_of_every_rule_is_told_and_unknown_is_unknown() -> None:
    found = read(sample())
    of_rules = [key for key in found if key[0] == "rasoat_rule_machines"]
    assert len(of_rules) == len(sample().rules) * len(RESULTS)
    told = {"rule": "MET-001", "severity": "high"}
    assert value(found, "rule_machines", result="unknown", **told) == 1
    assert value(found, "rule_machines", result="pass", **told) == 2
    assert value(found, "rule_machines", result="fail", **told) == 0


def test_a_statement_has_one_verdict() -> None:
    found = read(sample())
    for rule in sample().rules:
        told = {"rule": rule.id, "severity": "high"}
        ones = {
            verdict: value(found, "statement", verdict=verdict, **told)
            for verdict in metrics.VERDICTS
        }
        assert ones == {verdict: float(verdict == rule.verdict) for verdict in metrics.VERDICTS}
    assert value(found, "compliant") == 0


def test_times_are_times_and_are_not_there_where_nothing_was_heard() -> None:
    found = read(sample())
    assert value(found, "judged_timestamp_seconds") == NOW.timestamp()
    assert value(found, "oldest_report_timestamp_seconds") == NOW.timestamp() - 282600
    silent = read(replace(sample(), devices=()))
    assert not [key for key in silent if "report_timestamp" in key[0]]


def test_coverage_is_told_with_a_register_alone() -> None:
    assert not [key for key in read(sample()) if key[0] == "rasoat_machines"]
    states = {"managed": 3, "silent": 1, "missing": 2, "unknown_device": 9}
    coverage = Coverage(7, 3, 1, 2, 0, refused=1, states=states)
    found = read(replace(sample(), coverage=coverage))
    assert value(found, "machines", state="missing") == 2
    assert value(found, "machines", state="refused_row") == 1
    assert value(found, "machines_expected") == 7
    assert value(found, "agents", state="never_reported") == 2


def test_waivers_contradictions_and_simulation_are_told() -> None:
    waivers = (WAIVER, replace(WAIVER, id="w-2", days_left=30, unneeded=True))
    found = read(replace(sample(), waivers=waivers, simulated=True))
    names = ("waivers_in_force", "waivers_expiring", "waivers_unneeded", "simulated")
    assert [value(found, name) for name in names] == [2, 1, 1, 1]
    assert value(found, "contradictions", about="firewall") == 1
    assert value(found, "contradictions", about="ports") == 0


def test_units_are_told_and_those_beyond_the_cap_are_one() -> None:
    units = tuple(unit(f"U{n}", 10, **{"pass": 1, "unknown": 2}) for n in range(700))
    found = read(replace(sample(), units=(*units, unit("", 99, fail=5))))
    lines = {dict(labels)["unit"] for name, labels in found if name.endswith("headline_machines")}
    assert len(lines) == metrics.MOST_UNITS + 1
    assert value(found, "unit_headline_machines", unit="_none", result="fail") == 5
    assert value(found, "unit_headline_machines", unit="_others", result="unknown") == 2 * 201


def test_two_policies_are_told_apart_in_one_file() -> None:
    other = replace(sample(), policy="coverage")
    found = read(sample(), other)
    assert {dict(labels)["policy"] for _, labels in found} == {"office-baseline", "coverage"}
    assert len(found) == 2 * len(read(sample()))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_machine_stands_in_a_label(text: str) -> None:
    known = read(sample())
    assert {name for name, _ in read(hostile(text))} == {name for name, _ in known}
    assert len(read(hostile(text))) == len(known)
    assert len(text) < 5 or text not in metrics.render([hostile(text)])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(), min_size=1))
def test_a_unit_of_any_name_is_one_label(code: str) -> None:
    found = read(replace(sample(), units=(unit(code, 1, **{"pass": 1}),)))
    shown = code.encode("utf-8", "replace").decode()
    assert value(found, "unit_headline_machines", unit=shown, result="pass") == 1


def test_nothing_is_left_in_the_registry_of_the_process() -> None:
    before = {one.name for one in REGISTRY.collect()}
    metrics.render([sample()])
    assert {one.name for one in REGISTRY.collect()} == before
