"""A policy over all the machines the store knows: verdicts, statements, and findings to keep.

The machines expected are those of the register (until there is one: those enrolled); one that never
reported stands in every statement as unknown, and one that nobody expected stands in none. What a
quarantined agent said is not used: two machines share its key, so nobody can tell whose word it is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import msgspec

from inventory.catalogue import catalogue
from inventory.devices import DeviceView
from inventory.findings import Basis, Finding
from inventory.judged import JudgedView
from inventory.waivers import Waiver
from policies.cross_examination import examined
from policies.fleet import Statement, statement
from policies.judge import DeviceFacts, Verdict, judge
from policies.lasting import Lasting
from policies.load import variant
from policies.long_silent import heard_lately
from policies.populations import asked, of_the_register
from policies.tree import Policy, Rule, rule_content
from policies.waivers import Applied, applied


@dataclass(frozen=True, slots=True)
class Assessment:
    """One policy judged at one moment; the statements are over the machines expected.

    ``refused``: rows of the register that were not understood; each counts as unknown.
    """

    policy: Policy
    at: datetime
    machines: tuple[DeviceView, ...]
    verdicts: tuple[Verdict, ...]
    statements: tuple[Statement, ...]
    refused: int = 0
    waivers: tuple[Applied, ...] = ()

    def of(self, device: str) -> tuple[Verdict, ...]:
        """The verdicts on one machine, in the order of the rules."""
        return tuple(verdict for verdict in self.verdicts if verdict.device == device)


def assess(
    policy: Policy,
    machines: Sequence[DeviceView],
    now: datetime,
    refused: int = 0,
    waivers: Sequence[Waiver] = (),
) -> Assessment:
    """Judge every machine by every rule that is asked of it, and the fleet by what comes out.

    ``machines``: every device there is; those that no rule is asked of are left out of the result.
    """
    about = {one.device: one for one in machines}
    wanted = {one.device: asked_of(policy, one) for one in machines}
    verdicts, excepted = verdicts_on(policy, machines, wanted, now, waivers)
    by_rule = defaultdict(list)
    for one in verdicts:
        by_rule[one.rule].append(one)
    statements = tuple(_statement(rule, by_rule[rule.id], about, refused) for rule in policy.rules)
    judged = dict.fromkeys(one.device for one in verdicts)
    concerned = tuple(about[device] for device in judged)
    return Assessment(policy, now, concerned, tuple(verdicts), statements, refused, tuple(excepted))


def asked_of(policy: Policy, machine: DeviceView) -> tuple[str, ...]:
    """The ids of the rules that are asked of a device."""
    return tuple(rule.id for rule in policy.rules if asked(rule, machine))


def verdicts_on(
    policy: Policy,
    machines: Sequence[DeviceView],
    wanted: Mapping[str, tuple[str, ...]],
    now: datetime,
    waivers: Sequence[Waiver],
) -> tuple[list[Verdict], list[Applied]]:
    """The ``wanted`` rules (by device) on each device: claims not too old, examined, waived."""
    about = {one.device: one for one in machines}
    compared = {machine.device: machine.compared for machine in machines}
    claimed = heard_lately(policy, _claimed(policy, machines, wanted, now), machines, now)
    return applied(examined(policy, claimed, compared), waivers, about, now)


def _claimed(
    policy: Policy,
    machines: Sequence[DeviceView],
    wanted: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> list[Verdict]:
    """The wanted rules, device by device."""
    groups: dict[tuple[tuple[str, ...], ...], list[DeviceView]] = defaultdict(list)
    for machine in machines:
        units = tuple(unit for unit in machine.unit_path if unit in policy.varied)
        groups[wanted.get(machine.device, ()), units].append(machine)
    found = {}
    for (names, units), of in groups.items():
        if not names:
            continue
        own = variant(policy, units)
        some = msgspec.structs.replace(own, rules=tuple(own.rule(name) for name in names))
        for one in judge(some, [facts_for(machine) for machine in of], now):
            found[one.device, one.rule] = one
    return [
        found[machine.device, rule.id]
        for machine in machines
        for rule in policy.rules
        if (machine.device, rule.id) in found
    ]


def _statement(
    rule: Rule, verdicts: Sequence[Verdict], about: Mapping[str, DeviceView], refused: int
) -> Statement:
    """Over the machines that must report; for a rule about whatever was seen, over those."""
    if not of_the_register(rule):
        return statement(rule, verdicts, len(verdicts))
    mine = [one for one in verdicts if about[one.device].expected]
    return statement(rule, mine, sum(one.expected for one in about.values()), refused)


def facts_for(machine: DeviceView) -> DeviceFacts:
    """What rules are shown of a device: nothing that a quarantined agent said."""
    view = machine.view
    if machine.status == "quarantined" and view is not None:
        view = _without_the_agent(view)
    return DeviceFacts(machine.device, view, machine.received_at, machine.seen_at)


def _without_the_agent(view: bytes) -> bytes:
    """The view with all that the agent says unknown: two machines share its key."""
    facts = msgspec.json.decode(view)["facts"]
    own = {section.path for section in catalogue().sections if section.witness == "agent"}
    return msgspec.json.encode(
        {
            "facts": {name: value for name, value in facts.items() if name not in own},
            "unknown": {name: {"reason": "quarantined"} for name in sorted(own)},
        }
    )


def kept(assessment: Assessment) -> Iterator[Finding]:
    """The verdicts as findings: what the store keeps, each with the report it rests on."""
    return as_findings(
        assessment.policy,
        {machine.device: machine for machine in assessment.machines},
        assessment.verdicts,
        assessment.at,
    )


def as_findings(
    policy: Policy,
    machines: Mapping[str, DeviceView],
    verdicts: Iterable[Verdict],
    now: datetime,
) -> Iterator[Finding]:
    """Verdicts made at ``now`` as findings, each with the time until which it holds.

    Of one device after the other: only the facts of one are decoded at a time.
    """
    for device, of in groupby(verdicts, key=lambda one: one.device):
        machine = machines[device]
        own, lasting = variant(policy, machine.unit_path), Lasting(facts_for(machine), now)
        for one in of:
            yield Finding(
                device=device,
                policy=policy.name,
                policy_version=str(policy.version),
                rule=one.rule,
                rule_hash=one.rule_hash,
                facts_hash=one.facts_hash,
                result=one.result,
                reason=one.reason,
                explanation_vi=one.explanation_vi,
                explanation_en=one.explanation_en,
                evidence={"report": machine.report, "facts": list(one.evidence)},
                holds_until=lasting.holds_until(own.rule(one.rule)),
            )


def basis(policy: Policy, machines: Iterable[DeviceView]) -> Basis:
    """The rules and the facts that findings on these machines rest on, by their hashes."""
    read: set[int] = set()  # a policy's variants are kept once each (`policies.load.variant`)
    rules: dict[str, bytes] = {}
    views: dict[str, JudgedView] = {}
    for machine in machines:
        own = variant(policy, machine.unit_path)
        if id(own) not in read:
            read.add(id(own))
            rules |= {rule.hash: rule_content(rule) for rule in own.rules}
        shown = facts_for(machine)
        if shown.view is not None:
            seen = JudgedView(shown.view, machine.compared, shown.received_at, shown.seen_at)
            views[hashlib.sha256(shown.view).hexdigest()] = seen
    return Basis(rules, views)
