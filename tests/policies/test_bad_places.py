"""Sixty kinds of mistakes, each in one rule among good ones: the line, the column, what was meant.

«: where the message must point. All other rules of the file are still read.
"""

# ruff: noqa: E501 - a table reads best with one case a line

from __future__ import annotations

import pytest

from policies.load import read_policy

HEAD = "policy: trial\nversion: 1\ntitle: trial\nrules:\n"
GOOD = "  - {id: GOOD-%d, title: good, require: {os.uac: on}}\n"


def rule_with(condition: str) -> str:
    """A file with one rule that requires this."""
    return f"{HEAD}  - id: A\n    title: a\n    require:\n      {condition}\n"


def rule(text: str) -> str:
    """A rule with one line more."""
    return f"  - id: A\n    title: a\n    require: {{os.uac: on}}\n    {text}\n"


def requires(text: str) -> str:
    """A rule that requires this."""
    return f"  - id: A\n    title: a\n    require: {text}\n"


KINDS: dict[str, tuple[str, str]] = {
    "fact unknown": (requires("{«os.famly: linux}"), "did you mean os.family?"),
    "fact of another section": (requires("{«effective: on}"), "no fact is called effective"),
    "fact inside an object": (requires("{os: {«famly: linux}}"), "did you mean family?"),
    "object in place of a fact": (requires("{«os: windows}"), "holds several facts"),
    "list without a quantifier": (requires("{«software: x}"), "needs any, all, none or count"),
    "field of a list from outside": (requires("{«software.name: x}"), "software is a list"),
    "operator unknown": (requires("{updates.pending: {«at_leas: 3}}"), "did you mean at_least?"),
    "operator in symbols": (requires('{updates.pending: {«">=": 3}}'), "at_least"),
    "operator does not fit": (requires("{updates.pending: {«like: 3}}"), "does not fit"),
    "operator without a fact": (requires("{«at_least: 3}"), "must stand below a fact"),
    "quantifier unknown": (requires("{software: {«every: {name: x}}}"), "did you mean all?"),
    "quantifier without conditions": (requires("{software: {any: «{}}}"), "no conditions here"),
    "count without a number": (requires("{software: {count: «{where: {name: x}}}}"), "needs a number"),
    "count below zero": (requires("{software: {count: «-1}}"), "never below 0"),
    "number that is none": (requires("{updates.pending: «many}"), "is not a number"),
    "number with a fraction": (requires("{updates.pending: «1.5}"), "whole number"),
    "number in quotes": (requires("{updates.pending: «'3'}"), "without quotes"),
    "unit missing": (requires("{session_lock.after: {at_most: «15}}"), "did you mean 15d?"),
    "unit unknown": (requires("{hardware.memory.total: {at_least: «4GiBs}}"), "did you mean GiB?"),
    "unit of another kind": (requires("{hardware.memory.total: {at_least: «4d}}"), "4GiB"),
    "span in words": (requires("{agent.last_report: {within: «a week}}"), "is not a span of time"),
    "moment as a day": (requires("{agent.last_report: «2026-01-01}"), "use within or older_than"),
    "switch that is neither": (requires("{os.uac: «maybe}"), "os.uac is on or off"),
    "choice unknown": (requires("{os.family: «window}"), "did you mean windows?"),
    "choice in a list": (requires("{os.family: {one_of: [linux, «window]}}"), "did you mean windows?"),
    "list where one is meant": (requires("{os.family: «[linux, macos]}"), "one_of"),
    "one where a list is meant": (requires("{os.family: {one_of: «linux}}"), "takes a list"),
    "empty list": (requires("{os.family: {one_of: «[]}}"), "takes a list of 1"),
    "between with one end": (requires("{updates.pending: {between: «[5]}}"), "two values"),
    "between turned round": (requires("{updates.pending: {between: «[5, 1]}}"), "greater than the second"),
    "version that is none": (requires("{os.version: {version_at_least: «new}}"), "is not a version"),
    "address that is none": (requires("{scan.ip: «10.0.0.256}"), "is not an IP address"),
    "MAC that is none": (requires("{scan.mac: «00:11:22}"), "is not a MAC address"),
    "pattern that is none": (requires("{os.name: {matches: «'(a'}}"), "RE2"),
    "pattern with a look-ahead": (requires("{os.name: {matches: «'(?=a)'}}"), "RE2"),
    "pattern with a back-reference": (requires("{os.name: {matches: «'(a)\\1'}}"), "RE2"),
    "pattern that is empty": (requires("{os.name: {like: «''}}"), "the pattern is empty"),
    "variable unknown": (requires("{os.name: {like_any: «$tols}}"), "no variable is called tols"),
    "missing with another word": (requires("{os.uac: {is: on, missing: «ignore}}"), "missing is fail, pass, unknown"),
    "missing beside exists": (requires("{os.uac: {exists: true, missing: «fail}}"), "already speaks of missing"),
    "exists with another word": (requires("{os.uac: {exists: «maybe}}"), "true or false"),
    "nothing said of a fact": (requires("{os.uac: «{missing: fail}}"), "says nothing"),
    "any_of without a list": (requires("{«any_of: {os.uac: on}}"), "takes a list"),
    "require that is a list": (requires("«[os.uac]"), "must be a mapping"),
    "require that is empty": (requires("«{}"), "no conditions here"),
    "fact given twice": (requires("{os.uac: on, «os.uac: off}"), "given twice"),
    "tag": (requires("{os.uac: «!!bool true}"), "tag"),
    "tag on a list": (requires("{os.family: {one_of: «!list [windows]}}"), "tag !list"),
    "anchor": (requires("{os.uac: «&a on}"), "anchor &a"),
    "alias": (requires("{os.uac: «*a}"), "alias *a"),
    "merge key": (requires("{«<<: {os.uac: on}}"), "merge key"),
    "key of a rule unknown": (rule("«severty: high"), "did you mean severity?"),
    "severity unknown": (rule("severity: «hihg"), "did you mean high?"),
    "fresh without a unit": (rule("fresh: «7"), "did you mean 7d?"),
    "fresh of nothing": (rule("fresh: «0d"), "is not a span of time"),
    "percentage above 100": (rule("fleet: {pass_at_least: «120%}"), "is not a percentage"),
    "percentage of nothing": (rule("fleet: {pass_at_least: «0%}"), "is not a percentage"),
    "fleet key unknown": (rule("fleet: {«pass_at_lest: 90%}"), "did you mean pass_at_least?"),
    "population unknown": (rule("for_each: «expected_device"), "did you mean expected_devices?"),
    "witness unknown": (rule("sources: {«scann: required}"), "did you mean scan?"),
    "witness neither": (rule("sources: {scan: «yes}"), "required, optional"),
    "one language alone": (rule("fix: «{vi: Bật}"), "needs en"),
    "example with an unknown fact": (rule("tests: [{facts: {«os.uak: on}, expect: pass}]"), "did you mean os.uac?"),
    "example with a wrong value": (rule("tests: [{facts: {os.uac: «5}, expect: pass}]"), "on or off"),
    "example with an unknown result": (rule("tests: [{facts: {}, expect: «fial}]"), "did you mean fail?"),
    "example without a result": (rule("tests: [«{facts: {}}]"), "needs expect"),
    "example with an unknown reason": (rule("tests: [{expect: pass, unknown: {os: «elevated}}]"), "did you mean not_elevated?"),
    "fact on the right unknown": (requires("{scan.open_tcp_ports: {subset_of: «agent.network.listning.port}}"), "did you mean network.listening.port?"),
    "fact on the right of another kind": (requires("{scan.open_tcp_ports: {subset_of: «agent.software.name}}"), "do not compare"),
    "id that is none": ("  - id: «A B\n    title: a\n    require: {os.uac: on}\n", "is not a name"),
    "id given twice": ("  - {id: «GOOD-0, title: a, require: {os.uac: on}}\n", "given twice"),
    "rule without require": ("  - «id: A\n    title: a\n", "needs require"),
}  # fmt: skip


