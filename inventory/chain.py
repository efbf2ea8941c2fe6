"""The chain of reports: each report, how it came and what it changed, chained to the one before.

What an agent signed proves who said it, not that nothing was taken out, or that it came when and
whence the row says. So each stored report carries a SHA-256 over its row, the changes it made and
the hash before; a head row outside the table notices a cut end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

from language.said import Said, said

START = "0" * 64  #: what the first report is chained to

_ROWS = (
    "SELECT id, agent, epoch, sequence, lower(hex(digest)), signed, collected_at, received_at, "
    "peer, skew_seconds, hash FROM reports LEFT JOIN report_chain ON report = id"
)
_CHANGES = "SELECT device, path, element, old, new, at FROM changes WHERE report = ? ORDER BY id"


def link(db: Database, report: int) -> None:
    """Chain a report to the one before, inside its transaction, once its changes are written."""
    count, previous = head(db)
    row = db.execute(f"{_ROWS} WHERE id = ?", (report,)).fetchone()
    made = _hash(db, row, previous)
    db.execute("INSERT INTO report_chain VALUES (?, ?)", (report, made))
    db.execute(
        "INSERT INTO report_head VALUES (1, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET reports = excluded.reports, hash = excluded.hash",
        (count + 1, made),
    )


def problems(db: Database) -> Iterator[Said]:
    """Every place where the chain does not hold."""
    previous, count = START, 0
    for row in db.execute(f"{_ROWS} ORDER BY id"):
        count += 1
        if _hash(db, row, previous) != row[-1]:
            yield (
                said(
                    "report {agent}/{epoch}/{sequence}: how it came or what it changed is not "
                    "as it was written, or a report before it is missing",
                    agent=row[1],
                    epoch=row[2],
                    sequence=row[3],
                )
            )
        previous = row[-1]
    expected, last = head(db)
    if (expected, last) != (count, previous):
        yield said(
            "reports: end after {count}, but {expected} were stored", count=count, expected=expected
        )


def head(db: Database) -> tuple[int, str]:
    """How many reports were stored, and the last one's hash."""
    row: tuple[int, str] | None = db.execute(
        "SELECT reports, hash FROM report_head WHERE id = 1"
    ).fetchone()
    return row or (0, START)


def _hash(db: Database, row: tuple[Any, ...], previous: str) -> str:
    """The hash that a report must carry, given the one before."""
    *said, signed, collected_at, received_at, peer, skew, _ = row
    said += [hashlib.sha256(signed).hexdigest(), collected_at, received_at, peer, skew, previous]
    changed = db.execute(_CHANGES, (row[0],)).fetchall()
    return hashlib.sha256(msgspec.json.encode([said, changed])).hexdigest()
