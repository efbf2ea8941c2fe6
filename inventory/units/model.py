"""A unit as it was from one day to another, and the networks that it held.

Units are merged and renamed by law, and a report of a year must show that year's units: so a unit
that was renamed, or given another parent, has one `Unit` for each span of days, under one code.
Days are ISO (``2025-07-01``) and compare as text; the last day of a span belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import IPv4Network, IPv6Network

FIRST, LAST = date.min.isoformat(), date.max.isoformat()  #: no day given: since ever, for ever

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Holding:
    """A network of a unit; a day that is None is the unit's own first or last."""

    network: Network
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def order(self) -> tuple[int, int, int, str]:
        """What a unit's networks are sorted by."""
        one = self.network
        return one.version, int(one.network_address), one.prefixlen, self.valid_from or ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit during one span of days; ``successors`` took its place on the day after the last."""

    code: str
    kind: str
    name_vi: str
    name_en: str = ""
    parent: str | None = None
    valid_from: str = FIRST
    valid_to: str | None = None
    networks: tuple[Holding, ...] = ()
    successors: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other unit and span."""
        return self.code, self.valid_from

    @property
    def until(self) -> str:
        """The last day, `LAST` where none is known."""
        return self.valid_to or LAST

    def on(self, day: str) -> bool:
        """Whether it was there on a day."""
        return self.valid_from <= day <= self.until

    def span(self, holding: Holding) -> tuple[str, str]:
        """From which day to which it held a network."""
        return holding.valid_from or self.valid_from, holding.valid_to or self.until

    def name(self, lang: str) -> str:
        """Its name in Vietnamese or English, or in the one that there is."""
        names = (self.name_en, self.name_vi) if lang == "en" else (self.name_vi, self.name_en)
        return names[0] or names[1]


def day_after(day: str) -> str:
    """The next day; `LAST` has none and stays."""
    return day if day == LAST else (date.fromisoformat(day) + timedelta(days=1)).isoformat()
