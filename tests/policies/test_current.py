"""Kept current, verdicts are those of judging everything anew, and little is judged for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from inventory.devices import DeviceView
from inventory.findings import Finding, Kept
from inventory.times import stamp
from inventory.waivers import Waiver
from policies import current
from policies.assess import assess, kept
from policies.current import refreshed
from policies.load import load_text
from policies.tree import Policy

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
RULES = """
policy: kept
version: 1
title: {vi: a, en: a}
vars: {most: 3}
rules:
  - {id: FRESH, title: {vi: a, en: a}, fresh: 2d, require: {firewall.effective: "on"}}
  - {id: PLAIN, title: {vi: a, en: a}, require: {os.uac: true}}
  - {id: COUNT, title: {vi: a, en: a}, require: {updates.pending: {at_most: $most}}}
  - id: WITHIN
    title: {vi: a, en: a}
    require: {antivirus.products: {any: {signatures_at: {within: 3d}}}}
  - id: HEARD
    title: {vi: a, en: a}
    for_each: expected_devices
    require: {agent.last_report: {within: 4d}}
  - {id: OLDER, title: {vi: a, en: a}, require: {os.installed_at: {older_than: 5d}}}
"""
POLICY = load_text(RULES)
TIGHTER = load_text(RULES.replace("most: 3", "most: 1").replace("version: 1", "version: 2"))


def machine(
    name: str, facts: dict[str, Any], at: datetime | None, *, expected: bool = True
) -> DeviceView:
    """A device as the inventory gives it; its newest report came at ``at``."""
    view = None
    if at is not None:
        agent = {"agent": {"last_report": stamp(at)}}
        view = json.dumps({"facts": facts | agent, "unknown": {}}, sort_keys=True).encode()
    one = DeviceView(
        *(name, name, name, "linux", None, "approved", None, view, at),
        report=f"{name}/1/1" if at else None,
    )
    return replace(one, expected=expected)


@dataclass
class Office:
    """Machines, rules and waivers at a moment, with the findings kept so far."""

    now: datetime = START
    policy: Policy = POLICY
    machines: dict[str, DeviceView] = field(default_factory=dict)
    waivers: list[Waiver] = field(default_factory=list)
    known: dict[tuple[str, str], Kept] = field(default_factory=dict)

    def look(self) -> int:
        """Judge again what must be; gives how many results were judged."""
        everybody = list(self.machines.values())
        made = refreshed(self.policy, everybody, self.known, self.waivers, self.now)
        for gone in made.gone:
            del self.known[gone]
        self.known |= {(one.device, one.rule): self.as_kept(one) for one in made.findings}
        return len(made.findings)

    def as_kept(self, one: Finding) -> Kept:
        return Kept(one.result, one.rule_hash, one.facts_hash, one.holds_until, "")

    def anew(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        """Everything judged from nothing."""
        everybody = list(self.machines.values())
        found = kept(assess(self.policy, everybody, self.now, 0, self.waivers))
        return {
            (one.device, one.rule): (one.result, one.rule_hash, one.facts_hash) for one in found
        }

    def held(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        return {key: (one.result, one.rule_hash, one.facts_hash) for key, one in self.known.items()}


days = st.integers(0, 8)


def days_before(number: int) -> str:
    return stamp(START - timedelta(days=number))


facts = st.fixed_dictionaries(
    {},
    optional={
        "firewall": st.sampled_from([{"effective": "on"}, {"effective": "off"}, {}]),
        "os": st.fixed_dictionaries(
            {},
            optional={
                "uac": st.booleans(),
                "installed_at": days.map(lambda n: stamp(START - timedelta(days=n))),
            },
        ),
        "updates": st.integers(0, 5).map(lambda n: {"pending": n}),
        "antivirus": st.lists(days, max_size=3).map(
            lambda ages: {
                "products": [
                    {"name": f"p{at}", "signatures_at": stamp(START - timedelta(days=age))}
                    for at, age in enumerate(ages)
                ]
            }
        ),
    },
)
names = st.sampled_from("abcd")
steps = st.one_of(
    st.tuples(st.just("report"), names, facts),
    st.tuples(st.just("unheard"), names, st.just({})),
    st.tuples(st.just("leaves"), names, st.just({})),
    st.tuples(st.just("stranger"), names, facts),
    st.tuples(st.just("rules"), names, st.just({})),
    st.tuples(st.just("waive"), names, st.just({})),
    st.tuples(st.just("hours"), st.integers(1, 60).map(str), st.just({})),
)


def take(office: Office, step: tuple[str, str, dict[str, Any]]) -> None:
    kind, name, known = step
    if kind == "report":
        office.machines[name] = machine(name, known, office.now)
    elif kind == "unheard":
        office.machines[name] = machine(name, {}, None)
    elif kind == "stranger":
        office.machines[name] = machine(name, known, office.now, expected=False)
    elif kind == "leaves":
        office.machines.pop(name, None)
    elif kind == "rules":
        office.policy = TIGHTER if office.policy is POLICY else POLICY
    elif kind == "waive":
        office.waivers = [] if office.waivers else [waiver(name, office.now)]
    else:
        office.now += timedelta(hours=int(name))


def waiver(device: str, now: datetime) -> Waiver:
    day = date.fromisoformat(stamp(now)[:10])
    return Waiver(
        *("w", "kept", "PLAIN", "device", device, "because it must be", "Head"),
        *(day.isoformat(), (day + timedelta(days=1)).isoformat(), stamp(now), "me", "test"),
    )


@settings(deadline=None)  # on a busy machine one example may take its time
@given(st.lists(steps, min_size=1, max_size=25))
def test_it_is_the_same_as_judging_everything_anew(taken) -> None:
    office = Office()
    for step in taken:
        take(office, step)
        office.look()
        assert office.held() == office.anew()
        event(step[0])


def test_forgetting_that_time_passes_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: findings that are said to hold for ever are wrong after three days."""
    monkeypatch.setattr("policies.lasting.Lasting.holds_until", lambda *_: None)
    office = Office()
    take(office, ("report", "a", {"firewall": {"effective": "on"}}))
    office.look()
    take(office, ("hours", "60", {}))
    office.look()
    assert office.held() != office.anew()


