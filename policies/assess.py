"""A policy over all the machines the store knows: verdicts, statements, and findings to keep.

The machines expected are those of the register (until there is one: those enrolled); one that never
reported stands in every statement as unknown, and one that nobody expected stands in none. What a
quarantined agent said is not used: two machines share its key, so nobody can tell whose word it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from inventory.catalogue import catalogue
from inventory.devices import DeviceView
from inventory.findings import Finding
from inventory.waivers import Waiver
from policies.cross_examination import examined
from policies.fleet import Statement, statement
from policies.judge import DeviceFacts, Verdict, judge
from policies.tree import Policy
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
    """Judge every machine by every rule, and the fleet by what comes out."""
    claimed = judge(policy, [_facts(machine) for machine in machines], now)
    compared = {machine.device: machine.compared for machine in machines}
    held = examined(policy, claimed, compared)
    verdicts, excepted = applied(held, waivers, {one.device: one for one in machines}, now)
    expected = {machine.device for machine in machines if machine.expected}
    by_rule = defaultdict(list)
    for one in verdicts:
        if one.device in expected:
            by_rule[one.rule].append(one)
    statements = tuple(
        statement(rule, by_rule[rule.id], len(expected), refused) for rule in policy.rules
    )
    return Assessment(
        policy, now, tuple(machines), tuple(verdicts), statements, refused, tuple(excepted)
    )


def _facts(machine: DeviceView) -> DeviceFacts:
    if machine.status == "quarantined":
        return DeviceFacts(machine.device, _nothing_certain(), machine.received_at)
    return DeviceFacts(machine.device, machine.view, machine.received_at)


def _nothing_certain() -> bytes:
    """A view in which every section is unknown because the agent is in quarantine."""
    why = {"reason": "quarantined"}
    unknown = {section.path: why for section in catalogue().sections}
    return msgspec.json.encode({"facts": {}, "unknown": unknown})


def kept(assessment: Assessment) -> list[Finding]:
    """The verdicts as findings: what the store keeps, each with the report it rests on."""
    policy = assessment.policy
    reports = {machine.device: machine.report for machine in assessment.machines}
    return [
        Finding(
            device=one.device,
            policy=policy.name,
            policy_version=str(policy.version),
            rule=one.rule,
            rule_hash=one.rule_hash,
            facts_hash=one.facts_hash,
            result=one.result,
            reason=one.reason,
            explanation_vi=one.explanation_vi,
            explanation_en=one.explanation_en,
            evidence={"report": reports[one.device], "facts": list(one.evidence)},
        )
        for one in assessment.verdicts
    ]
