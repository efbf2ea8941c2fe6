"""An ordinary PC of the invented district: its parts, its network, and whether it reports."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inventory.coverage import State
from rasoat.simulated.chance import one_of
from rasoat.simulated.hardware import Card, hardware, mac
from rasoat.simulated.machines import Pc, Phase
from rasoat.simulated.models import MODELS, Model
from rasoat.simulated.places import Place
from rasoat.simulated.posture import posture
from rasoat.simulated.systems import system

_STATES = {
    State.MANAGED: 0.81,
    State.SILENT: 0.05,
    State.NO_AGENT: 0.07,
    State.MISSING: 0.035,
    State.UNREGISTERED: 0.035,
}
FIRST_HOST, _SECOND_CARDS = 20, 120  #: numbers of the PCs' addresses in each LAN
_CARDS_EACH = 4  #: numbers of MACs kept for one PC


@dataclass(frozen=True, slots=True)
class Calendar:
    """When things happen, relative to the moment at which the district is looked at."""

    now: datetime

    def ago(self, days: float, minutes: float = 0) -> datetime:
        """So long before now."""
        return self.now - timedelta(days=days, minutes=minutes)

    @property
    def scans(self) -> tuple[datetime, datetime]:
        """When every LAN was scanned."""
        return self.ago(10), self.ago(1)

    @property
    def change(self) -> datetime:
        """Between the two scans: when parts are replaced and machines renamed."""
        return self.ago(5)


def ordinary(draws: random.Random, calendar: Calendar, place: Place, index: int, number: int) -> Pc:
    """The PC with this index in its place, and this number over all."""
    made = plain(draws, calendar, place, index, number)
    with_state(draws, calendar, made, one_of(draws, _STATES))
    return made


def plain(
    draws: random.Random,
    calendar: Calendar,
    place: Place,
    index: int,
    number: int,
    models: Mapping[Model, float] = MODELS,
) -> Pc:
    """A PC that reports, is in the register, and was on at both scans."""
    parts = hardware(draws, number, one_of(draws, models))
    runs = system(draws, parts)
    phase = Phase(
        first=calendar.ago(draws.randint(40, 70), draws.randint(0, 600)),
        last=calendar.ago(0, draws.randint(30, 700)),
        key=str(number),
        name=f"{place.unit.code.replace('-', '')}-{index + 1:02}",
        hardware=parts,
        cards=_cards(draws, index, number, portable=parts.model.portable),
        system=runs,
        posture=posture(draws, runs, portable=parts.model.portable),
    )
    return Pc(f"pc-{number:06}", number, place, [phase])


def _cards(draws: random.Random, index: int, number: int, *, portable: bool) -> tuple[Card, ...]:
    host = FIRST_HOST + index
    wired = Card("Ethernet", "ethernet", mac(_CARDS_EACH * number), host)
    wireless = Card("Wi-Fi", "wifi", mac(_CARDS_EACH * number + 1), host, speed=866)
    if portable:
        return replace(wired, host=None), wireless
    return (wired, replace(wireless, host=None)) if draws.random() < 0.08 else (wired,)


def spare(one: Pc, name: str, kind: str) -> Card:
    """Another card for a PC, with an address of its own."""
    index = (one.now.cards[0].host or one.now.cards[-1].host or 0) - FIRST_HOST
    return Card(name, kind, mac(_CARDS_EACH * one.number + 2), _SECOND_CARDS + index)


def with_state(draws: random.Random, calendar: Calendar, one: Pc, state: State) -> None:
    """Make a PC come out in this state."""
    one.state = state
    one.agent = state not in (State.NO_AGENT, State.MISSING)
    one.registered = state != State.UNREGISTERED
    if state == State.MISSING:
        one.seen = (False, False)
    elif state == State.SILENT:
        last = calendar.ago(draws.randint(9, 60), draws.randint(0, 600))
        one.phases = [replace(one.now, first=last - timedelta(days=40), last=last)]
        one.seen = (False, False) if one.place.routed or draws.random() < 0.6 else (True, True)
    elif state == State.NO_AGENT or one.place.routed:
        one.seen = (True, True)
    else:
        one.seen = (draws.random() < 0.9, draws.random() < 0.92)
