"""What a report says besides rules and machines: units, inventory, contradictions, problems, time.

Types alone; `reports.counting` computes them. Every count is over the machines expected unless its
docstring says otherwise, and what is not known stands beside what is, never inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from language.texts import Words


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The machines of one unit itself, without those of the units under it.

    The line without a code stands for machines of no known unit. ``states`` and ``headline`` each
    add up to ``expected``; ``fails`` counts findings by severity. A unit that has ended names its
    ``successors`` of today.
    """

    code: str
    name: Words
    above: tuple[Words, ...]  #: the names of the units above it, the highest first
    expected: int
    states: dict[str, int]  #: by coverage state
    headline: dict[str, int]  #: results of the policy's first rule
    fails: dict[str, int]
    contradicted: int  #: machines that the network contradicts
    valid_to: str | None = None  #: ISO day; None: it is still there
    successors: tuple[Words, ...] = ()

    @property
    def asked(self) -> int:
        """Of how many machines the first rule asks something."""
        return self.expected - self.headline.get("not_applicable", 0)

    @property
    def passed(self) -> int:
        """How many of them pass."""
        return self.headline.get("pass", 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One value and how many machines have it; ``concern``: "", "soon" or "bad"."""

    label: Words
    machines: int
    concern: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the expected machines divide by one fact; parts and ``unknown`` add up to ``total``."""

    name: str  #: systems, support, age, memory, encryption or antivirus
    title: Words
    total: int
    unknown: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SoftwareLine:
    """One program: on how many machines, in which versions (the commonest first)."""

    name: str
    publisher: str
    machines: int
    versions: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ContradictionLine:
    """One question that a machine and the network answer differently."""

    device: str
    name: str
    unit: str
    about: str  #: firewall, ports, address, name or system
    agent_says: str
    network_shows: str
    agent_at: str
    network_at: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How many machines of one unit."""

    code: str
    name: Words
    machines: int


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One rule that fails, what to do, and where: the worst first.

    ``units``: the units with most failing machines; ``machines``: some of the machines by name.
    """

    rule: str
    title: Words
    severity: str
    failing: int
    unknown: int
    total: int
    fix: Words
    units: tuple[UnitCount, ...]
    machines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnsaidLine:
    """Why something cannot be said: one reason, over how many machines and results."""

    reason: str  #: a reason's code, or ``claimed_only`` and ``refused_row``
    machines: int
    results: int
    sentence: Words


@dataclass(frozen=True, slots=True)
class BesideLine:
    """A device that no rule of the policy is asked of: a stranger, a printer, a switch."""

    id: str
    name: str
    state: str
    kind: str
    unit: str
    asset: str
    address: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class RuleTurn:
    """A rule in the earlier report and in this one; counts are passes of how many."""

    rule: str
    title: Words
    before: str  #: met, not_met, undecided, not_applicable, or empty: there was no such rule
    after: str
    passed_before: int
    passed_after: int
    total_before: int
    total_after: int


@dataclass(frozen=True, slots=True)
class DeviceTurn:
    """One rule on one machine whose result is another than in the earlier report."""

    device: str
    name: str
    unit: str
    rule: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Since:
    """What is otherwise than in an earlier report, which its hash names exactly."""

    report: str  #: id of the earlier report
    hash: str
    generated_at: datetime
    same_policy: bool  #: the same hash; else a rule may have turned because it was changed
    rules: tuple[RuleTurn, ...]
    worse: tuple[DeviceTurn, ...]
    better: tuple[DeviceTurn, ...]
    lost: tuple[DeviceTurn, ...]  #: a pass or a fail became unknown
    appeared: tuple[str, ...]  #: names of machines
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The headline and the coverage of one report."""

    report: str
    at: datetime
    policy_hash: str
    verdict: str
    passed: int
    failed: int
    total: int
    expected: int
    reporting: int  #: machines of the register whose agent reports
