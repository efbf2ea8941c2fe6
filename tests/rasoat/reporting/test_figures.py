"""The figures of a report equal an independent count over the database, and each other."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from policies.load import load_policy
from rasoat import judging
from rasoat.problems import Problem
from reports.summary import Summary
from tests.rasoat.reporting.conftest import NOW

EXPECTED = """
    SELECT DISTINCT o.device FROM assets a
    JOIN observations o ON o.source = 'asset' AND o.ref = a.id
    WHERE a.retired_at IS NULL AND a.kind IN ('pc', 'server')
"""
BY_RULE = f"""
    SELECT rule, result, count(*) FROM findings WHERE device IN ({EXPECTED}) GROUP BY 1, 2
"""  # noqa: S608 - two constants


def counted(office: Path, query: str, *asked: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office / "inventory.db")) as db:
        return db.execute(query, asked).fetchall()


def test_the_denominator_is_the_register(office: Path, summary: Summary) -> None:
    devices = counted(office, EXPECTED)
    assert len(devices) > 500
    assert summary.coverage.expected == len(devices)
    assert sum(one.expected for one in summary.devices) == len(devices)


def test_every_rule_counts_what_the_findings_say(office: Path, summary: Summary) -> None:
    found = {(rule, result): n for rule, result, n in counted(office, BY_RULE)}
    assert len(found) > 100
    for rule in summary.rules:
        for result, n in rule.counts.items():
            assert found.get((rule.id, result), 0) == n, (rule.id, result)


def test_units_add_up_to_the_whole(office: Path, summary: Summary) -> None:
    assert len(summary.units) > 10
    assert sum(one.expected for one in summary.units) == summary.coverage.expected
    for one in summary.units:
        assert sum(one.headline.values()) == one.expected, one
        assert sum(one.states.values()) == one.expected, one
    total = Counter[str]()
    for one in summary.units:
        total.update(one.headline)
    assert {name: n for name, n in summary.headline.counts.items() if n} == dict(total)


def test_every_distribution_adds_up_and_leaves_nobody_out(summary: Summary) -> None:
    assert [one.name for one in summary.inventory] == [
        *("systems", "support", "age", "memory", "encryption", "antivirus")
    ]
    for one in summary.inventory:
        assert one.total == summary.coverage.expected
        assert sum(part.machines for part in one.parts) + one.unknown == one.total
        assert one.unknown >= summary.coverage.never_reported - 5 or one.name == "age", one.name
        assert one.parts


def test_what_protects_is_known_only_of_who_reports(summary: Summary) -> None:
    managed = summary.coverage.states and summary.coverage.states["managed"]
    for one in summary.inventory:
        if one.name in ("encryption", "antivirus"):
            assert sum(part.machines for part in one.parts) <= (managed or 0)


def test_contradictions_are_those_of_the_devices(office: Path, summary: Summary) -> None:
    assert summary.contradictions
    firewall = {one.device for one in summary.contradictions if one.about == "firewall"}
    unknown = {
        one.id
        for one in summary.devices
        for finding in one.findings
        if finding.rule == "FW-001" and finding.reason == "contradicted"
    }
    assert unknown <= firewall
    assert unknown


def test_problems_are_the_worst_first_and_say_what_to_do(summary: Summary) -> None:
    ranks = ["critical", "high", "medium", "low"]
    places = [ranks.index(one.severity) for one in summary.problems]
    assert places == sorted(places)
    assert len(places) > 10
    counts = {rule.id: rule.counts["fail"] for rule in summary.rules}
    for one in summary.problems:
        assert counts[one.rule] == one.failing > 0
        assert one.fix["vi"]
        assert one.fix["en"]
        assert sum(unit.machines for unit in one.units) <= one.failing


def test_every_unknown_has_its_reason_among_what_cannot_be_said(summary: Summary) -> None:
    said = Counter(
        finding.reason
        for device in summary.devices
        if device.expected
        for finding in device.findings
        if finding.result in ("unknown", "error")
    )
    assert said["never_reported"] > 0
    told = {one.reason: one.results for one in summary.unsaid if one.reason in said}
    assert told == dict(said)
    claimed = next(one for one in summary.unsaid if one.reason == "claimed_only")
    assert claimed.machines < summary.headline.counts["pass"]


def test_every_device_stands_in_the_report_once(office: Path, summary: Summary) -> None:
    ids = [one.id for one in summary.devices] + [one.id for one in summary.beside]
    assert len(ids) == len(set(ids)) > 568
    states = summary.coverage.states
    assert states is not None
    strangers = sum(one.state == "unknown_device" for one in summary.beside)
    assert strangers == states["unknown_device"]


def test_since_is_when_the_result_turned(office: Path, summary: Summary) -> None:
    found = counted(office, "SELECT device, rule, since FROM findings")
    since = {(device, rule): at for device, rule, at in found}
    shown = {(d.id, f.rule): f.since for d in summary.devices for f in d.findings}
    assert shown == since
    assert len(shown) > 20_000


@pytest.mark.parametrize("wanted", ["most", "none"])
def test_a_unit_speaks_of_its_own_machines_alone(
    office: Path, summary: Summary, wanted: str
) -> None:
    if wanted == "none":
        with pytest.raises(Problem, match="no unit has the code"):
            judging.judged(office, load_policy("office-baseline"), NOW, "NO-SUCH-UNIT")
        return
    unit = max(summary.units, key=lambda one: one.expected)
    alone = judging.judged(office, load_policy("office-baseline"), NOW, unit.code)
    assert alone.coverage.expected >= unit.expected > 10
    assert {one.code for one in alone.units} >= {unit.code}
    assert unit.code in alone.id
    assert alone.unit_name["vi"]


def test_simulated_data_says_so(summary: Summary) -> None:
    assert summary.simulated
    assert all("MÔ PHỎNG" in title for title in summary.policy_title.values())
