"""The whole simulated district: `district(seed, machines)`, read district by district."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rasoat.simulated.arriving import Report, reports
from rasoat.simulated.block import Block, block
from rasoat.simulated.making import Calendar
from rasoat.simulated.places import PER_DISTRICT, Unit, units
from rasoat.simulated.scans import Scan, scans
from rasoat.simulated.truth import Truth, truth


@dataclass(frozen=True, slots=True)
class District:
    """An invented district (568 machines), or as many of them as make up ``machines``.

    All of it follows from ``seed``, ``machines`` and ``now``. Without ``history`` an agent sends
    one report for each state that its machine was in, with it a report at its beginning too.
    Nothing is kept: every walk makes the districts anew, one at a time.
    """

    seed: int
    machines: int
    now: datetime
    history: bool = True

    def units(self) -> Iterator[Unit]:
        """Every unit, parents first, those that were merged last."""
        return units(self.machines)

    def blocks(self) -> Iterator[Block]:
        """One district after the other, each whole."""
        for number in range(-(-self.machines // PER_DISTRICT)):
            size = min(PER_DISTRICT, self.machines - number * PER_DISTRICT)
            yield block(self.seed, number, size, Calendar(self.now))

    def rows(self) -> Iterator[Mapping[str, str]]:
        """The rows of the register; the columns: `rows.COLUMNS`."""
        for one in self.blocks():
            yield from (owner.row for owner in one.registered)

    def reports(self) -> Iterator[Report]:
        """Every report, those of one agent in its order."""
        for one in self.blocks():
            yield from self.reports_of(one)

    def scans(self) -> Iterator[Scan]:
        """Every scan, those of one sensor in its order."""
        for one in self.blocks():
            yield from self.scans_of(one)

    def truths(self) -> Iterator[Truth]:
        """What is true, district by district."""
        for one in self.blocks():
            yield self.truth_of(one)

    def reports_of(self, one: Block) -> Iterator[Report]:
        """The reports of one district."""
        return reports(one, history=self.history)

    def scans_of(self, one: Block) -> Iterator[Scan]:
        """The scans of one district."""
        return scans(one, self.seed, Calendar(self.now))

    def truth_of(self, one: Block) -> Truth:
        """What is true of one district."""
        return truth(one, self.reports_of(one), self.scans_of(one), self.seed)


def district(
    seed: int, machines: int = PER_DISTRICT, now: datetime | None = None, *, history: bool = True
) -> District:
    """An invented district; the same seed, size and moment give the same bytes.

    Raises:
        ValueError: fewer machines than one for each unit.
    """
    if machines < len(_least()):
        raise ValueError(f"a district has at least {len(_least())} machines")
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    return District(seed, machines, moment, history)


def _least() -> list[Unit]:
    return [one for one in units(PER_DISTRICT) if one.networks]
