"""A commune's policy on top of the office's: what it takes over, tightens, and never hides."""

# ruff: noqa: E501 - a table reads best with one case a line

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.devices import DeviceView
from policies.assess import assess
from policies.lint import lint
from policies.load import load_policy, variant
from policies.problems import PolicyRefused
from policies.rule_tests import run_tests
from tests.rasoat.conftest import called

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PARENT = """policy: district
version: 3
title: district
vars: {lock: 15m, tools: ["AnyDesk*"]}
rules:
  - id: LOCK
    title: lock
    severity: high
    require: {session_lock.after: {at_most: $lock}}
    fresh: 7d
    fleet: {pass_at_least: 90%}
    fix: lock it
    tests:
      - {facts: {session_lock.after: 15m}, expect: pass}
      - {facts: {session_lock.after: 16m}, expect: fail}
      - {unknown: {session_lock: failed}, expect: unknown}
  - id: TOOLS
    title: tools
    require: {software: {none: {name: {like_any: $tools}}}}
    fresh: 7d
  - id: ADMINS
    title: admins
    require: {accounts.local_admins: {at_most: 2}}
    fresh: 7d
"""
HEAD = "policy: commune\nversion: 1\ntitle: commune\nextends: district.yaml\n"


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    (tmp_path / "district.yaml").write_text(PARENT, "utf-8")
    return tmp_path / "commune.yaml"


def written(commune: Path, rest: str, head: str = HEAD) -> Path:
    commune.write_text(head + rest, "utf-8")
    return commune


def test_everything_is_taken_over_and_the_hash_covers_it(commune: Path) -> None:
    policy = load_policy(written(commune, ""))
    assert [rule.id for rule in policy.rules] == ["LOCK", "TOOLS", "ADMINS"]
    assert (policy.extends, policy.departures) == ("district", ())
    assert run_tests(policy) == []  # the parent's examples are the parent's
    parent = load_policy(commune.parent / "district.yaml")
    assert [rule.hash for rule in policy.rules] == [rule.hash for rule in parent.rules]
    (commune.parent / "district.yaml").write_text(PARENT.replace("15m, ", "14m, "), "utf-8")
    commune.write_text(commune.read_text("utf-8") + "# again\n", "utf-8")
    assert load_policy(commune).hash != policy.hash


@pytest.mark.parametrize(
    ("rest", "rule", "kind"),
    [
        ("rules:\n  - {id: LOCK, require: {session_lock.after: {at_most: 10m}}}\n", "LOCK", "tighter"),
        ("rules:\n  - {id: LOCK, require: {session_lock.after: {at_most: 20m}}}\n", "LOCK", "looser"),
        ("vars: {lock: 5m}\n", "LOCK", "tighter"),
        ("vars: {lock: 30m}\n", "LOCK", "looser"),
        ('vars: {tools: ["AnyDesk*", "Zoom*"]}\n', "TOOLS", "tighter"),
        ('vars: {tools: ["Zoom*"]}\n', "TOOLS", "changed"),
        ("rules:\n  - {id: LOCK, fresh: 30d}\n", "LOCK", "looser"),
        ("rules:\n  - {id: LOCK, fresh: 1d}\n", "LOCK", "tighter"),
        ("rules:\n  - {id: LOCK, severity: low}\n", "LOCK", "looser"),
        ("rules:\n  - {id: LOCK, fleet: {pass_at_least: 80%}}\n", "LOCK", "looser"),
        ("rules:\n  - {id: LOCK, fleet: {pass_at_least: 100%}}\n", "LOCK", "tighter"),
        ("rules:\n  - {id: ADMINS, applies_to: {os.family: linux}}\n", "ADMINS", "changed"),
        ("rules:\n  - {id: ADMINS, require: {os.uac: on}}\n", "ADMINS", "changed"),
        ("rules:\n  - {id: ADMINS, require: {accounts.local_admins: {at_most: 2}, os.uac: on}}\n", "ADMINS", "tighter"),
        ("off: {ADMINS: nobody here}\n", "ADMINS", "off"),
    ],
)  # fmt: skip
def test_every_departure_is_named_for_what_it_is(
    commune: Path, rest: str, rule: str, kind: str
) -> None:
    policy = load_policy(written(commune, rest))
    (one,) = policy.departures
    assert (one.rule, one.kind) == (rule, kind)
    doubts = [doubt for doubt in map(str, lint(commune)) if f"rule {rule}" in doubt]
    loud = {"looser": "looser than in district", "changed": "changed: ", "off": "switched off"}
    assert any(loud.get(kind, "no such words") in doubt for doubt in doubts) is (kind != "tighter")


def test_a_rule_of_its_own_comes_after(commune: Path) -> None:
    rest = "rules:\n  - {id: OWN, title: own, require: {os.uac: on}}\n"
    policy = load_policy(written(commune, rest))
    assert [rule.id for rule in policy.rules] == ["LOCK", "TOOLS", "ADMINS", "OWN"]
    assert [rule.inherited for rule in policy.rules] == [True, True, True, False]


def test_a_shipped_policy_can_be_extended(commune: Path) -> None:
    head = HEAD.replace("district.yaml", "office-baseline")
    policy = load_policy(written(commune, "off: {NET-009: managed by WinRM}\n", head))
    assert len(policy.rules) == len(load_policy("office-baseline").rules) - 1
    assert lint(commune)[0].message.startswith("off: switched off")


