"""What is kept how long: evidence for a year and a report's season, what it adds up to for ever.

A retention drops the bodies of old reports, the sections that nothing rests on, and old scans.
It never drops what a device's latest facts, a finding, a latest sighting or the latest scan of a
network rest on, whatever its age. Numbers and digests stay, so that nothing comes in a second time,
and the audit log says what went, so that `inventory.verify` can tell a retention from a hand in the
database. The log of changes, transitions, the register's history and the audit log stay for ever:
they are small, and the chains prove them whole.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from inventory import audit, intake, sections
from inventory.store import Store
from inventory.times import stamp

#: The yearly report speaks of 15 December to 14 December and may be asked about for a season more.
KEPT_DAYS = 455
SHORTEST_DAYS = 90  #: less would take the evidence away before the quarter is reported
#: What has a retention of its own; the sections that reports share go with them.
KINDS = ("reports", "scans")
#: Which scans may go: nothing stands in them, and they are not the last word on their networks.
_OLD_SCANS = (
    "received_at < ? AND number NOT IN (SELECT scan FROM hosts) AND number NOT IN "
    "(SELECT max(number) FROM scans GROUP BY sensor, targets) AND number NOT IN "
    "(SELECT max(number) FROM scans WHERE complete GROUP BY sensor, targets)"
)
_SUM = "SELECT count(*), coalesce(sum(length(body)), 0), min(received_at) FROM"


@dataclass(frozen=True, slots=True)
class Old:
    """What a retention would drop, or has dropped, of one kind: how many, bytes, since when."""

    kind: str
    count: int
    size: int
    oldest: str | None


def due(store: Store, before: datetime, kinds: Collection[str] = KINDS) -> list[Old]:
    """What was received earlier than ``before`` and nothing rests on, of these kinds."""
    wanted = {*kinds} | ({"sections"} if "reports" in kinds else set())
    return [one for one in _due(store.reader(), before) if one.kind in wanted]


def _due(db: Database, before: datetime) -> list[Old]:
    day = stamp(before)
    bodies = db.execute(f"{_SUM} reports WHERE {intake.OLD_BODIES}", (day, intake.rested_on(db)))
    scans = db.execute(f"{_SUM} scans WHERE {_OLD_SCANS}", (day,))
    unnamed = sections.forgettable(db, before, intake.needed(db))
    sizes = [
        db.execute(
            "SELECT length(content), given_at FROM sections "
            "WHERE agent = ? AND name = ? AND hash = ?",
            one,
        ).fetchone()
        for one in unnamed
    ]
    oldest = min((given for _, given in sizes), default=None)
    return [
        Old("reports", *bodies.fetchone()),
        Old("sections", len(sizes), sum(size for size, _ in sizes), oldest),
        Old("scans", *scans.fetchone()),
    ]


def prune(
    store: Store,
    before: datetime,
    *,
    by: str,
    now: datetime,
    kinds: Collection[str] = KINDS,
) -> list[Old]:
    """Drop it; each kind in a transaction with its entry in the audit log. Gives what went."""
    found = due(store, before, kinds)
    if "reports" in kinds:
        intake.forget_bodies(store, before, by=by, now=now)
    if "scans" in kinds:
        _forget_scans(store, before, by=by, now=now)
    return found


def begin(now: datetime, days: int = KEPT_DAYS) -> datetime:
    """The moment before which evidence may go.

    Raises:
        ValueError: fewer than SHORTEST_DAYS.
    """
    if days < SHORTEST_DAYS:
        raise ValueError(f"{days} days is too short; evidence is kept at least {SHORTEST_DAYS}")
    return now - timedelta(days=days)


def _forget_scans(store: Store, before: datetime, *, by: str, now: datetime) -> None:
    """Drop old scans with their sightings; their ids, numbers and digests stay."""
    with store.write() as db:
        query = f"SELECT number, id FROM scans WHERE {_OLD_SCANS}"  # noqa: S608 - a constant
        old = db.execute(query, (stamp(before),)).fetchall()
        if not old:
            return
        numbers = [(number,) for number, _ in old]
        db.conn.executemany(
            "INSERT INTO forgotten_scans SELECT id, agent, epoch, sequence, digest, ? FROM scans "
            "WHERE number = ?",
            [(stamp(now), number) for (number,) in numbers],
        )
        db.conn.executemany("DELETE FROM sightings WHERE scan = ?", numbers)
        db.conn.executemany("DELETE FROM scans WHERE number = ?", numbers)
        detail = {"before": stamp(before), "scans": [name for _, name in old]}
        audit.append(db, by, "scans forgotten", detail, now)
