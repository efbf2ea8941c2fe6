"""Rules that hear more than the agent: who must be heard, who is asked, one against another."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inventory.devices import DeviceView
from policies.assess import Assessment, assess
from policies.judge import DeviceFacts, Verdict, judge, open_verdict
from policies.load import load_text
from policies.problems import PolicyRefused

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEAD = "policy: p\nversion: 1\ntitle: t\nrules:\n  - id: X-001\n    title: t\n"
X_001 = (
    "    sources: {agent: required, scan: required}\n"
    "    require: {scan.open_tcp_ports: {subset_of: agent.network.listening.port}}\n"
)


def verdict(
    rule: str,
    facts: dict[str, Any],
    *,
    unknown: dict[str, str] | None = None,
    heard: timedelta | None = HOUR,
    seen: timedelta | None = HOUR,
) -> Verdict:
    """One rule on one document; the quick way and the slow one must agree."""
    reasons = {path: {"reason": why} for path, why in (unknown or {}).items()}
    raw = json.dumps({"facts": facts, "unknown": reasons}).encode()
    moments = [None if ago is None else NOW - ago for ago in (heard, seen)]
    known = DeviceFacts("d", raw, *moments)
    policy = load_text(HEAD + rule)
    (slow,) = judge(policy, [known], NOW)
    (quick,) = judge(policy, [known], NOW, explain=False)
    opened = open_verdict(policy, "X-001", known, NOW)
    assert slow.result == quick.result == opened.result
    return opened


def two(seen: Any, listening: Any) -> dict[str, Any]:
    """What the network shows open, and what the agent says is listening."""
    facts: dict[str, Any] = {}
    if seen is not None:
        facts["scan"] = {"open_tcp_ports": seen}
    if listening is not None:
        facts["network"] = {"listening": [{"port": port} if port else {} for port in listening]}
    return facts


@pytest.mark.parametrize(
    ("seen", "listening", "unknown", "result", "reason"),
    [
        ([22, 80], [22, 80, 443], {}, "pass", ""),
        ([], [22], {}, "pass", ""),
        ([22], [], {}, "fail", ""),
        ([22, 3389], [22, 80], {}, "fail", ""),
        ([22], None, {"network": "not_elevated"}, "unknown", "not_elevated"),
        ([22], None, {}, "unknown", "not_reported"),
        ([], None, {"network": "timed_out"}, "unknown", "timed_out"),  # empty proves nothing alone
        (None, [22], {}, "unknown", "not_reported"),
        ([22, 3389], [22, 0], {}, "unknown", "not_reported"),  # one port of the agent's is missing
        ([22], [22, 0], {}, "pass", ""),
        ([3389], [22], {"network.listening": "timed_out"}, "unknown", "timed_out"),
        ([22], ["x"], {}, "error", "wrong_type"),
    ],
)
def test_the_network_against_the_agent(
    seen: Any, listening: Any, unknown: dict[str, str], result: str, reason: str
) -> None:
    got = verdict(X_001, two(seen, listening), unknown=unknown)
    assert (got.result, got.reason) == (result, reason)


def test_it_says_what_each_of_them_says() -> None:
    got = verdict(X_001, two([22, 3389], [22, 80]))
    assert "3389" in got.explanation_en
    assert "the agent: 22, 80" in got.explanation_en
    assert "tác tử" in got.explanation_vi


@pytest.mark.parametrize(
    ("require", "says"),
    [
        ("{session_lock.after: {at_most: agent.hardware.memory.total}}", "seconds and bytes"),
        ("{os.hostname: agent.os.uac}", "text and boolean"),
        ("{os.hostname: {one_of: register.tag}}", "one_of takes a list of values"),
        ("{os.hostname: register.tga}", "no fact is called register.tga"),
    ],
)
def test_what_does_not_compare_is_refused_at_load(require: str, says: str) -> None:
    with pytest.raises(PolicyRefused, match=says):
        load_text(HEAD + f"    require: {require}\n")


@pytest.mark.parametrize(
    ("rule", "facts", "result"),
    [
        ("    require: {os.hostname: register.tag}\n", ("PC-1", "PC-1"), "pass"),
        ("    require: {os.hostname: register.tag}\n", ("PC-1", "PC-2"), "fail"),
        ("    require: {os.hostname: {not: register.tag}}\n", ("PC-1", "PC-2"), "pass"),
        ('    require: {os.hostname: "register.tag"}\n', ("PC-1", "PC-1"), "fail"),
        ('    require: {os.hostname: "register.tag"}\n', ("register.tag", "PC-1"), "pass"),
    ],
)
def test_one_value_against_another_and_quoted_text_is_text(
    rule: str, facts: tuple[str, str], result: str
) -> None:
    document = {"os": {"hostname": facts[0]}, "register": {"tag": facts[1]}}
    assert verdict(rule, document).result == result


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("2.10", "2.9", "pass"),
        ("2.9", "2.10", "fail"),
        ("none", "2.9", "unknown"),
        ("2.9", "none", "unknown"),
        ("2.9", None, "unknown"),
    ],
)
@pytest.mark.parametrize("word", ["version_at_least", "is"])
def test_versions_that_make_no_sense_are_unknown_on_either_side(
    word: str, left: str, right: str | None, result: str
) -> None:
    rule = f"    require: {{os.version: {{{word}: agent.version}}}}\n"
    facts = {"os": {"version": left}, "agent": {"version": right}}
    wanted = "fail" if (word, result) == ("is", "pass") else result
    assert verdict(rule, facts).result == wanted


@pytest.mark.parametrize(
    ("heard", "seen", "reason"),
    [
        (None, HOUR, "never_reported"),
        (HOUR, None, "no_scan"),
        (8 * DAY, HOUR, "too_old"),
        (HOUR, 8 * DAY, "scan_too_old"),
        (HOUR, HOUR, ""),
    ],
)
def test_each_witness_that_is_needed_must_be_heard_lately(
    heard: timedelta | None, seen: timedelta | None, reason: str
) -> None:
    rule = X_001 + "    fresh: 7d\n"
    unknown = {} if heard else {"agent": "never_reported"}
    got = verdict(rule, two([22], [22]), unknown=unknown, heard=heard, seen=seen)
    assert (got.result, got.reason) == ("pass" if not reason else "unknown", reason)
    assert got.explanation_en
    assert got.explanation_vi


def test_a_rule_about_the_network_alone_needs_no_agent() -> None:
    rule = "    require: {scan.open_tcp_ports: {none: 23}}\n    fresh: 7d\n"
    facts = {"scan": {"open_tcp_ports": [22]}}
    unknown = {"agent": "never_reported"}
    assert verdict(rule, facts, unknown=unknown, heard=None).result == "pass"
    assert verdict(rule, {"scan": {"open_tcp_ports": [23]}}, heard=None).result == "fail"
    assert verdict(rule, facts, heard=None, seen=None).reason == "no_scan"


def test_a_row_that_is_required_must_be_there() -> None:
    rule = "    sources: {register: required}\n    require: {os.family: windows}\n"
    assert verdict(rule, {"os": {"family": "windows"}}).reason == "not_registered"
    facts = {"os": {"family": "windows"}, "register": {"lacks": []}}
    assert verdict(rule, facts).result == "pass"


def device(name: str, state: str, **more: Any) -> DeviceView:
    """A device as the inventory gives it."""
    facts: dict[str, Any] = {"device": {"state": state}}
    unknown = {}
    if more.get("received_at"):
        facts["agent"] = {"last_report": more["received_at"].strftime("%Y-%m-%dT%H:%M:%SZ")}
    else:
        unknown["agent"] = {"reason": "never_reported"}
    if more.get("seen_at"):
        facts["scan"] = {"open_tcp_ports": more.pop("ports", [])}
    view = json.dumps({"facts": facts, "unknown": unknown}).encode()
    known: dict[str, Any] = {
        "platform": "", "unit": None, "status": "approved", "alert": None, "report": None,
        "received_at": None, "expected": True, "agent": "",
    }  # fmt: skip
    return DeviceView(**(known | {"device": name, "name": name, "view": view} | more))


OFFICE = [
    device("heard", "managed", received_at=NOW - HOUR, agent="a", seen_at=NOW - HOUR, ports=[445]),
    device("silent", "silent", received_at=NOW - 9 * DAY, agent="b"),
    device("never", "missing"),
    device("stranger", "unknown_device", seen_at=NOW - HOUR, ports=[23], expected=False),
    device("guest", "unregistered", received_at=NOW - HOUR, agent="c", expected=False),
]


def assessed(rule: str) -> Assessment:
    return assess(load_text(HEAD + rule), OFFICE, NOW)


def results(found: Assessment) -> dict[str, str]:
    return {one.device: one.result for one in found.verdicts}


def test_what_must_report_and_never_did_fails() -> None:
    require = "    require: {agent.last_report: {within: 7d}}\n"
    found = assessed("    for_each: expected_devices\n" + require)
    assert results(found) == {"heard": "pass", "silent": "fail", "never": "fail"}
    (said,) = found.statements
    assert (said.result, said.total, said.counts["fail"]) == ("not_met", 3, 2)
    (never,) = (one for one in found.verdicts if one.device == "never")
    assert "the machine has never reported" in never.explanation_en
    plain = assessed(require)  # the control: without for_each it is not known
    assert results(plain)["never"] == "unknown"
    assert plain.statements[0].counts["unknown: never_reported"] == 1


def test_contradictions_that_nobody_could_see_are_no_failure() -> None:
    rule = "    for_each: expected_devices\n    require: {contradictions: {count: {at_most: 0}}}\n"
    assert results(assessed(rule))["never"] == "unknown"
    facts = {"contradictions": [{"about": "ports"}]}
    assert verdict(rule, facts).result == "fail"  # the control


def test_what_was_seen_is_asked_whoever_it_is() -> None:
    found = assessed("    for_each: seen_devices\n    require: {scan.open_tcp_ports: {none: 23}}\n")
    assert results(found) == {"heard": "pass", "stranger": "fail"}
    (said,) = found.statements
    assert (said.total, said.result) == (2, "not_met")


def test_everything_there_is_can_be_asked() -> None:
    rule = "    for_each: all_devices\n    require: {device.state: {one_of: [managed, silent]}}\n"
    assert results(assessed(rule)) == {
        "heard": "pass", "silent": "pass", "never": "fail", "stranger": "fail", "guest": "fail",
    }  # fmt: skip


def test_a_rule_of_the_usual_kind_is_not_asked_of_strangers() -> None:
    found = assessed("    require: {agent.last_report: {within: 7d}}\n")
    assert set(results(found)) == {"heard", "silent", "never", "guest"}
    assert found.statements[0].total == 3
