"""What is otherwise than in an earlier report: rules, machines, and results that turned."""

from __future__ import annotations

from collections.abc import Iterator

from reports.figures import DeviceTurn, RuleTurn, Since, TrendPoint
from reports.summary import DeviceLine, RuleLine, Summary

_NOWHERE = ("", "not_applicable")


def since(earlier: Summary, now: Summary, digest: str) -> Since:
    """The difference of two summaries of one policy; ``digest`` names the earlier one exactly."""
    turns = list(_turns(earlier, now))
    before, after = ({one.id: one.name for one in side.devices} for side in (earlier, now))
    return Since(
        report=earlier.id,
        hash=digest,
        generated_at=earlier.generated_at,
        same_policy=earlier.policy_hash == now.policy_hash,
        rules=tuple(_rules(earlier, now)),
        worse=tuple(one for one in turns if one.after == "fail"),
        better=tuple(one for one in turns if one.after == "pass"),
        lost=tuple(one for one in turns if one.after in ("unknown", "error")),
        appeared=tuple(name for device, name in after.items() if device not in before),
        gone=tuple(name for device, name in before.items() if device not in after),
    )


def point(summary: Summary) -> TrendPoint:
    """What later reports show of this one."""
    head, states = summary.headline, summary.coverage.states
    return TrendPoint(
        report=summary.id,
        at=summary.generated_at,
        policy_hash=summary.policy_hash,
        verdict=head.verdict,
        passed=head.counts["pass"],
        failed=head.counts["fail"],
        total=total(head),
        expected=summary.coverage.expected,
        reporting=states["managed"] if states else summary.coverage.current,
    )


def total(rule: RuleLine) -> int:
    """Of how many machines the rule asks something: the denominator of its statement."""
    return sum(n for result, n in rule.counts.items() if result != "not_applicable")


def _rules(earlier: Summary, now: Summary) -> Iterator[RuleTurn]:
    before = {one.id: one for one in earlier.rules}
    for one in now.rules:
        old = before.get(one.id)
        yield RuleTurn(
            rule=one.id,
            title=one.title,
            before=old.verdict if old else "",
            after=one.verdict,
            passed_before=old.counts["pass"] if old else 0,
            passed_after=one.counts["pass"],
            total_before=total(old) if old else 0,
            total_after=total(one),
        )


def _turns(earlier: Summary, now: Summary) -> Iterator[DeviceTurn]:
    """Results that are others, on machines and by rules that both reports have."""
    before = {one.id: _results(one) for one in earlier.devices}
    for one in now.devices:
        old = before.get(one.id, {})
        for finding in one.findings:
            was = old.get(finding.rule, "")
            if finding.result != was and was not in _NOWHERE and finding.result != "not_applicable":
                yield DeviceTurn(one.id, one.name, one.unit, finding.rule, was, finding.result)


def _results(device: DeviceLine) -> dict[str, str]:
    return {one.rule: one.result for one in device.findings}
