"""The ground truth: which thing each observation is of, and how it must come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inventory.coverage import State
from inventory.identity.observers import host_observation
from inventory.sightings import SERVER
from rasoat.simulated.arriving import Report, agent_of
from rasoat.simulated.block import Block
from rasoat.simulated.scans import Scan


@dataclass(frozen=True, slots=True)
class Thing:
    """One physical thing. ``kind``: pc, or what the scanner should make of it.

    ``state``: what it is in truth; ``outcomes``: the states of the devices that evidence can make
    of it, more than one where it is ``apart``.
    """

    id: str
    kind: str
    state: State
    outcomes: tuple[State, ...]
    cases: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    apart: bool = False


@dataclass(slots=True)
class Truth:
    """``of``: observation → thing. A row of the register stands as ``asset:TAG``."""

    things: dict[str, Thing] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)

    @property
    def outcomes(self) -> Counter[State]:
        """How many devices must come out in each state."""
        return Counter(state for one in self.things.values() for state in one.outcomes)

    def of_case(self, name: str) -> list[Thing]:
        """The things of one case."""
        return [one for one in self.things.values() if name in one.cases]


def truth(block: Block, reports: Iterable[Report], scans: Iterable[Scan], seed: int) -> Truth:
    """What is true of one district and of what was observed of it."""
    found = Truth()
    for one in reports:
        found.of[one.observation(seed)] = one.thing
    for scan in scans:
        for thing, sighting in zip(scan.things, scan.document["sightings"], strict=True):
            found.of[host_of(scan, sighting, seed)] = thing
    for owner in block.registered:
        found.of[f"asset:{owner.row['tag']}"] = owner.thing
    seen = set(found.of.values())
    found.things = {one.id: one for one in _things(block) if one.id in seen}
    return found


def host_of(scan: Scan, sighting: dict[str, str], seed: int) -> str:
    """The id of the observation that the inventory makes of a sighting."""
    sensor = agent_of(seed, scan.sensor) if scan.sensor else SERVER
    return host_observation(sensor, sighting)


def _things(block: Block) -> Iterator[Thing]:
    for one in block.pcs:
        about = (tuple(one.cases[:1]), tuple(one.contradictions), one.apart)
        yield Thing(one.thing, "pc", one.state, one.outcomes, *about)
        for card in {card for phase in one.phases for card in phase.cards if card.of}:
            state = State.UNKNOWN_DEVICE
            yield Thing(card.of, "unknown", state, (state,), tuple(one.cases[:1]))
    for other in block.strangers:
        yield Thing(other.thing, other.kind, other.state, other.outcomes, apart=other.apart)
