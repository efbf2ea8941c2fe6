"""The audit log: what people did, append-only, each entry chained by SHA-256 to the one before.

A changed, removed or reordered entry breaks the chain; a head row outside the log notices a cut
end. Who can rewrite the whole database can also rewrite the chain: keep backups elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory.times import stamp
from language.said import Said, said

START = "0" * 64  #: what the first entry is chained to


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody did."""

    number: int
    at: str
    actor: str
    action: str
    detail: str
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """The hash that this entry must carry, given the one before."""
        said = [self.number, self.at, self.actor, self.action, self.detail, self.previous]
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def append(db: Database, actor: str, action: str, detail: dict[str, Any], now: datetime) -> Entry:
    """Add an entry, inside the transaction of what it tells of."""
    entries, previous = head(db)
    plain = msgspec.json.encode(detail, order="sorted").decode()
    draft = Entry(entries + 1, stamp(now), actor, action, plain, previous, "")
    made = replace(draft, hash=draft.expected_hash())
    db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", astuple(made))
    db.execute(
        "INSERT INTO audit_head VALUES (1, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET entries = excluded.entries, hash = excluded.hash",
        (made.number, made.hash),
    )
    return made


def head(db: Database) -> tuple[int, str]:
    """How many entries were written, and the last one's hash."""
    row: tuple[int, str] | None = db.execute(
        "SELECT entries, hash FROM audit_head WHERE id = 1"
    ).fetchone()
    return row or (0, START)


def read(db: Database) -> Iterator[Entry]:
    """All entries, oldest first."""
    return (Entry(*row) for row in db.execute("SELECT * FROM audit ORDER BY number"))


def problems(db: Database) -> Iterator[Said]:
    """Every place where the chain does not hold."""
    previous, count = START, 0
    for entry in read(db):
        count += 1
        if entry.number != count or entry.previous != previous:
            yield said(
                "audit entry {number}: an entry before it is missing or was moved",
                number=entry.number,
            )
        if entry.expected_hash() != entry.hash:
            yield said(
                "audit entry {number}: was changed after it was written", number=entry.number
            )
        previous, count = entry.hash, entry.number
    written, last = head(db)
    if (written, last) != (count, previous):
        yield said(
            "audit log: ends at entry {count}, but {written} were written",
            count=count,
            written=written,
        )
