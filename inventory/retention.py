"""What is kept how long: evidence for a year and a report's season, what it adds up to for ever.

A retention drops the bodies of old reports, the sections that nothing rests on, and old scans.
It never drops what a device's latest facts or latest sighting rest on, whatever its age. Every
number and digest stays, and the audit log says what went, so that `inventory.verify` can tell a
retention from a hand in the database. The log of changes, transitions, the register's history and
the audit log stay for ever: they are small, and the chains prove them whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from inventory import audit, intake
from inventory.store import Store
from inventory.times import stamp

#: The yearly report speaks of 15 December to 14 December and may be asked about for a season more.
KEPT_DAYS = 455
SHORTEST_DAYS = 90  #: less would take the evidence away before the quarter is reported
_OLD_BODIES = (
    "FROM reports WHERE body IS NOT NULL AND received_at < ? AND id NOT IN "
    "(SELECT report FROM views)"
)
_OLD_SCANS = "FROM scans WHERE received_at < ? AND number NOT IN (SELECT scan FROM hosts)"


@dataclass(frozen=True, slots=True)
class Old:
    """What a retention would drop, or has dropped, of one kind: how many, bytes, since when."""

    kind: str
    count: int
    size: int
    oldest: str | None


def due(store: Store, before: datetime) -> list[Old]:
    """What was received earlier than ``before`` and nothing rests on."""
    db = store.reader()
    return [
        _sum(db, "reports", "body", _OLD_BODIES, before),
        _sum(db, "scans", "body", _OLD_SCANS, before),
    ]


def prune(store: Store, before: datetime, *, by: str, now: datetime) -> list[Old]:
    """Drop it; each kind in one transaction with its entry in the audit log. Gives what went."""
    found = {one.kind: one for one in due(store, before)}
    gone = {
        "reports": intake.forget_bodies(store, before, by=by, now=now),
        "scans": _forget_scans(store, before, by=by, now=now),
    }
    return [Old(kind, count, found[kind].size, found[kind].oldest) for kind, count in gone.items()]


def begin(now: datetime, days: int = KEPT_DAYS) -> datetime:
    """The moment before which evidence may go.

    Raises:
        ValueError: fewer than SHORTEST_DAYS.
    """
    if days < SHORTEST_DAYS:
        raise ValueError(f"{days} days is too short; evidence is kept at least {SHORTEST_DAYS}")
    return now - timedelta(days=days)


def _sum(db: Database, kind: str, column: str, which: str, before: datetime) -> Old:
    query = f"SELECT count(*), coalesce(sum(length({column})), 0), min(received_at) {which}"
    count, size, oldest = db.execute(query, (stamp(before),)).fetchone()
    return Old(kind, count, size, oldest)


def _forget_scans(store: Store, before: datetime, *, by: str, now: datetime) -> int:
    """Remove old scans with their sightings; the audit log keeps their ids and digests."""
    with store.write() as db:
        rows = db.execute(f"SELECT number, id {_OLD_SCANS}", (stamp(before),)).fetchall()
        if not rows:
            return 0
        numbers = [(number,) for number, _ in rows]
        db.conn.executemany("DELETE FROM sightings WHERE scan = ?", numbers)
        db.conn.executemany("DELETE FROM scans WHERE number = ?", numbers)
        detail = {"before": stamp(before), "scans": [name for _, name in rows]}
        audit.append(db, by, "scans forgotten", detail, now)
        return len(rows)