def fleet() -> Office:
    office = Office()
    for number in range(100):
        name = f"pc-{number:03}"
        office.machines[name] = machine(
            name, {"firewall": {"effective": "on"}, "os": {"uac": True}}, office.now
        )
    assert office.look() == 100 * len(POLICY.rules)
    assert office.look() == 0
    return office


def test_a_report_judges_its_device_alone() -> None:
    office = fleet()
    take(office, ("report", "pc-007", {"os": {"uac": False}}))
    assert office.look() == len(POLICY.rules)
    assert office.known["pc-007", "PLAIN"].result == "fail"


def test_a_changed_rule_is_judged_alone() -> None:
    office = fleet()
    take(office, ("rules", "", {}))
    assert office.look() == 100
    assert office.look() == 0


def test_a_night_judges_what_it_has_made_too_old() -> None:
    office = fleet()
    take(office, ("hours", "47", {}))
    assert office.look() == 0
    take(office, ("hours", "2", {}))
    assert office.look() == 100  # FRESH; nothing else looks at the clock before the fourth day
    assert {one.result for (_, rule), one in office.known.items() if rule == "FRESH"} == {"unknown"}


def test_the_last_second_belongs_to_the_span() -> None:
    office = fleet()
    office.now = START + timedelta(days=2)
    assert office.look() == 0
    office.now += timedelta(seconds=1)
    assert office.look() == 100


def test_nothing_is_judged_of_who_has_left() -> None:
    office = fleet()
    take(office, ("leaves", "pc-001", {}))
    assert office.look() == 0
    assert not [key for key in office.known if key[0] == "pc-001"]
    assert current.refreshed(POLICY, [], {}, [], office.now).findings == ()