def test_there_are_sixty() -> None:
    assert len(KINDS) >= 60


@pytest.mark.parametrize("kind", KINDS)
def test_a_mistake_is_named_at_its_place_and_hides_no_other_rule(kind: str) -> None:
    text, words = KINDS[kind]
    marked = HEAD + GOOD % 0 + text + GOOD % 1
    before, _, _ = marked.partition("«")
    place = (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    policy, problems, _ = read_policy(marked.replace("«", "").encode(), "p.yaml")
    said = [str(one) for one in problems]
    assert place in {(one.line, one.column) for one in problems}, said
    assert any(words in one for one in said), said
    assert policy is not None
    assert {"GOOD-0", "GOOD-1"} <= {one.id for one in policy.rules}


def test_all_of_them_at_once() -> None:
    """Fifteen mistakes in one file are fifteen messages."""
    kinds = [kind for kind, (text, _) in KINDS.items() if text.startswith("  - id: A\n")][:15]
    text = HEAD + "".join(
        KINDS[kind][0].replace("«", "").replace("id: A", f"id: A-{at}")
        for at, kind in enumerate(kinds)
    )
    _, problems, _ = read_policy(text.encode(), "p.yaml")
    assert {one.rule for one in problems} == {f"A-{at}" for at in range(15)}
