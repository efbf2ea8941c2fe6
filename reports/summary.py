"""The one summary that every face of a report shows: statements, machines with reasons, coverage.

Nothing here decides anything: results come from the policy engine, and a machine that did not
report stands in every count as unknown, never as absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from inventory.times import OFFICE_ZONE
from language.forms import number
from language.texts import Words, marked, texts
from reports.figures import (
    BesideLine,
    ContradictionLine,
    Distribution,
    ProblemLine,
    Since,
    SoftwareLine,
    TrendPoint,
    UnitLine,
    UnsaidLine,
)
from reports.letterhead import Letterhead

RESULTS = ("pass", "fail", "unknown", "error", "not_applicable", "waived")
OPEN = frozenset({"fail", "unknown", "error"})


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule over all machines: met, not_met or undecided, and the counts behind that."""

    id: str
    title: Words
    severity: str
    verdict: str
    sentence: Words
    counts: dict[str, int]
    fix: Words


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One rule on one machine, with its reason, and since when (ISO 8601) it has that result."""

    rule: str
    severity: str
    result: str
    reason: str | None
    explanation: Words
    since: str | None = None


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """An exception in force: who approved it, until when, and how many machines it covers.

    ``subject``: a machine's name, a unit's code, or ``*``; ``unneeded``: all that it could except
    pass by themselves.
    """

    id: str
    rule: str
    scope: str
    subject: str
    reason: str
    approved_by: str
    expires: str
    days_left: int
    used: int
    unneeded: bool


@dataclass(frozen=True, slots=True)
class DepartureLine:
    """Where the policy asks less than the one that it extends, or something else."""

    rule: str
    kind: str
    what: Words


@dataclass(frozen=True, slots=True)
class Specs:
    """What management and officers ask of a machine; None: not known. Sizes in bytes."""

    model: str | None = None
    serial: str | None = None
    memory: int | None = None
    disk: int | None = None  #: of all disks that are not removable
    encryption: str | None = None  #: of the system volume: on, off, suspended, in_progress, locked
    antivirus: str | None = None  #: names of the products whose protection is on
    support_ends: str | None = None  #: ISO day, the last with security fixes


@dataclass(frozen=True)
class DeviceLine:
    """One machine: when it was heard, every finding, and the evidence they rest on.

    ``expected``: it counts in every statement; ``unit`` its unit's code or empty.
    """

    id: str
    name: str
    status: str
    alert: str | None
    system: str | None
    received_at: datetime | None
    report: str | None
    facts_hash: str | None
    findings: tuple[FindingLine, ...]
    expected: bool = True
    state: str = ""  #: coverage state, DESIGN §7
    unit: str = ""
    unit_from: str = ""
    asset: str = ""
    kind: str = ""
    address: str = ""
    seen_at: datetime | None = None
    specs: Specs = field(default_factory=Specs)

    @cached_property
    def open_findings(self) -> tuple[FindingLine, ...]:
        """What is not as it should be, or cannot be told."""
        return tuple(finding for finding in self.findings if finding.result in OPEN)

    @property
    def shown_findings(self) -> tuple[FindingLine, ...]:
        """What is open, and what is excepted: a waiver never hides a failure."""
        return tuple(one for one in self.findings if one.result in OPEN or one.result == "waived")

    @property
    def applicable(self) -> int:
        """How many rules ask something of this machine."""
        return len(self.findings) - self.count("not_applicable")

    def count(self, result: str) -> int:
        """How many of the machine's findings have this result."""
        return sum(finding.result == result for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whom the report speaks of; current to refused add up to ``expected``.

    With a register, the states managed, silent, no_agent, missing and ``refused`` (its rows that
    were not understood) divide the same ``expected``; unregistered and unknown_device are beside
    it.
    """

    expected: int
    current: int
    silent: int
    never_reported: int
    quarantined: int
    refused: int = 0
    states: dict[str, int] | None = None  #: by coverage state; None: there is no register yet

    def sentence(self, lang: str) -> str:
        """The counts in one sentence."""
        names = ("expected", "current", "silent", "never_reported", "quarantined", "refused")
        counts = {name: getattr(self, name) for name in names} | (self.states or {})
        shown = {name: number(count, lang) for name, count in counts.items()}
        say = texts(lang)
        told = say(_ENROLLED if self.states is None else _REGISTERED, **shown)
        return told + say(_REFUSED, **shown) if self.refused else told


_ENROLLED = marked(
    "Machines enrolled: {expected}. Reported within 7 days: {current}. "
    "Silent for over 7 days: {silent}. Never reported: {never_reported}. "
    "Quarantined: {quarantined}."
)
_REGISTERED = marked(
    "Computers in the register: {expected}. Reporting: {managed}. "
    "With an agent that is silent: {silent}. On the network without an agent: {no_agent}. "
    "Seen nowhere: {missing}. Not in the register: {unregistered} with an agent, "
    "{unknown_device} unknown devices on the network."
)
_REFUSED = marked(
    " Rows of the register not understood, counted as unknown: {refused} (rasoat register import)."
)


@dataclass(frozen=True)
class Summary:
    """All that a report says, in no particular language or format."""

    generated_at: datetime
    policy: str
    policy_version: str
    policy_hash: str
    policy_title: Words
    rules: tuple[RuleLine, ...]
    devices: tuple[DeviceLine, ...]
    coverage: Coverage
    waivers: tuple[WaiverLine, ...] = ()
    extends: str = ""
    departures: tuple[DepartureLine, ...] = ()
    zone: str = field(default=OFFICE_ZONE)
    unit: str = (
        ""  #: code of the unit that it speaks of, with its parts; empty: of the whole office
    )
    unit_name: Words = field(default_factory=dict)
    simulated: bool = False  #: of machines that do not exist: every face says so
    letterhead: Letterhead = field(default_factory=Letterhead)
    units: tuple[UnitLine, ...] = ()  #: in the order of the tree
    inventory: tuple[Distribution, ...] = ()
    software: tuple[SoftwareLine, ...] = ()  #: by name
    contradictions: tuple[ContradictionLine, ...] = ()
    problems: tuple[ProblemLine, ...] = ()  #: every rule that fails, the worst first
    unsaid: tuple[UnsaidLine, ...] = ()
    beside: tuple[BesideLine, ...] = ()
    since: Since | None = None
    trend: tuple[TrendPoint, ...] = ()  #: earlier reports of this policy, oldest first, and this

    @property
    def id(self) -> str:
        """The name of this report."""
        return self.id_of(self.policy, self.unit, self.generated_at)

    @classmethod
    def id_of(cls, policy: str, unit: str, at: datetime) -> str:
        """A report's name: its policy, its unit, and the second (UTC) when it was made."""
        return f"{cls.series_of(policy, unit)}-{at:%Y%m%dT%H%M%SZ}"

    @property
    def series(self) -> str:
        """What reports of one kind share."""
        return self.series_of(self.policy, self.unit)

    @staticmethod
    def series_of(policy: str, unit: str) -> str:
        """One policy, asked of one unit or of the whole office; fit for a file's name."""
        named = re.sub(r"[^A-Za-z0-9.-]", "_", unit)
        return f"{policy}@{named}" if unit else policy

    @property
    def headline(self) -> RuleLine:
        """The statement that management asked for: the policy's first rule."""
        return self.rules[0]

    @property
    def compliant(self) -> bool:
        """Whether every statement that concerns any machine is met; undecided is not met."""
        concerned = [rule for rule in self.rules if rule.verdict != "not_applicable"]
        return bool(concerned) and all(rule.verdict == "met" for rule in concerned)
