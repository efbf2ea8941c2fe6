"""One district of at most 568 machines, made whole: its PCs, its other things, its register."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rasoat.simulated.blunders import BLUNDERS
from rasoat.simulated.chance import chance
from rasoat.simulated.faults import CASES, Case
from rasoat.simulated.machines import Pc
from rasoat.simulated.making import Calendar, ordinary, plain
from rasoat.simulated.models import DESKTOPS
from rasoat.simulated.places import PER_DISTRICT, Place, places
from rasoat.simulated.rows import is_apart, row, stranger_row
from rasoat.simulated.strangers import Stranger, strangers

_PRINTER = "Máy in"


@dataclass(frozen=True, slots=True)
class Block:
    """The things of one district."""

    number: int
    places: list[Place]
    pcs: list[Pc]
    strangers: list[Stranger]

    @property
    def registered(self) -> Iterator[Pc | Stranger]:
        """What has a row in the register, unit by unit."""
        owners: list[Pc | Stranger] = [*self.pcs, *self.strangers]
        return (one for place in self.places for one in owners if one.row and one.place is place)


def block(seed: int, number: int, machines: int, calendar: Calendar) -> Block:
    """The district with this number."""
    draws = chance("district", seed, number)
    where = places(number, machines)
    pcs: list[Pc] = []
    others: list[Stranger] = []
    for index, place in enumerate(where):
        pcs += _pcs(draws, calendar, place, number * PER_DISTRICT + len(pcs) + 1)
        others += _strangers(draws, place, number * len(where) + index)
    _rows(draws, pcs)
    return Block(number, where, pcs, others)


def _pcs(draws: random.Random, calendar: Calendar, place: Place, number: int) -> list[Pc]:
    """The PCs of a place: its sensor's, those of its cases, and ordinary ones."""
    if not place.machines:
        return []
    made = [plain(draws, calendar, place, 0, number, DESKTOPS)]
    for index, case in enumerate(CASES):
        if case.place == place.short and len(made) + case.machines <= place.machines:
            made += _of_case(draws, calendar, place, (number, len(made), index, case))
    while len(made) < place.machines:
        made.append(ordinary(draws, calendar, place, len(made), number + len(made)))
    return made


def _of_case(
    draws: random.Random, calendar: Calendar, place: Place, what: tuple[int, int, int, Case]
) -> list[Pc]:
    number, first, index, case = what
    pcs = [
        plain(draws, calendar, place, at, number + at, case.models)
        for at in range(first, first + case.machines)
    ]
    for one in pcs:
        one.cases = [case.name, f"{case.name}:{number}:{index}"]
    case.make(draws, calendar, pcs)
    return pcs


def _strangers(draws: random.Random, place: Place, lan: int) -> list[Stranger]:
    found = strangers(draws, place, lan)
    for one in found:
        if one.kind == "printer" and one.number % 2:
            unit = place.unit.name_vi
            one.row = stranger_row(draws, one.number, _PRINTER, unit, one.macs[0])
    return found


def _rows(draws: random.Random, pcs: list[Pc]) -> None:
    for one in pcs:
        if one.registered:
            one.row = row(draws, one)
    for group, members in _groups(pcs).items():
        if group.partition(":")[0] in BLUNDERS:
            BLUNDERS[group.partition(":")[0]](draws, members)
    for one in pcs:
        one.apart = one.registered and is_apart(one)


def _groups(pcs: list[Pc]) -> Mapping[str, list[Pc]]:
    """The PCs that a case took together."""
    found: Mapping[str, list[Pc]] = defaultdict(list)
    for one in pcs:
        for name in one.cases[1:]:
            found[name].append(one)
    return found
