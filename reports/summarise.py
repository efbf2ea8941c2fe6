"""From an assessment to the summary that every face shows; nothing is decided here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from inventory.coverage import SILENT_AFTER, State
from inventory.devices import DeviceView
from language.texts import Words
from policies.assess import Assessment
from policies.fleet import Statement
from policies.judge import Verdict
from policies.tree import Rule
from policies.tree import Words as Both
from policies.waivers import Applied
from reports.summary import (
    RESULTS,
    Coverage,
    DepartureLine,
    DeviceLine,
    FindingLine,
    RuleLine,
    Summary,
    WaiverLine,
)


def summarise(assessment: Assessment, known: Sequence[DeviceView] = ()) -> Summary:
    """The summary of one policy over all machines at one moment.

    ``known``: every device, those too that no rule is asked of; with a register they are counted.
    """
    policy = assessment.policy
    return Summary(
        generated_at=assessment.at,
        policy=policy.name,
        policy_version=str(policy.version),
        policy_hash=policy.hash,
        policy_title=_words(policy.title),
        rules=tuple(map(_rule, policy.rules, assessment.statements)),
        devices=tuple(_device(machine, assessment) for machine in assessment.machines),
        coverage=_coverage(assessment, known),
        waivers=tuple(_waiver(one, assessment) for one in assessment.waivers),
        extends=policy.extends,
        departures=tuple(
            DepartureLine(one.rule, one.kind, _words(one.what))
            for one in policy.departures
            if one.kind != "tighter"
        ),
    )


def _waiver(one: Applied, assessment: Assessment) -> WaiverLine:
    names = {machine.device: machine.name for machine in assessment.machines}
    given = one.waiver
    return WaiverLine(
        id=given.id,
        rule=given.rule,
        scope=given.scope,
        subject=names.get(given.subject, given.where),
        reason=given.reason,
        approved_by=given.approved_by,
        expires=given.expires,
        days_left=one.days_left,
        used=len(one.used),
        unneeded=one.unneeded,
    )


def _words(both: Both | None) -> Words:
    return {"vi": both.vi, "en": both.en} if both else {}


def _rule(rule: Rule, said: Statement) -> RuleLine:
    """A rule that applies to no machine at all is neither met nor open: it says so."""
    applies = said.total > 0 or not said.counts.get("not_applicable")
    return RuleLine(
        id=rule.id,
        title=_words(rule.title),
        severity=rule.severity,
        verdict=said.result if applies else "not_applicable",
        sentence=_words(Both(said.sentence_vi, said.sentence_en) if applies else _nowhere(rule)),
        counts={result: said.counts.get(result, 0) for result in RESULTS},
        fix=_words(rule.fix),
    )


def _nowhere(rule: Rule) -> Both:
    return Both(
        vi=f"{rule.title.vi}: không có máy nào thuộc phạm vi.",
        en=f"{rule.title.en}: applies to none of these machines.",
    )


def _device(machine: DeviceView, assessment: Assessment) -> DeviceLine:
    verdicts = assessment.of(machine.device)
    severities = {rule.id: rule.severity for rule in assessment.policy.rules}
    return DeviceLine(
        id=machine.device,
        name=machine.name,
        status=machine.status,
        alert=machine.alert,
        system=_system(machine.view),
        received_at=machine.received_at,
        report=machine.report,
        facts_hash=verdicts[0].facts_hash or None if verdicts else None,
        findings=tuple(_finding(verdict, severities[verdict.rule]) for verdict in verdicts),
    )


def _finding(verdict: Verdict, severity: str) -> FindingLine:
    return FindingLine(
        rule=verdict.rule,
        severity=severity,
        result=verdict.result,
        reason=verdict.reason or None,
        explanation={"vi": verdict.explanation_vi, "en": verdict.explanation_en},
    )


def _system(view: bytes | None) -> str | None:
    """The operating system's name and version, as far as the machine reported them."""
    facts = msgspec.json.decode(view)["facts"].get("os", {}) if view else {}
    return " ".join(str(facts[key]) for key in ("name", "version") if facts.get(key)) or None


def _coverage(assessment: Assessment, known: Sequence[DeviceView]) -> Coverage:
    at, refused = assessment.at, assessment.refused
    machines = known or assessment.machines
    counts = Counter(_state(machine, at) for machine in machines if machine.expected)
    names = ("current", "silent", "never_reported", "quarantined")
    by_name = {name: counts[name] for name in names}
    total = counts.total() + refused
    return Coverage(expected=total, **by_name, refused=refused, states=_states(known))


def _states(known: Iterable[DeviceView]) -> dict[str, int] | None:
    """The coverage states of the computers expected, and of what is not in the register."""
    counts: Counter[str] = Counter()
    registered = False
    for one in known:
        registered |= one.asset is not None
        if one.asset is None or one.expected:
            counts[one.state] += 1
    return {state.value: counts[state] for state in State} if registered else None


def _state(machine: DeviceView, at: datetime) -> str:
    if machine.status == "quarantined":
        return "quarantined"
    if machine.received_at is None:
        return "never_reported"
    return "silent" if at - machine.received_at > SILENT_AFTER else "current"
