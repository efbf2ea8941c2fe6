"""No machine that fell silent passes, whatever a rule says of how old facts may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.coverage import SEEN_WITHIN, SILENT_AFTER, Known, State, state
from inventory.devices import DeviceView
from policies.assess import Assessment, assess, kept
from policies.lint import lint_text
from policies.load import load_text
from policies.tree import Policy

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
POLICY = load_text("""
policy: open-ended
version: 1
title: {vi: "Mở", en: "Open-ended"}
rules:
  - id: AGENT
    require: {firewall.effective: on}
  - id: SCAN
    for_each: seen_devices
    require: {scan.filtering: drops}
  - id: SERVER
    for_each: expected_devices
    require: {device.unit: {like: "*"}}
  - id: OFFICE
    fresh: 60d
    require: {firewall.effective: on}
""")
VIEW = b"""{"facts": {"firewall": {"effective": "on"}, "device": {"unit": "X01"},
"scan": {"filtering": "drops", "ip": "10.1.0.5"}, "register": {"tag": "1"}}, "unknown": {}}"""


def pc(
    number: int = 0,
    reported: timedelta | None = timedelta(),
    seen: timedelta | None = timedelta(),
) -> DeviceView:
    """A PC of the register, in order as far as was ever said."""
    at, saw = (None if ago is None else NOW - ago for ago in (reported, seen))
    agent = "" if reported is None else f"agent{number}"
    stands = Known(True, "approved" if agent else None, at, saw)
    made = DeviceView.of_document(f"d-{number}", f"PC-{number}", VIEW, at or NOW)
    view = VIEW if agent else VIEW.replace(b'"firewall": {"effective": "on"}, ', b"")
    unknown = b'"agent": {"reason": "never_reported"}' if not agent else b""
    return replace(
        made,
        agent=agent,
        received_at=at,
        seen_at=saw,
        state=state(stands, NOW),
        view=view.replace(b'"unknown": {}', b'"unknown": {' + unknown + b"}"),
        asset=f"TS-{number}",
    )


def results(found: Assessment) -> dict[str, tuple[str, str]]:
    return {one.rule: (one.result, one.reason) for one in found.verdicts}


def test_the_last_second_passes_and_the_next_does_not() -> None:
    edge = assess(POLICY, [pc(reported=SILENT_AFTER, seen=SEEN_WITHIN)], NOW)
    assert {result for result, _ in results(edge).values()} == {"pass"}
    late = assess(POLICY, [pc(reported=SILENT_AFTER + SECOND, seen=SEEN_WITHIN + SECOND)], NOW)
    assert results(late) == {
        "AGENT": ("unknown", "too_old"),
        "SCAN": ("unknown", "scan_too_old"),
        "SERVER": ("pass", ""),
        "OFFICE": ("unknown", "too_old"),  # whatever the rule itself would still believe
    }
    (agent, scan, *_) = late.verdicts
    assert "the last 7 d" in agent.explanation_en
    assert "30 ngày" in scan.explanation_vi
    assert "Silent for too long: 1" in late.statements[0].sentence_en


def test_the_finding_says_when_it_will_turn() -> None:
    found = {one.rule: one for one in kept(assess(POLICY, [pc(seen=None)], NOW))}
    until = int((NOW + SILENT_AFTER + SECOND).timestamp())
    assert found["AGENT"].holds_until == until
    turned = assess(POLICY, [pc(seen=None)], datetime.fromtimestamp(until, UTC))
    assert results(turned)["AGENT"] == ("unknown", "too_old")
    before = assess(POLICY, [pc(seen=None)], datetime.fromtimestamp(until - 1, UTC))
    assert results(before)["AGENT"][0] == "pass"


AGES = st.none() | st.timedeltas(timedelta(), timedelta(days=70))


@given(st.lists(st.tuples(AGES, AGES), max_size=12))
def test_who_is_silent_or_has_no_agent_is_in_no_statement_a_pass(
    ages: list[tuple[timedelta | None, timedelta | None]],
) -> None:
    machines = [pc(number, *ago) for number, ago in enumerate(ages)]
    managed = sum(one.state == State.MANAGED for one in machines)
    lately = sum(one.seen_at is not None and NOW - one.seen_at <= SEEN_WITHIN for one in machines)
    agent, scan, *_ = assess(POLICY, machines, NOW).statements
    assert agent.total == len(machines)
    assert (agent.counts.get("pass", 0), scan.counts.get("pass", 0)) == (managed, lately)


@pytest.mark.parametrize("state_of", [State.SILENT, State.NO_AGENT, State.MISSING])
def test_every_shipped_statement_about_the_agent_is_the_same(
    baseline: Policy, state_of: State
) -> None:
    ago = SILENT_AFTER + SECOND
    machine = {
        State.SILENT: pc(reported=ago, seen=None),
        State.NO_AGENT: pc(reported=None),
        State.MISSING: pc(reported=None, seen=None),
    }[state_of]
    assert machine.state == state_of
    found = assess(baseline, [machine, pc(1)], NOW)
    passed = {one.device for one in found.verdicts if one.result == "pass"}
    assert passed == {"d-1"}
    assert len(found.statements) > 40


@pytest.fixture(scope="module")
def baseline() -> Policy:
    from policies.load import load_policy

    return load_policy("office-baseline")


@pytest.mark.parametrize(
    ("fresh", "asked", "doubted"),
    [
        ("7d", "firewall.effective: on", False),
        ("8d", "firewall.effective: on", True),
        ("30d", "scan.filtering: drops", False),
        ("31d", "scan.filtering: drops", True),
        ("60d", "device.unit: X", False),  # the server's own knowledge does not grow old
    ],
)
def test_lint_doubts_what_no_pass_can_rest_on(fresh: str, asked: str, *, doubted: bool) -> None:
    text = (
        "policy: p\nversion: 1\ntitle: {vi: p, en: p}\nrules:\n"
        f"  - {{id: A, title: {{vi: a, en: a}}, fresh: {fresh}, require: {{{asked}}}}}\n"
    )
    told = [str(one) for one in lint_text(text.encode(), "p.yaml")]
    assert any("p.yaml:5:" in one and "counts as silent" in one for one in told) is doubted
