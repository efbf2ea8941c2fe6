"""Who else holds a value: what many machines have at one time identifies none of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from inventory.identity.evidence import Evidence, Kind, Observation
from inventory.identity.weights import LIVE_SHARERS, LIVE_SHARERS_OF_MAC

#: Kinds of which a value may turn out to be nobody's own.
_HARDWARE = (Kind.UUID, Kind.SERIAL, Kind.BOARD, Kind.DISK, Kind.MAC, Kind.TAG)


class Sharing:
    """An index of values over all observations that share any."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._holders: dict[tuple[Kind, str], dict[str, list[tuple[Evidence, Observation]]]] = (
            defaultdict(lambda: defaultdict(list))
        )
        for one in observations:
            for piece in one.evidence:
                self._holders[piece.kind, piece.value][one.id].append((piece, one))
        self._telling: dict[str, dict[Kind, list[Evidence]]] = {}
        self._junk = {
            value: count
            for value in self._holders
            if value[0] in _HARDWARE and (count := self._alive_together(value)) >= _most(value[0])
        }

    def junk(self, kind: Kind, value: str) -> bool:
        """Whether machines that were alive at one time share this value."""
        return (kind, value) in self._junk

    def telling(self, one: Observation) -> Mapping[Kind, list[Evidence]]:
        """Its evidence that identifies, by kind, in order; found once, for it is asked often."""
        found = self._telling.get(one.id)
        if found is None:
            kept = {
                kind: [piece for piece in one.of(kind) if (kind, piece.value) not in self._junk]
                for kind in one.kinds
            }
            found = self._telling[one.id] = {kind: some for kind, some in kept.items() if some}
        return found

    def holding(self, kind: Kind, value: str) -> Collection[str]:
        """The observations that hold a value, in no order."""
        return self._holders.get((kind, value), {}).keys()

    @property
    def shared(self) -> dict[tuple[Kind, str], int]:
        """(kind, value) → machines alive together, of all that identify nothing for that reason."""
        return dict(self._junk)

    def holders(self, kind: Kind, value: str) -> list[str]:
        """The observations that hold a value, in order."""
        return sorted(self._holders.get((kind, value), ()))

    def held_by_others(self, kind: Kind, value: str, members: set[str]) -> bool:
        """Whether an agent or an asset outside ``members`` holds it."""
        holders = self._holders.get((kind, value), {})
        return any(
            holder not in members and held[0][1].source != "host"
            for holder, held in holders.items()
        )

    def _alive_together(self, value: tuple[Kind, str]) -> int:
        """The most machines that held it at one moment: agents by their key, assets by row."""
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        assets = 0
        for held in self._holders[value].values():
            for piece, one in held:
                if one.source == "agent":
                    spans[_machine(one)].append((piece.first, piece.last))
            assets += held[0][1].source == "asset"
        return max(_most_at_once(spans), assets)


def _machine(observation: Observation) -> str:
    keys = observation.of(Kind.KEY)
    return keys[0].value if keys else observation.id


def _most(kind: Kind) -> int:
    return LIVE_SHARERS_OF_MAC if kind is Kind.MAC else LIVE_SHARERS


def _most_at_once(spans: dict[str, list[tuple[int, int]]]) -> int:
    """The most holders at one moment; the spans of one holder count once."""
    if len(spans) < 2:  # noqa: PLR2004 - one is never a crowd
        return len(spans)
    events: list[tuple[int, int]] = []
    for found in spans.values():
        first, last = min(one for one, _ in found), max(one for _, one in found)
        events += [(first, 0), (last, 1)]
    now = most = 0
    for _, ends in sorted(events):
        now += -1 if ends else 1
        most = max(most, now)
    return most
