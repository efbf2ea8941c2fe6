"""What resolving came to: the machines, what a person is asked, and every reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inventory.identity.evidence import Kind
from inventory.identity.scoring import Line


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two observations that were found to be one machine, and why."""

    one: str
    other: str
    points: int
    lines: tuple[Line, ...] = ()
    by: str = "evidence"  #: or decision: a person said so


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Two observations that something speaks for joining, and why they were not.

    ``why``: below_threshold, ambiguous, another_is_likelier, both_alive, cloned_key, two_assets,
    other_hardware, shared_card, decision.
    """

    one: str
    other: str
    points: int
    why: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """One physical thing: its observations in order, and the links that hold them together."""

    members: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Every observation is in exactly one machine."""

    machines: Sequence[Machine]
    refusals: Sequence[Refusal]
    shared: Mapping[tuple[Kind, str], int] = field(default_factory=dict)

    def machine_of(self, observation: str) -> Machine:
        """The machine that an observation belongs to."""
        return next(one for one in self.machines if observation in one.members)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided: pairs of observations that are, and that are not, one machine."""

    together: frozenset[frozenset[str]] = frozenset()
    apart: frozenset[frozenset[str]] = frozenset()
