"""The shipped policies: every rule carries pass, fail and unknown tests.

Words in both languages, real facts.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import jsonschema
import pytest
import yaml

from inventory.catalogue import catalogue
from policies import load_policy, shipped
from policies import rule_tests as running
from policies.judge import DeviceFacts, judge
from policies.lint import lint, lint_text
from policies.load import load_text
from policies.problems import PolicyRefused
from policies.schema import policy_schema
from policies.tree import paths

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", shipped())
def test_every_rule_s_own_tests_hold(name: str) -> None:
    policy = load_policy(name)
    results = running.run_tests(policy)
    assert [str(one) for one in results if not one.passed] == []
    shown = {rule.id: {one.got for one in results if one.rule == rule.id} for rule in policy.rules}
    assert all({"pass", "fail", "unknown"} <= got for got in shown.values()), shown


@pytest.mark.parametrize("name", shipped())
def test_nothing_is_doubtful(name: str) -> None:
    assert [str(one) for one in lint(name)] == []


def test_the_baseline_is_what_it_claims() -> None:
    policy = load_policy("office-baseline")
    assert len(policy.rules) >= 40
    assert sum(len(rule.tests) for rule in policy.rules) >= 150
    used = {path.partition(".")[0] for rule in policy.rules for path in paths(rule)}
    assert {
        "firewall",
        "antivirus",
        "updates",
        "accounts",
        "session_lock",
        "services",
        "software",
    } <= used
    for rule in policy.rules:
        assert rule.fix is not None
        assert rule.title.vi != rule.title.en
        assert rule.fix.vi != rule.fix.en
        assert rule.references


@pytest.mark.parametrize("name", shipped())
def test_nothing_passes_on_a_machine_of_which_nothing_is_known(name: str) -> None:
    empty = [
        DeviceFacts("never", None, None),
        DeviceFacts("silent", b'{"facts":{},"unknown":{}}', NOW, NOW),
        DeviceFacts("unread", b'{"facts":{"os":{"family":"windows"}},"unknown":{}}', NOW, NOW),
    ]
    verdicts = judge(load_policy(name), empty, NOW)
    assert len(verdicts) == 3 * len(load_policy(name).rules)
    assert {one.result for one in verdicts} <= {"unknown", "fail", "not_applicable"}
    assert not [
        one for one in verdicts if one.result == "not_applicable" and one.device != "unread"
    ]


WRONG = """policy: wrong
version: 1
title: wrong
vars: {idle: 7d}
rules:
  - id: A
    title: a
    applies_to: {os.family: linux}
    require: {os.uac: {is: on, missing: pass}}
    tests:
      - {name: not so, facts: {os: {family: linux, uac: off}}, expect: pass}
      - {name: says otherwise, facts: {os: {family: linux, uac: off}}, expect: fail, says: is on}
      - {name: right, facts: {os: {family: linux, uac: off}}, expect: fail, says: UAC}
"""


def test_failing_rule_tests_are_located() -> None:
    results = running.run_tests(load_text(WRONG, "w.yaml"))
    assert [one.passed for one in results] == [False, False, True]
    assert str(results[0]).startswith(
        "w.yaml:11:9: rule A: test not so: expected pass, got fail: User Account"
    )
    assert "does not say “is on”" in str(results[1])


def test_lint_names_what_is_doubtful() -> None:
    said = [str(one) for one in lint_text(WRONG.encode(), "w.yaml")]
    words = [
        "idle is used by no rule",
        "no test expects unknown",
        "no fix",
        "no fresh",
        "missing: pass",
        "never known on linux",
    ]
    for word in words:
        assert any(word in one for one in said), (word, said)
    assert all(one.startswith("w.yaml:") for one in said)
    with pytest.raises(PolicyRefused):
        lint_text(b"policy: x\n", "w.yaml")


def test_a_test_that_cannot_be_true_is_caught_in_the_shipped_policy_too() -> None:
    text = shipped()["office-baseline"].read_text("utf-8")
    turned = text.replace("require: {firewall.effective: on}", "require: {firewall.effective: off}")
    assert turned != text
    failed = {one.rule for one in running.run_tests(load_text(turned)) if not one.passed}
    assert failed == {"FW-001"}


class Core(yaml.CSafeLoader):
    """Reads as YAML 1.2 editors do: on, off, yes and no are text."""


Core.yaml_implicit_resolvers = {
    key: [
        (tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:bool" or key in "tTfF"
    ]
    for key, rows in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def test_the_schema_takes_the_shipped_policies_and_refuses_slips() -> None:
    schema = policy_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = shipped()["office-baseline"].read_text("utf-8")
    assert [one.message for one in validator.iter_errors(yaml.load(text, Core))] == []  # noqa: S506 - a safe loader
    slips = {
        "require: {firewall.effective: on}": "require: {firewal.effective: on}",
        "severity: critical": "severity: urgent",
        "at_most: 2}": "atmost: 2}",
        "os.uac: on": "os.uac: maybe",
        "volumes: {any: {system: yes, encryption: on}}": "volumes: {any: {sytem: yes}}",
        "expect: pass": "expects: pass",
    }
    for right, wrong in slips.items():
        slipped = text.replace(right, wrong, 1)
        assert slipped != text, right
        assert list(validator.iter_errors(yaml.load(slipped, Core))), wrong  # noqa: S506 - a safe loader
    named = Counter(key.partition(":")[0] for key in schema["$defs"])
    assert named["fact"] == len(catalogue().facts)
