"""How much speaks for two groups of observations being one machine, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.identity.evidence import Evidence, Kind, Observation
from inventory.identity.sharing import Sharing
from inventory.identity.weights import IN_TIME, LATE_ADDRESS, LEASE, WEIGHTS


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One reason for or against: a kind, the values, the points."""

    kind: str
    points: int
    what: str  #: same, in_time, late, differs, taken
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The sum, with its lines."""

    points: int
    lines: tuple[Line, ...]


def score(some: Sequence[Observation], others: Sequence[Observation], sharing: Sharing) -> Score:
    """What speaks for ``some`` and ``others``, each one machine by itself, being the same."""
    lines: list[Line] = []
    here, there = _telling(some, sharing), _telling(others, sharing)
    members = {one.id for one in (*some, *others)}
    for kind in WEIGHTS:
        if kind in here and kind in there:
            lines += _line(kind, here[kind], there[kind], sharing, members)
    lines = _restrained(lines)
    return Score(sum(line.points for line in lines), tuple(sorted(lines)))


def _telling(
    observations: Sequence[Observation], sharing: Sharing
) -> Mapping[Kind, Sequence[Evidence]]:
    """The evidence of one machine that identifies, by kind."""
    if len(observations) == 1:
        return sharing.telling(observations[0])
    found: dict[Kind, list[Evidence]] = {}
    for one in observations:
        for kind, some in sharing.telling(one).items():
            found.setdefault(kind, []).extend(some)
    return found


def _line(
    kind: Kind,
    here: Sequence[Evidence],
    there: Sequence[Evidence],
    sharing: Sharing,
    members: set[str],
) -> list[Line]:
    weight = WEIGHTS[kind]
    if len(here) == len(there) == 1:  # of most kinds there is one value: no pairs to make
        one, other = here[0], there[0]
        common = [(one, other)] if one.value == other.value else []
    else:
        common = [(one, other) for one in here for other in there if one.value == other.value]
    if kind is Kind.ADDRESS:
        return _address(common)
    if common:
        in_time = kind is Kind.MAC and any(one.overlaps(other) for one, other in common)
        points = weight.same + (IN_TIME if in_time else 0)
        values = tuple(sorted({one.value for one, _ in common}))
        return [Line(kind, points, "in_time" if in_time else "same", values)]
    values = tuple(sorted({one.value for one in (*here, *there)}))
    taken = any(sharing.held_by_others(kind, value, members) for value in values)
    points = weight.taken if taken else weight.differs
    return [Line(kind, -points, "taken" if taken else "differs", values)] if points else []


def _address(common: Sequence[tuple[Evidence, Evidence]]) -> list[Line]:
    for what, slack, points in (
        ("in_time", 0, WEIGHTS[Kind.ADDRESS].same + IN_TIME),
        ("late", LEASE, LATE_ADDRESS),
    ):
        values = tuple(sorted({one.value for one, other in common if one.overlaps(other, slack)}))
        if values:
            return [Line(Kind.ADDRESS, points, what, values)]
    return []


def _restrained(lines: Sequence[Line]) -> list[Line]:
    """An address means nothing between two different cards, and a unit nothing without a name."""
    of = {line.kind: line for line in lines}
    name, mac = of.get(Kind.NAME), of.get(Kind.MAC)
    kept = list(lines)
    if mac is not None and mac.points < 0:
        kept = [line for line in kept if line.kind != Kind.ADDRESS]
    if name is None or name.points < 0:
        kept = [line for line in kept if line.kind != Kind.UNIT]
    return kept
