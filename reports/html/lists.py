"""The long lists of the page: what of them is shown, in which order, and that some is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from policies.tree import SEVERITIES
from reports.figures import BesideLine, ContradictionLine, DeviceTurn, RuleTurn, SoftwareLine
from reports.summary import DeviceLine, FindingLine, Summary

MOST_ROWS = 1000  #: of one list: a browser stays quick, and the file small enough to be sent
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """The rows that are shown, and of how many."""

    shown: Sequence[T]
    total: int

    @property
    def capped(self) -> bool:
        """Whether some are left out: the page then says so."""
        return len(self.shown) < self.total


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list whose length depends on how many machines there are."""

    machines: Rows[DeviceLine]
    beside: Rows[BesideLine]
    software: Rows[SoftwareLine]
    contradictions: Rows[ContradictionLine]
    turned: Sequence[RuleTurn]  #: rules that stand otherwise than in the earlier report
    worse: Rows[DeviceTurn]
    lost: Rows[DeviceTurn]
    better: Rows[DeviceTurn]


def of(summary: Summary) -> Lists:
    """All lists of one report."""
    since = summary.since
    turns = (since.worse, since.lost, since.better) if since else ((), (), ())
    worse, lost, better = map(first, turns)
    return Lists(
        machines=Rows(machines(summary), len(summary.devices)),
        beside=first(summary.beside),
        software=Rows(_commonest(summary.software), len(summary.software)),
        contradictions=first(summary.contradictions),
        turned=sorted(filter(_moved, since.rules), key=_fall) if since else (),
        worse=worse,
        lost=lost,
        better=better,
    )


def first(rows: Sequence[T]) -> Rows[T]:
    """As many as are shown, from the first on."""
    return Rows(rows[:MOST_ROWS], len(rows))


def machines(summary: Summary) -> Sequence[DeviceLine]:
    """Those with the worst failures first; of too many the others are left out."""
    return sorted(summary.devices, key=_badness, reverse=True)[:MOST_ROWS]


def worst_first(findings: Sequence[FindingLine]) -> Sequence[FindingLine]:
    """Failures before what is unknown, the more severe first."""
    return sorted(findings, key=lambda one: (_RANK.get(one.result, 9), -severity(one.severity)))


def severity(name: str) -> int:
    """How severe, as a number to sort by."""
    return SEVERITIES.index(name) if name in SEVERITIES else -1


_RANK = {"fail": 0, "error": 1, "unknown": 2, "waived": 3}


def _badness(one: DeviceLine) -> tuple[int, ...]:
    """Failures by severity, the highest first; then what is not known."""
    counts = [0] * (len(SEVERITIES) + 1)
    for finding in one.findings:
        if finding.result == "fail":
            counts[len(SEVERITIES) - 1 - severity(finding.severity)] += 1
        elif finding.result in ("unknown", "error"):
            counts[-1] += 1
    return tuple(counts)


def _commonest(known: Sequence[SoftwareLine]) -> Sequence[SoftwareLine]:
    return sorted(known, key=lambda one: (-one.machines, one.name))[:MOST_ROWS]


def _moved(one: RuleTurn) -> bool:
    return one.before != one.after or one.passed_before != one.passed_after


def _fall(one: RuleTurn) -> float:
    """The change of the share that passes: the deepest fall comes first."""
    was = one.passed_before / one.total_before if one.total_before else 0.0
    return (one.passed_after / one.total_after if one.total_after else 0.0) - was
