"""Verdicts kept current: what news, a changed rule or passing time may have turned is judged again.

A finding stands as long as it was made by the same rule, of the same facts, before the second until
which it holds. A report that came re-judges its device; a rule that was changed re-judges that
rule; a night that passed re-judges what grew too old. What is judged is judged by the same code as
a report's, so the results are the same as if everything were judged anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.devices import DeviceView
from inventory.findings import Basis, Finding, Kept
from inventory.waivers import Waiver
from policies.assess import as_findings, asked_of, basis, facts_for, verdicts_on
from policies.load import variant
from policies.times import seconds_of
from policies.tree import Policy

Key = tuple[str, str]  #: device, rule


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was judged again, and of what nothing is asked any more."""

    findings: tuple[Finding, ...]
    gone: tuple[Key, ...]
    basis: Basis


def refreshed(
    policy: Policy,
    machines: Sequence[DeviceView],
    known: Mapping[Key, Kept],
    waivers: Sequence[Waiver],
    now: datetime,
) -> Refreshed:
    """Judge what may be otherwise than ``known``.

    Args:
        policy: the rules as they are now.
        machines: the devices that are looked at, as they are now.
        known: the findings of these devices.
        waivers: all of this policy.
        now: the moment of judging.
    """
    wanted = {one.device: tuple(_due(policy, one, known, waivers, now)) for one in machines}
    some = [one for one in machines if wanted[one.device]]
    verdicts, _ = verdicts_on(policy, some, wanted, now, waivers)
    about = {one.device: one for one in some}
    asked = {(one.device, rule) for one in machines for rule in asked_of(policy, one)}
    return Refreshed(
        tuple(as_findings(policy, about, verdicts, now)),
        tuple(key for key in known if key not in asked),
        basis(policy, some),
    )


def _due(
    policy: Policy,
    machine: DeviceView,
    known: Mapping[Key, Kept],
    waivers: Sequence[Waiver],
    now: datetime,
) -> Iterator[str]:
    """The rules that must be asked of a device again."""
    view = facts_for(machine).view
    facts_hash = hashlib.sha256(view).hexdigest() if view is not None else ""
    own, moment = variant(policy, machine.unit_path), seconds_of(now)
    excepted = {one.rule for one in waivers}
    for rule in asked_of(policy, machine):
        one = known.get((machine.device, rule))
        stands = (
            one is not None
            and one.facts_hash == facts_hash
            and one.rule_hash == own.rule(rule).hash
            and (one.holds_until is None or moment < one.holds_until)
            and rule not in excepted  # a person may have given or ended a waiver since
            and one.result != "waived"
        )
        if not stands:
            yield rule
