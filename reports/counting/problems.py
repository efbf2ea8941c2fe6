"""What fails, the worst first: by severity, then by how many machines; and in which units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from inventory.devices import DeviceView
from policies.fleet import Statement
from policies.judge import Verdict
from policies.populations import of_the_register
from policies.tree import SEVERITIES, Rule
from policies.tree import Words as Both
from reports.figures import ProblemLine, UnitCount

MOST_UNITS, MOST_MACHINES = 5, 10  #: named for one problem


def problem_lines(
    rules: Sequence[tuple[Rule, Statement]],
    verdicts: Sequence[Verdict],
    machines: Mapping[str, DeviceView],
    names: Mapping[str, dict[str, str]],
) -> tuple[ProblemLine, ...]:
    """One line for each rule that some machine fails, over those that its statement is about.

    Args:
        rules: each rule with what may be said of the fleet.
        verdicts: of all rules on all machines.
        machines: device → what is known of it.
        names: unit's code → its name.
    """
    ours = {rule.id for rule, _ in rules if of_the_register(rule)}
    failing: dict[str, list[DeviceView]] = {}
    for one in verdicts:
        machine = machines[one.device]
        if one.result == "fail" and (machine.expected or one.rule not in ours):
            failing.setdefault(one.rule, []).append(machine)
    found = [
        _problem(rule, said, failing[rule.id], names) for rule, said in rules if rule.id in failing
    ]
    return tuple(sorted(found, key=_rank))


def _rank(one: ProblemLine) -> tuple[int, int, str]:
    return -SEVERITIES.index(one.severity), -one.failing, one.rule


def _problem(
    rule: Rule,
    said: Statement,
    failing: Sequence[DeviceView],
    names: Mapping[str, dict[str, str]],
) -> ProblemLine:
    units = Counter(machine.unit or "" for machine in failing)
    ranked = sorted(units.items(), key=lambda one: (-one[1], one[0]))
    return ProblemLine(
        rule=rule.id,
        title=_both(rule.title),
        severity=rule.severity,
        failing=len(failing),
        unknown=said.counts.get("unknown", 0) + said.counts.get("error", 0),
        total=said.total,
        fix=_both(rule.fix),
        units=tuple(UnitCount(code, names[code], n) for code, n in ranked[:MOST_UNITS]),
        machines=tuple(machine.name for machine in failing[:MOST_MACHINES]),
    )


def _both(words: Both | None) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en} if words else {}
