"""What the inventory observes of a simulated district, without a store: as `keeping` keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from inventory.identity.evidence import Evidence, Kind, Observation
from inventory.identity.keeping import FOREVER
from inventory.identity.observing import Piece, report_pieces, row_pieces, sighting_pieces
from inventory.identity.resolution import Resolution
from inventory.identity.weights import LEASE
from rasoat.simulated.arriving import Report, agent_of
from rasoat.simulated.block import Block
from rasoat.simulated.district import District
from rasoat.simulated.scans import Scan
from rasoat.simulated.truth import host_of

Look = tuple[int, frozenset[Piece]]


def observations(district: District, block: Block) -> list[Observation]:
    """Everything that is observed of one district."""
    looks: Mapping[str, list[Look]] = defaultdict(list)
    for report in district.reports_of(block):
        looks[report.observation(district.seed)].append(_of_report(district, report))
    for scan in district.scans_of(block):
        for name, look in _of_scan(district, scan):
            looks[name].append(look)
    made = [
        _observation(name, sorted(found, key=lambda one: one[0])) for name, found in looks.items()
    ]
    return made + [_asset(owner.row, owner.place.unit.code) for owner in block.registered]


def _of_report(district: District, one: Report) -> Look:
    agent = agent_of(district.seed, one.key)
    return int(one.at.timestamp()), report_pieces(one.document, agent, one.unit)


def _of_scan(district: District, scan: Scan) -> Iterator[tuple[str, Look]]:
    for sighting in scan.document["sightings"]:
        at = int(scan.at.timestamp()) + 40
        yield host_of(scan, sighting, district.seed), (at, sighting_pieces(sighting))


def _asset(row: Mapping[str, Any], unit: str) -> Observation:
    given = dict(row) | {"macs": [row["macs"]]}
    pieces = {Evidence(*piece, 0, FOREVER) for piece in row_pieces(given, unit)}
    return Observation(f"asset:{row['tag']}", "asset", 0, FOREVER, frozenset(pieces))


def _observation(name: str, looks: Sequence[Look]) -> Observation:
    source = name.partition(":")[0]
    if source == "host" and not any(kind is Kind.MAC for kind, _ in looks[-1][1]) and "." in name:
        looks = looks[-1:]  # by its address alone: who has it now is not who had it then
    first, last = looks[0][0], looks[-1][0]
    spans = _spans(looks)
    if source == "host":  # of the time between two scans nothing is known
        spans = {piece: span for piece, span in spans.items() if piece[0] is not Kind.ADDRESS}
        spans |= {piece: (last, last) for piece in looks[-1][1] if piece[0] is Kind.ADDRESS}
    pieces = {
        Evidence(*piece, begin, end)
        for piece, (begin, end) in spans.items()
        if piece[0] is not Kind.ADDRESS or not _forgotten(looks, end)
    }
    return Observation(name, source, first, last, frozenset(pieces))


def _forgotten(looks: Sequence[Look], end: int) -> bool:
    """Whether a look that ended something came when the lease of this address was long over."""
    return any(end < at - LEASE and before[1] - pieces for before, (at, pieces) in pairwise(looks))


def _spans(looks: Sequence[Look]) -> dict[Piece, tuple[int, int]]:
    """When each value held: until the look before the first that no longer has it."""
    spans: dict[Piece, tuple[int, int]] = {}
    for place, (at, pieces) in enumerate(looks):
        until = looks[place + 1][0] if place + 1 < len(looks) else at
        for piece in pieces:
            holds = until if place + 1 < len(looks) and piece in looks[place + 1][1] else at
            known = spans.get(piece)
            fresh = place == 0 or piece not in looks[place - 1][1]
            begin = at if known is None or (piece[0] is Kind.ADDRESS and fresh) else known[0]
            spans[piece] = (begin, holds)
    return spans


def pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    """Every two observations that are in one group."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def by_thing(of: Mapping[str, str]) -> list[list[str]]:
    """The observations of each thing."""
    found: Mapping[str, list[str]] = defaultdict(list)
    for observation, thing in of.items():
        found[thing].append(observation)
    return list(found.values())


def machines(resolution: Resolution) -> list[tuple[str, ...]]:
    """The groups that resolving came to."""
    return [one.members for one in resolution.machines]
