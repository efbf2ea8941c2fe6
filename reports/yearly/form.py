"""What the yearly form of Decree 331/2026 says: types alone, in no language and no format.

The original of Form No. 08 was not at hand; `docs/yearly-form.md` says what is assumed of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from language.texts import Words
from reports.letterhead import Letterhead
from reports.yearly.systems import Plan, System

#: A requirement on the form is met or not fully met; what is neither is left open and said so.
MET, NOT_FULLY, NOT_APPLICABLE, OPEN = "met", "not_fully_met", "not_applicable", "open"


@dataclass(frozen=True, slots=True)
class Period:
    """From 15 December to 14 December; both days belong to it (ISO)."""

    year: int

    @property
    def begins(self) -> str:
        """The first day."""
        return f"{self.year - 1}-12-15"

    @property
    def ends(self) -> str:
        """The last day."""
        return f"{self.year}-12-14"


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement: its status on the form, why, and what is planned.

    ``state``: where it stands by `policies.frameworks`; ``why``: the statements and the person that
    it rests on, in every language.
    """

    id: str
    title: Words
    state: str
    status: str
    why: Words
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class UnitOfPeriod:
    """A unit that was there in the period, or in a part of it."""

    code: str
    name: Words
    valid_from: str
    valid_to: str | None
    successors: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Machines:
    """The computers that must report, and how many of them did within 7 days."""

    expected: int
    current: int


@dataclass(frozen=True, slots=True)
class YearlyForm:
    """The whole form. ``day``: on which it was filled in (ISO).

    ``framework``: title of the standard; ``unverified``: empty, or what nobody compared with it.
    """

    period: Period
    day: str
    letterhead: Letterhead
    systems: tuple[System, ...]
    framework: Words
    unverified: str
    requirements: tuple[RequirementLine, ...]
    machines: Machines | None
    units: tuple[UnitOfPeriod, ...]
    simulated: bool = False

    @property
    def inspected(self) -> System | None:
        """The system that Rà Soát looks at."""
        return next((one for one in self.systems if one.inspected), None)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over everything that the form says."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    def count(self, status: str) -> int:
        """How many requirements have this status."""
        return sum(one.status == status for one in self.requirements)
