"""One simulated PC: how it was over time, and what of it is known to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from inventory.coverage import State
from rasoat.simulated.hardware import Card, Hardware
from rasoat.simulated.places import Place
from rasoat.simulated.posture import Posture
from rasoat.simulated.systems import System


@dataclass(frozen=True, slots=True)
class Phase:
    """How a PC was from one moment to another; its agent reports at both, if it has one."""

    first: datetime
    last: datetime
    key: str  #: which agent's key is on it
    name: str
    hardware: Hardware
    cards: tuple[Card, ...]
    system: System
    posture: Posture


@dataclass(slots=True)
class Pc:
    """One physical thing. ``number``: its own, over the whole district.

    ``seen``: for each scan, whether it was on; ``shown``: what the network shows other than it is;
    ``apart``: nothing that is observed can join its row in the register to the rest, so a person
    must; ``comes_out``: the states of its devices where a case says so.
    """

    thing: str
    number: int
    place: Place
    phases: list[Phase]
    state: State = State.MANAGED
    agent: bool = True
    registered: bool = True
    row: dict[str, str] = field(default_factory=dict)
    seen: tuple[bool, bool] = (True, True)
    shown: dict[str, str] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    apart: bool = False
    comes_out: tuple[State, ...] = ()

    @property
    def outcomes(self) -> tuple[State, ...]:
        """The states of the devices that it comes out as: more than one where it is ``apart``."""
        if self.comes_out or not self.apart:
            return self.comes_out or (self.state,)
        rest = State.UNREGISTERED if self.agent else State.UNKNOWN_DEVICE
        return (State.MISSING, rest) if self.agent or any(self.seen) else (State.MISSING,)

    @property
    def now(self) -> Phase:
        """How it is."""
        return self.phases[-1]

    def at(self, moment: datetime) -> Phase:
        """How it was at a moment; a change happens when the next phase begins."""
        past = [one for one in self.phases if one.first <= moment]
        return past[-1] if past else self.phases[0]