@pytest.mark.parametrize(
    ("head", "rest", "said"),
    [
        (HEAD.replace("district.yaml", "distrikt.yaml"), "", "4:10: distrikt.yaml: No such file"),
        (HEAD.replace("district.yaml", "office-baselin"), "", "did you mean office-baseline?"),
        (HEAD.replace("district.yaml", "commune.yaml"), "", "a circle"),
        (HEAD.replace("district.yaml", "{policy: district.yaml, version: 2}"), "", "extends version 2, and district.yaml is 3"),
        (HEAD.replace("district.yaml", "{police: district.yaml}"), "", "extends has no police"),
        (HEAD, "off: {LOK: why}\n", "5:7: off: the policy that it extends has no rule LOK; did you mean LOCK?"),
        (HEAD, "off: {LOCK: ''}\n", "say why LOCK"),
        (HEAD, "rules:\n  - {id: LOCK, fresch: 1d}\n", "6:16: rule LOCK: a rule has no key fresch; did you mean fresh?"),
        (HEAD, "vars_for: {X01: {lok: 5m}}\n", "5:23: vars_for X01: no lok in vars; did you mean lock?"),
        (HEAD, "vars_for: {X01: {lock: soon}}\n", "soon"),
    ],
)  # fmt: skip
def test_mistakes_are_named_at_their_place(commune: Path, head: str, rest: str, said: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        load_policy(written(commune, rest, head))
    assert said in str(refused.value)


def test_a_circle_of_three_ends(commune: Path) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        text = HEAD.replace("district.yaml", f"{other}.yaml")
        (commune.parent / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(PolicyRefused, match="a circle"):
        load_policy(commune.parent / "a.yaml")


def machine(name: str, *path: str) -> DeviceView:
    view = b'{"facts":{"session_lock":{"after":720}},"unknown":{}}'
    return dataclasses.replace(DeviceView.of_document(name, name, view, NOW), unit_path=path)


def test_units_have_values_of_their_own_and_the_nearest_wins(commune: Path) -> None:
    rest = "vars_for: {BY: {lock: 10m}, BH: {lock: 20m}}\n"
    policy = load_policy(written(commune, rest))
    office = [machine("none"), machine("by", "BY"), machine("bh", "BY", "BH"), machine("x", "X")]
    found = assess(policy, office, NOW)
    got = {one.device: one.result for one in found.verdicts if one.rule == "LOCK"}
    assert got == {"none": "pass", "by": "fail", "bh": "pass", "x": "pass"}
    hashes = {one.device: one.rule_hash for one in found.verdicts if one.rule == "LOCK"}
    assert hashes["none"] == hashes["x"]
    assert len(set(hashes.values())) == 3
    assert variant(policy, ["X"]) is policy
    (said,) = (one for one in found.statements if one.rule == "LOCK")
    assert (said.total, said.counts["pass"]) == (4, 3)


def test_maps_are_kept_and_nobody_knows_them(commune: Path) -> None:
    rest = "rules:\n  - {id: LOCK, maps: {iso-27001: [A.8.20, A.8.21]}}\n"
    policy = load_policy(written(commune, rest))
    assert policy.rule("LOCK").maps == (("iso-27001", ("A.8.20", "A.8.21")),)
    assert policy.departures == ()


def test_show_tells_what_is_taken_over_and_what_is_not(commune: Path) -> None:
    file = written(commune, "off: {ADMINS: nobody here}\nrules:\n  - {id: LOCK, fresh: 1d}\n")
    shown = called("policy", "show", file)
    assert shown.code == 0
    assert "fresh 7d → 1d" in shown.out
    assert "ADMINS" in shown.out
    found = json.loads(called("policy", "show", file, "--json").out)
    assert [(one["id"], one["inherited"]) for one in found["rules"]] == [
        ("LOCK", False),
        ("TOOLS", True),
    ]
    assert {one["kind"] for one in found["departures"]} == {"off", "tighter"}


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "Looser than district, or different: LOCK looser: fresh 7d → 9d"),
        ("vi", "Nới lỏng hoặc khác so với district: LOCK nới lỏng: fresh 7d → 9d"),
    ],
)
def test_what_is_looser_is_said_where_machines_are_judged(
    commune: Path, lang: str, says: str
) -> None:
    file = written(commune, "rules:\n  - {id: LOCK, fresh: 9d}\n")
    facts = commune.with_name("machines.ndjson")
    agent = {"version": "0.1.0"}
    document = {"catalogue": 1, "agent": agent, "collected_at": "2026-11-23T08:00:00Z"}
    facts.write_text(json.dumps(document | {"facts": {}, "unknown": {}}), "utf-8")
    judged = called("--lang", lang, "policy", "check", "--facts", facts, file)
    assert (judged.code, says in judged.out) == (1, True), judged.out + judged.err


def test_a_policy_changes_with_the_one_that_it_extends(commune: Path) -> None:
    file = written(commune, "")
    parent = commune.with_name("district.yaml")
    before = load_policy(file)
    assert load_policy(file) is before  # the control: what has not changed is not read again
    parent.write_text(PARENT.replace("fresh: 7d", "fresh: 2d"), "utf-8")
    after = load_policy(file)
    assert after.hash != before.hash or after.rules != before.rules
    parent.unlink()
    with pytest.raises(PolicyRefused):
        load_policy(file)
    parent.write_text(PARENT, "utf-8")
    assert load_policy(file) == before
