"""Finding anew which device an observation belongs to, for the part that a change can reach.

Observations that share no value do not influence each other, so a change is settled among those
that can be reached from it through shared values. A value that very many hold leads nowhere
(`resolving.MOST_HOLDERS`); of its other holders only so much is read as tells that it is shared.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from inventory.identity.evidence import Evidence, Kind, Observation
from inventory.identity.resolution import Decisions, Resolution
from inventory.identity.resolving import MOST_HOLDERS, resolve
from inventory.store import Store
from inventory.times import stamp

_AT_ONCE = 500  #: values or ids in one query
#: Every value with the time it held; what stands in the latest look holds to its end.
_SPANS = (
    "SELECT e.observation, e.first, coalesce(e.last, o.last), e.kind, e.value "
    "FROM evidence e JOIN observations o ON o.id = e.observation"
)
_KINDS = {str(kind): kind for kind in Kind}
_RANK = {"agent": 0, "asset": 1, "host": 2}


def settle(store: Store, now: datetime) -> int:
    """Settle what waits for it; gives how many observations changed their device."""
    if not waiting(store):
        return 0
    with store.write() as db:
        with _no_search_for_cycles():
            fresh = [row[0] for row in db.execute("SELECT observation FROM unsettled")]
            moved = _settle(db, reach(db, fresh), now)
        db.execute("DELETE FROM unsettled")
    return moved


def waiting(store: Store) -> bool:
    """Whether news came of observations whose device was not found anew since."""
    row = store.reader().execute("SELECT EXISTS (SELECT 1 FROM unsettled)").fetchone()
    return bool(row[0])


def resolution(db: Database, observations: Iterable[str]) -> Resolution:
    """How the part that can be reached from these observations resolves, with every reason."""
    with _no_search_for_cycles():
        return _resolved(db, reach(db, observations))


def _settle(db: Database, part: set[str], now: datetime) -> int:
    found = _resolved(db, part)
    columns = "SELECT id, source, first, own, device FROM observations WHERE id"
    rows = _rows(db, columns, part)
    of = {row[0]: row[1:] for row in rows}
    moves = []
    for machine in found.machines:
        eldest = min(machine.members, key=lambda one: (_RANK[of[one][0]], of[one][1], one))
        device = of[eldest][2]
        moves += [(device, one, of[one][3]) for one in machine.members if of[one][3] != device]
    db.conn.executemany("UPDATE observations SET device = ? WHERE id = ?", [m[:2] for m in moves])
    db.conn.executemany(
        "INSERT INTO moves (observation, old, new, at) VALUES (?, ?, ?, ?)",
        [(one, old, new, stamp(now)) for new, one, old in moves],
    )
    return len(moves)


def _resolved(db: Database, part: set[str]) -> Resolution:
    members, beyond = observations_of(db, part)
    return resolve(members, decisions(db), beyond)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Without the garbage collector, which else goes over all evidence again and again.

    It took two fifths of the time of resolving 16,758 observations; hardly any cycle is made here,
    and what is let go is freed at once.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def reach(db: Database, observations: Iterable[str]) -> set[str]:
    """All observations that can be reached through shared values or decisions of people."""
    reached: set[str] = set()
    edge = set(observations)
    seen: set[tuple[str, str]] = set()
    pairs: Mapping[str, set[str]] = defaultdict(set)
    for pair in decisions(db).together:
        for one in pair:
            pairs[one] |= pair
    while edge:
        reached |= edge
        values = set(_rows(db, "SELECT kind, value FROM evidence WHERE observation", edge)) - seen
        seen |= values
        holders = {holder for _, held in _holders(db, values) for holder in held}
        edge = (holders | {other for one in edge for other in pairs[one]}) - reached
    return reached


def _holders(
    db: Database, values: Iterable[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Each value that leads somewhere, with its holders."""
    for kind, value in values:
        if kind == Kind.UNIT:
            continue
        rows = db.execute(
            "SELECT observation FROM evidence WHERE kind = ? AND value = ? LIMIT ?",
            (kind, value, MOST_HOLDERS + 1),
        ).fetchall()
        if len(rows) <= MOST_HOLDERS:
            yield (kind, value), [row[0] for row in rows]


def observations_of(db: Database, part: set[str]) -> tuple[list[Observation], list[Observation]]:
    """The observations of a part; and of those beyond it, what they share with the part."""
    pieces = _pieces(db, part)
    held = {(piece.kind, piece.value) for found in pieces.values() for piece in found}
    beyond: Mapping[str, list[Evidence]] = defaultdict(list)
    for kind, value in held:
        if kind is Kind.UNIT:
            continue
        rows = db.execute(f"{_SPANS} WHERE e.kind = ? AND e.value = ?", (kind, value))
        for other, first, last, *_ in rows.fetchall():
            if other not in part:
                beyond[other].append(Evidence(kind, value, first, last))
    return _made(db, part, pieces), _made(db, beyond, beyond)


def _pieces(db: Database, part: Iterable[str]) -> Mapping[str, list[Evidence]]:
    found: Mapping[str, list[Evidence]] = defaultdict(list)
    for one, first, last, kind, value in _rows(db, f"{_SPANS} WHERE e.observation", part):
        found[one].append(Evidence(_KINDS[kind], value, first, last))
    return found


def _made(
    db: Database, ids: Iterable[str], pieces: Mapping[str, Sequence[Evidence]]
) -> list[Observation]:
    made = []
    columns = "SELECT id, source, first, last FROM observations WHERE id"
    for one, source, first, last in _rows(db, columns, ids):
        made.append(Observation(one, source, first, last, frozenset(pieces.get(one, ()))))
    return made


def decisions(db: Database) -> Decisions:
    """What people decided and did not take back."""
    found: dict[str, set[frozenset[str]]] = {"together": set(), "apart": set()}
    for one, other, verdict in db.execute(
        "SELECT one, other, verdict FROM decisions WHERE undone_at IS NULL"
    ):
        found[verdict].add(frozenset((one, other)))
    return Decisions(frozenset(found["together"]), frozenset(found["apart"]))


def _rows(db: Database, query: str, wanted: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query whose last column named is among the wanted, some hundreds at a time."""
    everything = sorted(wanted)
    for start in range(0, len(everything), _AT_ONCE):
        some = everything[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        yield from db.execute(f"{query} IN ({marks})", some).fetchall()
