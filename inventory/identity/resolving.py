"""From observations to machines: the same whatever order they came in.

In three steps, surest first. Agents are joined to agents (a re-imaged PC, a replaced mainboard),
then assets to them, then hosts of the network; what joins later never links two that stood apart.
Within a step the strongest pair goes first; two equal claims refuse each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from inventory.identity.evidence import Kind, Observation
from inventory.identity.resolution import Decisions, Link, Machine, Refusal, Resolution
from inventory.identity.scoring import Score, score
from inventory.identity.sharing import Sharing
from inventory.identity.weights import MERGE, PROPOSE

MOST_HOLDERS = 40  #: of one value, beyond which it suggests nobody: a name such as PC
_BOARD = (Kind.UUID, Kind.SERIAL, Kind.BOARD)
_STEPS = ("agent", "asset", "host")


def resolve(
    observations: Iterable[Observation],
    decisions: Decisions | None = None,
    beyond: Iterable[Observation] = (),
) -> Resolution:
    """The machines that all of ``observations`` add up to.

    Observations that share no value do not influence each other: a part that is closed under
    sharing gives the same machines alone as among all. ``beyond``: who else holds values of the
    part that too many hold for any of them to be joined by; they only tell that it is shared.
    """
    ordered = sorted(observations, key=lambda one: one.id)
    return _Resolver(ordered, decisions or Decisions(), [*ordered, *beyond]).run()


class _Resolver:
    def __init__(
        self,
        observations: Sequence[Observation],
        decisions: Decisions,
        holders: Sequence[Observation],
    ) -> None:
        self._all = {one.id: one for one in observations}
        self._decisions = decisions
        self._sharing = Sharing(holders)
        self._group = {one.id: frozenset([one.id]) for one in observations}
        self._links: list[Link] = []
        self._refusals: list[Refusal] = []
        self._places: Mapping[str, list[int]] = {}  #: observation → where its claims stand

    def run(self) -> Resolution:
        self._decided()
        for step, source in enumerate(_STEPS):
            self._step({*_STEPS[: step + 1]}, source)
        links: dict[frozenset[str], list[Link]] = {group: [] for group in self._group.values()}
        for link in sorted(self._links):
            links[self._group[link.one]].append(link)
        machines = [Machine(tuple(sorted(group)), tuple(held)) for group, held in links.items()]
        refusals = tuple(sorted(set(self._refusals)))
        return Resolution(
            sorted(machines, key=lambda one: one.members), refusals, self._sharing.shared
        )

    def _decided(self) -> None:
        for pair in sorted(map(sorted, self._decisions.together)):
            if all(one in self._all for one in pair) and len(pair) == 2:  # noqa: PLR2004
                self._join(Link(pair[0], pair[1], MERGE, by="decision"))

    def _step(self, sources: set[str], newest: str) -> None:
        """Join observations of ``newest`` source to groups of these sources."""
        claims = sorted(
            self._claims(sources, newest), key=lambda claim: (-claim[0].points, claim[1:])
        )
        self._places = defaultdict(list)
        for place, (_, *ends) in enumerate(claims):
            for end in ends:
                self._places[end].append(place)
        for place, (found, one, other) in enumerate(claims):
            if other in self._group[one]:
                continue
            why = self._why_not(claims, place, newest)
            if why:
                self._refusals.append(Refusal(one, other, found.points, why, found.lines))
            else:
                self._join(Link(one, other, found.points, found.lines))

    def _why_not(self, claims: Sequence[tuple[Score, str, str]], place: int, newest: str) -> str:
        """Why the claim at ``place`` is refused; "" if it is not."""
        found, one, other = claims[place]
        if why := self._against(one, other):
            return why
        if found.points < MERGE:
            return "below_threshold"
        if any(self._passed_round(self._all[x]) for x in (one, other)):
            return "shared_card"
        if newest != "agent" and any(self._all[x].source != newest for x in self._group[one]):
            return "another_is_likelier"
        return "ambiguous" if self._rivalled(claims, place) else ""

    def _passed_round(self, one: Observation) -> bool:
        """Whether a host is known by a card that goes from machine to machine: it is several."""
        return one.source == "host" and any(
            self._sharing.junk(Kind.MAC, piece.value) for piece in one.of(Kind.MAC)
        )

    def _claims(self, sources: set[str], newest: str) -> Iterator[tuple[Score, str, str]]:
        """(score, one, other) for each observation and group that share a value and may be one."""
        for one in self._all.values():
            if one.source != newest:
                continue
            for other in self._candidates(one, sources):
                found = self._scored(one, other, newest)
                if found.points >= PROPOSE or (found.points > 0 and self._keyed(one, other)):
                    yield found, one.id, other.id

    def _candidates(self, one: Observation, sources: set[str]) -> Iterator[Observation]:
        """The others that share a value with it: each agent, or one of each group."""
        ids = {
            holder
            for piece in one.evidence
            if piece.kind is not Kind.UNIT and not self._sharing.junk(piece.kind, piece.value)
            if len(holders := self._sharing.holding(piece.kind, piece.value)) <= MOST_HOLDERS
            for holder in holders
        }
        seen: set[frozenset[str]] = {self._group[one.id]}
        for other in sorted(ids):
            found = self._all[other]
            if found.source not in sources or (found.source == one.source and other < one.id):
                continue
            if one.source == "agent" or self._group[other] not in seen:
                seen.add(self._group[other])
                yield found

    def _scored(self, one: Observation, other: Observation, newest: str) -> Score:
        """Agents one to one; what comes later against the whole group."""
        if newest == "agent":
            return score([one], [other], self._sharing)
        group = [self._all[member] for member in sorted(self._group[other.id])]
        return score([one], group, self._sharing)

    def _keyed(self, one: Observation, other: Observation) -> bool:
        return set(one.of_kinds(Kind.KEY)) == set(other.of_kinds(Kind.KEY))

    def _against(self, one: str, other: str) -> str:
        """Why the groups of both may not be one machine, whatever speaks for it; "" if nothing."""
        pairs = [(self._all[x], self._all[y]) for x in self._group[one] for y in self._group[other]]
        reasons = {_veto(x, y) for x, y in pairs} - {""}
        if any(frozenset((x.id, y.id)) in self._decisions.apart for x, y in pairs):
            reasons.add("decision")
        return min(reasons, default="")

    def _rivalled(self, claims: Sequence[tuple[Score, str, str]], place: int) -> bool:
        """Whether an equal claim would put one of the two into another machine instead."""
        found, one, other = claims[place]
        mine = {self._group[one], self._group[other]}
        near = {at for group in mine for member in group for at in self._places[member]}
        for at in sorted(near - {place}):
            rival, third, fourth = claims[at]
            theirs = {self._group[third], self._group[fourth]}
            if rival.points != found.points or len(theirs) == 1 or theirs == mine:
                continue
            (left,), (right,) = theirs - mine, mine - theirs
            if self._against(min(left), min(right)):
                return True
        return False

    def _join(self, link: Link) -> None:
        merged = self._group[link.one] | self._group[link.other]
        for member in merged:
            self._group[member] = merged
        self._links.append(link)


def _veto(one: Observation, other: Observation) -> str:
    """What no evidence outweighs: two that are alive at once, two rows of the register."""
    if one.source == other.source == "asset":
        return "two_assets"
    if one.source == other.source == "agent":
        same = set(one.of_kinds(Kind.KEY)) & set(other.of_kinds(Kind.KEY))
        if one.first < other.last and other.first < one.last:
            return "cloned_key" if same else "both_alive"
        return "other_hardware" if same and _no_part_common(one, other) else ""
    return ""


def _no_part_common(one: Observation, other: Observation) -> bool:
    """Whether both read their boards and disks, and nothing of either is in the other.

    A key that was kept through a new mainboard stays with its disk; a restored copy does not.
    """
    parts = [set(each.of_kinds(*_BOARD, Kind.DISK, Kind.MAC)) for each in (one, other)]
    read = [{kind for kind, _ in each} for each in parts]
    return parts[0].isdisjoint(parts[1]) and all(
        Kind.DISK in kinds and kinds & {*_BOARD} for kinds in read
    )


def connected(observations: Iterable[Observation]) -> list[list[Observation]]:
    """The observations in parts that share no value with each other; each resolves by itself."""
    found = {one.id: one for one in observations}
    sharing = Sharing(found.values())
    parent = {one: one for one in found}

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for one in found.values():
        for piece in one.evidence:
            if piece.kind is not Kind.UNIT:
                for other in sharing.holders(piece.kind, piece.value)[:1]:
                    first, second = sorted((root(one.id), root(other)))
                    parent[second] = first
    parts: dict[str, list[Observation]] = {}
    for name in sorted(found):
        parts.setdefault(root(name), []).append(found[name])
    return list(parts.values())


__all__ = ["Decisions", "connected", "resolve"]
