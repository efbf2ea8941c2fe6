"""From an assessment to the summary that every face shows; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inventory.devices import DeviceView
from inventory.times import office_day
from inventory.units.tree import History
from language.texts import LANGUAGES, Words, marked, texts
from policies.assess import Assessment
from policies.fleet import Statement
from policies.tree import Rule
from policies.tree import Words as Both
from policies.waivers import Applied
from reports.counting.coverage import coverage_of
from reports.counting.inventory import distributions
from reports.counting.machines import device_lines
from reports.counting.problems import problem_lines
from reports.counting.since import point, since
from reports.counting.software import software_lines
from reports.counting.units import unit_lines, unit_name
from reports.counting.unsaid import unsaid_lines
from reports.counting.views import Facts, facts_of
from reports.figures import BesideLine, ContradictionLine
from reports.letterhead import Letterhead
from reports.summary import (
    RESULTS,
    DepartureLine,
    RuleLine,
    Summary,
    WaiverLine,
)

_NOWHERE = marked("{title}: applies to none of these machines.")
MOST_POINTS = 24  #: of a trend: two years of monthly reports


@dataclass(frozen=True, slots=True)
class Around:
    """What a report knows beside verdicts.

    ``since``: (device, rule) → since when the result stands, ISO 8601; ``earlier``: the report that
    this one is compared with, and the hash of its figures.
    """

    units: History = field(default_factory=lambda: History(()))
    since: Mapping[tuple[str, str], str] = field(default_factory=dict)
    letterhead: Letterhead = field(default_factory=Letterhead)
    earlier: tuple[Summary, str] | None = None


def summarise(
    assessment: Assessment, known: Sequence[DeviceView] = (), around: Around | None = None
) -> Summary:
    """The summary of one policy over all machines at one moment.

    ``known``: every device, those too that no rule is asked of; with a register they are counted.
    """
    around = around or Around()
    policy = assessment.policy
    made = Summary(
        generated_at=assessment.at,
        policy=policy.name,
        policy_version=str(policy.version),
        policy_hash=policy.hash,
        policy_title=_words(policy.title),
        rules=tuple(map(_rule, policy.rules, assessment.statements)),
        devices=(),
        coverage=coverage_of(assessment, known),
        waivers=tuple(_waiver(one, assessment) for one in assessment.waivers),
        extends=policy.extends,
        departures=tuple(
            DepartureLine(one.rule, one.kind, _words(one.what))
            for one in policy.departures
            if one.kind != "tighter"
        ),
        letterhead=around.letterhead,
    )
    return _compared(_counted(made, assessment, known, around), around)


def _counted(
    made: Summary, assessment: Assessment, known: Sequence[DeviceView], around: Around
) -> Summary:
    """The summary with what is counted over machines."""
    day = office_day(assessment.at)
    rules = assessment.policy.rules
    machines = {one.device: one for one in (*known, *assessment.machines)}
    facts = {one.device: facts_of(one) for one in assessment.machines}
    names = {
        one.unit or "": unit_name(one.unit or "", around.units, day) for one in machines.values()
    }
    severities = {rule.id: rule.severity for rule in rules}
    judged = list(zip(rules, assessment.statements, strict=True))
    everybody = list(machines.values())
    return replace(
        made,
        devices=device_lines(assessment, facts, severities, around.since),
        units=unit_lines(everybody, assessment.verdicts, severities, around.units, day),
        inventory=distributions([(one, facts.get(one.device, Facts())) for one in everybody], day),
        software=software_lines(facts.values()),
        contradictions=_contradictions(everybody),
        problems=problem_lines(judged, assessment.verdicts, machines, names),
        unsaid=unsaid_lines(
            assessment.verdicts,
            machines,
            assessment.statements[0],
            _words(rules[0].title),
            assessment.refused,
        ),
        beside=tuple(_beside(one) for one in everybody if one.device not in facts),
    )


def _compared(made: Summary, around: Around) -> Summary:
    """The summary beside the one before it."""
    if around.earlier is None:
        return replace(made, trend=(point(made),))
    before, digest = around.earlier
    trend = (*before.trend, point(made))[-MOST_POINTS:]
    return replace(made, since=since(before, made, digest), trend=trend)


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
    said = {lang: texts(lang)(_NOWHERE, title=rule.title.get(lang)) for lang in LANGUAGES}
    return Both(**said)


def _contradictions(machines: Iterable[DeviceView]) -> tuple[ContradictionLine, ...]:
    return tuple(
        ContradictionLine(
            device=machine.device,
            name=machine.name,
            unit=machine.unit or "",
            about=one.about,
            agent_says=one.agent_says,
            network_shows=one.network_shows,
            agent_at=one.agent_at,
            network_at=one.network_at,
            evidence=one.evidence,
        )
        for machine in machines
        for one in machine.compared
        if not one.confirmed
    )


def _beside(machine: DeviceView) -> BesideLine:
    return BesideLine(
        id=machine.device,
        name=machine.name,
        state=str(machine.state),
        kind=machine.kind,
        unit=machine.unit or "",
        asset=machine.asset or "",
        address=machine.address,
        seen_at=machine.seen_at,
    )
