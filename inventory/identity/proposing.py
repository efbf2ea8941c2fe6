"""What evidence leaves to people: two devices that may be one, and what speaks for and against it.

Nothing is stored: it is what resolving everything that is known refuses for want of points, or for
two claims that are equal. What a person decided is no longer asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inventory import composing
from inventory.identity.resolution import Refusal
from inventory.identity.settling import resolution
from inventory.identity.weights import PROPOSE
from inventory.store import Store

_ASKED = ("below_threshold", "ambiguous")  #: other refusals are answers, not questions


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two devices that may be one machine; ``refusals``: what speaks for it, the strongest first.

    ``one`` and ``other`` are ids of devices, in order.
    """

    one: str
    other: str
    refusals: tuple[Refusal, ...]

    @property
    def points(self) -> int:
        """Of the strongest."""
        return self.refusals[0].points


def proposals(store: Store) -> list[Proposal]:
    """Every pair of devices that a person is asked about, the likeliest first."""
    db = store.reader()
    of: Mapping[str, str] = dict(db.execute("SELECT id, device FROM observations").fetchall())
    alive = {one.device for one in composing.composed(db, facts=False) if one.alive}
    found: dict[tuple[str, str], list[Refusal]] = {}
    for pair, refusal in _open(of, resolution(db, of).refusals):
        if alive.issuperset(pair):
            found.setdefault(pair, []).append(refusal)
    made = [
        Proposal(*pair, tuple(sorted(some, key=lambda one: (-one.points, one))))
        for pair, some in found.items()
    ]
    return sorted(made, key=lambda one: (-one.points, one.one, one.other))


def _open(
    of: Mapping[str, str], refusals: Sequence[Refusal]
) -> Iterator[tuple[tuple[str, str], Refusal]]:
    for refusal in refusals:
        one, other = sorted((of[refusal.one], of[refusal.other]))
        if one != other and refusal.why in _ASKED and refusal.points >= PROPOSE:
            yield (one, other), refusal
