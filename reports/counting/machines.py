"""One line for each machine that rules are asked of, with every finding; in Vietnamese order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from inventory.collation import collation_key
from inventory.devices import DeviceView
from language.texts import Words
from policies.assess import Assessment
from policies.judge import Verdict
from reports.counting.specs import specs, system
from reports.counting.views import Facts
from reports.summary import DeviceLine, FindingLine


def device_lines(
    assessment: Assessment,
    facts: Mapping[str, Facts],
    severities: Mapping[str, str],
    told: Mapping[tuple[str, str], str],
) -> tuple[DeviceLine, ...]:
    """The machines by name.

    Args:
        assessment: the verdicts.
        facts: device → what is counted of it.
        severities: rule → severity.
        told: (device, rule) → since when the result stands, ISO 8601.
    """
    words: dict[tuple[str, str], Words] = {}  # of thousands of findings; few differ
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    for one in assessment.verdicts:
        verdicts[one.device].append(one)
    return tuple(
        _device(
            machine,
            facts[machine.device],
            verdicts[machine.device],
            tuple(
                _finding(one, severities[one.rule], told.get((one.device, one.rule)), words)
                for one in verdicts[machine.device]
            ),
        )
        for machine in sorted(assessment.machines, key=lambda one: collation_key(one.name))
    )


def _device(
    machine: DeviceView,
    facts: Facts,
    verdicts: Sequence[Verdict],
    findings: tuple[FindingLine, ...],
) -> DeviceLine:
    return DeviceLine(
        id=machine.device,
        name=machine.name,
        status=machine.status,
        alert=machine.alert,
        system=system(facts),
        received_at=machine.received_at,
        report=machine.report,
        facts_hash=verdicts[0].facts_hash or None if verdicts else None,
        findings=findings,
        expected=machine.expected,
        state=str(machine.state),
        unit=machine.unit or "",
        unit_from=machine.unit_from,
        asset=machine.asset or "",
        kind=machine.kind,
        address=machine.address,
        seen_at=machine.seen_at,
        specs=specs(facts),
    )


def _finding(
    verdict: Verdict, severity: str, since: str | None, words: dict[tuple[str, str], Words]
) -> FindingLine:
    said = (verdict.explanation_vi, verdict.explanation_en)
    return FindingLine(
        rule=verdict.rule,
        severity=severity,
        result=verdict.result,
        reason=verdict.reason or None,
        explanation=words.setdefault(said, dict(zip(("vi", "en"), said, strict=True))),
        since=since,
    )
