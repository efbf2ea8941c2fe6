"""Observations in the store: a look that tells nothing new costs two small writes.

A value is *current* while it stands in the latest look; then its span ends where that look before
ended. Addresses that were left long ago are forgotten: a lease that is over identifies nobody.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlite_utils import Database

from inventory.identity.evidence import Kind
from inventory.identity.observing import Look, Piece
from inventory.identity.weights import LEASE
from inventory.times import stamp

FOREVER = 1 << 40  #: seconds: what a row of the register says holds until it is changed
_ID_LETTERS = 12


def note(db: Database, look: Look, own: str | None = None) -> None:
    """Take in one look, inside the transaction of what it came in.

    ``own``: the id of the device that this observation is by itself; made from its id otherwise.
    """
    last = FOREVER if look.lasting else look.at
    known = db.execute("SELECT last FROM observations WHERE id = ?", (look.id,)).fetchone()
    if known is None:
        _create(db, look, own or own_id(look.id), last)
        fresh, ended = set(look.pieces), set[Piece]()
    elif last < known[0]:
        if not look.momentary:
            _note_late(db, look)
        return
    else:
        fresh, ended = _difference(db, look)
        first = "?" if look.momentary else "min(first, ?)"
        db.execute(
            f"UPDATE observations SET first = {first}, last = ?, name = ? WHERE id = ?",  # noqa: S608
            (look.at, last, look.name, look.id),
        )
    if fresh or ended or look.source == "host":
        _write(db, look, fresh, ended, known[0] if known else last)
    unsettle(db, [look.id])  # who was alive together with whom decides too, so any look may matter


def own_id(observation: str) -> str:
    """The id of the device that an observation is as long as nothing joins it to another."""
    digest = hashlib.sha256(observation.encode()).digest()
    return f"d-{base64.b32encode(digest).decode('ascii').lower()[:_ID_LETTERS]}"


def forget(db: Database, observation: str) -> None:
    """An asset that is retired, a host that nobody remembers: it identifies nothing any more."""
    touching(db, observation)
    db.execute("DELETE FROM evidence WHERE observation = ?", (observation,))
    db.execute("DELETE FROM unsettled WHERE observation = ?", (observation,))
    db.execute("DELETE FROM observations WHERE id = ?", (observation,))


def rename(db: Database, old: str, new: str) -> None:
    """What was observed under one id has been recognised, and has another from now on."""
    columns = "source, ref, name, own, device, first, last"
    db.execute(
        f"INSERT INTO observations (id, {columns}) SELECT ?, {columns} "  # noqa: S608 - constants
        "FROM observations WHERE id = ?",
        (new, old),
    )
    for table, column in (
        ("evidence", "observation"),
        ("decisions", "one"),
        ("decisions", "other"),
    ):
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, old))  # noqa: S608
    db.execute("DELETE FROM unsettled WHERE observation = ?", (old,))
    db.execute("DELETE FROM observations WHERE id = ?", (old,))
    unsettle(db, [new])


def touching(db: Database, observation: str) -> None:
    """Mark for settling what may have been joined because of this observation."""
    db.execute(
        "INSERT OR IGNORE INTO unsettled SELECT id FROM observations WHERE device = "
        "(SELECT device FROM observations WHERE id = ?)",
        (observation,),
    )


def unsettle(db: Database, observations: Iterable[str]) -> None:
    """Mark observations whose machine must be found anew."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO unsettled VALUES (?)", [(one,) for one in observations]
    )


def _create(db: Database, look: Look, own: str, last: int) -> None:
    db.execute(
        "INSERT OR IGNORE INTO devices (id, name, platform, created_at) VALUES (?, ?, '', ?)",
        (own, look.name, stamp(datetime.fromtimestamp(look.at, UTC))),
    )
    db.execute(
        "INSERT INTO observations (id, source, ref, name, own, device, first, last) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (look.id, look.source, look.ref, look.name, own, own, look.at, last),
    )


def _difference(db: Database, look: Look) -> tuple[set[Piece], set[Piece]]:
    """What the look has that was not current, and what was current and is not in it."""
    rows = db.execute(
        "SELECT kind, value FROM evidence WHERE observation = ? AND last IS NULL", (look.id,)
    )
    current = {(Kind(kind), value) for kind, value in rows}
    return set(look.pieces) - current, current - look.pieces


def _write(db: Database, look: Look, fresh: set[Piece], ended: set[Piece], before: int) -> None:
    """``before``: when the latest look before this one was."""
    if look.source == "host":  # a scan saw it there, and knows nothing of the time between scans
        gone = "" if look.momentary else " AND kind = 'address'"
        db.execute(f"DELETE FROM evidence WHERE observation = ?{gone}", (look.id,))  # noqa: S608
        fresh = fresh | {piece for piece in look.pieces if look.momentary or _is_address(piece)}
        ended = {piece for piece in ended if not look.momentary and not _is_address(piece)}
    elif look.lasting:  # a row that was corrected never meant what it said before
        db.conn.executemany(
            "DELETE FROM evidence WHERE observation = ? AND kind = ? AND value = ?",
            [(look.id, kind, value) for kind, value in sorted(ended)],
        )
        ended = set()
    db.conn.executemany(
        "UPDATE evidence SET last = ? WHERE observation = ? AND kind = ? AND value = ?",
        [(before, look.id, kind, value) for kind, value in sorted(ended)],
    )
    db.conn.executemany(
        "INSERT INTO evidence VALUES (?, ?, ?, ?, NULL) ON CONFLICT DO UPDATE SET last = NULL, "
        "first = CASE kind WHEN 'address' THEN excluded.first ELSE first END",
        [(look.id, *piece, 0 if look.lasting else look.at) for piece in sorted(fresh)],
    )
    if ended:
        db.execute(
            "DELETE FROM evidence WHERE observation = ? AND kind = 'address' AND last < ?",
            (look.id, look.at - LEASE),
        )


def _is_address(piece: Piece) -> bool:
    return piece[0] is Kind.ADDRESS


def _note_late(db: Database, look: Look) -> None:
    """A look that came after a later one (a sensor was offline): it adds, and ends nothing."""
    db.execute("UPDATE observations SET first = min(first, ?) WHERE id = ?", (look.at, look.id))
    db.conn.executemany(
        "INSERT INTO evidence VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "first = min(first, excluded.first), last = max(last, excluded.last)",  # NULL stays NULL
        [
            (look.id, kind, value, look.at, look.at)
            for kind, value in sorted(look.pieces)
            if kind is not Kind.ADDRESS
        ],
    )
    unsettle(db, [look.id])
