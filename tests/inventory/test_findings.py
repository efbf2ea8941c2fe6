"""Findings: since when, every transition, and nothing twice."""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import Any

import pytest

from inventory import devices
from inventory.findings import Finding, history, latest, record
from inventory.store import Store
from inventory.times import stamp
from tests.inventory.office import Machine, at, finding, rows

PC, OTHER = Machine("pc-1"), Machine("pc-2")


@pytest.fixture
def office(store: Store) -> Store:
    """Two machines."""
    for machine in (PC, OTHER):
        machine.enrol(store)
    return store


def test_since_moves_only_when_the_result_does(office: Store):
    told = []
    results = ["fail", "fail", "pass", "pass", "fail"]  # and back again
    for hour, result in enumerate(results):
        told.append(dict(record(office, [finding(result, PC, facts_hash=str(hour))], at(hour))))
        (row,) = latest(office, "office-baseline")
        assert (row["result"], row["evaluated_at"]) == (result, stamp(at(hour)))
        assert row["facts_hash"] == str(hour)
        assert row["since"] == stamp(at([0, 0, 2, 2, 4][hour]))
    assert told == [{"new": 1}, {"same": 1}, {"changed": 1}, {"same": 1}, {"changed": 1}]
    moves = history(office, PC.device, "FW-001")
    assert [(one["old"], one["new"], one["facts_hash"]) for one in moves] == [
        *((None, "fail", "0"), ("fail", "pass", "2"), ("pass", "fail", "4")),
    ]


def test_the_same_again_changes_nothing_but_the_time(office: Store):
    both = [finding("unknown", PC), finding("pass", OTHER)]
    assert record(office, both, at(0)) == {"new": 2}
    before = (latest(office, "office-baseline"), rows(office, "SELECT * FROM transitions"))
    assert record(office, both, at(0)) == {"same": 2}
    assert (latest(office, "office-baseline"), rows(office, "SELECT * FROM transitions")) == before
    assert record(office, [], at(1)) == {}
    assert record(office, [finding("fail", PC)], at(1)) == {"changed": 1}  # the control
    assert latest(office, "office-baseline") != before[0]


def test_what_it_says_comes_back_as_it_was(office: Store):
    said = finding("unknown", PC)
    record(office, [said], at(0))
    (row,) = latest(office, "office-baseline")
    assert {name: row[name] for name in Finding.__slots__} == dataclasses.asdict(said)
    (shown,) = devices.show(office, PC.device)["findings"]
    assert (shown["rule"], shown["reason"]) == ("FW-001", "not_elevated")
    assert latest(office, "another") == []


@pytest.mark.parametrize("wrong", [{"device": "nobody"}, {"result": "fine"}])
def test_one_that_cannot_be_kept_undoes_all(office: Store, wrong: dict[str, Any]):
    with pytest.raises(sqlite3.IntegrityError):
        record(
            office,
            [finding("pass", OTHER), dataclasses.replace(finding("pass", PC), **wrong)],
            at(0),
        )
    assert latest(office, "office-baseline") == []
    assert rows(office, "SELECT * FROM transitions") == []


def test_policies_and_rules_are_kept_apart(office: Store):
    found = [
        finding("fail", PC),
        finding("pass", PC, rule="FW-002"),
        finding("pass", PC, policy="other"),
    ]
    assert record(office, found, at(0)) == {"new": 3}
    assert [row["rule"] for row in latest(office, "office-baseline")] == ["FW-001", "FW-002"]
    assert len(history(office, PC.device, "FW-001")) == 2  # of two policies
