"""Taking in reports: what was signed is kept as evidence, and the newest becomes the device's view.

A report is known by (agent, epoch, sequence). The same bytes again are acknowledged again and
stored once; other bytes under the same number mean that two machines share one key: both are kept,
the agent is quarantined, nothing is overwritten. A report with a lower number than one already here
is evidence, but never replaces newer facts.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory import agents, audit, chain, sections
from inventory.alerts import two_reports
from inventory.changes import changes
from inventory.document import decode_report, encode_view, view_of
from inventory.errors import InventoryError
from inventory.identity import observers
from inventory.store import Store
from inventory.times import stamp
from language.said import plain

MOST_QUARANTINED = 100  #: reports kept of one quarantined agent; the first ones tell the story


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report that passed every check at the door.

    ``digest``: SHA-256 of ``body``; ``signed``: the signed headers as JSON; ``body``: gzip, as it
    came; ``report``: the decoded document; ``skew_seconds``: the machine's clock minus ours;
    ``sections``: the content of each section that it carries (`inventory.sections.given`).
    """

    agent: str
    epoch: int
    sequence: int
    digest: bytes
    signed: bytes
    body: bytes
    report: Any
    received_at: datetime
    peer: str
    skew_seconds: int
    sections: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one report: stored, duplicate, conflict, or refused with a code."""

    outcome: str
    code: str | None = None


def accept(store: Store, batch: Sequence[Incoming]) -> list[Receipt]:
    """Store a batch in one durable transaction; one bad report never spoils the others.

    When this returns, every ``stored`` and ``duplicate`` is on the disk.
    """
    with store.write() as db:
        return [_alone(db, one) for one in batch]


def _alone(db: Database, one: Incoming) -> Receipt:
    """One report inside the batch: whatever is wrong with it, the others are stored."""
    db.execute("SAVEPOINT report")
    try:
        receipt = _accept(db, one)
    except InventoryError:
        raise  # the database or the disk: nothing can be stored
    except Exception:  # noqa: BLE001 - a fault of ours with one report costs that report alone
        traceback.print_exc(file=sys.stderr)
        db.execute("ROLLBACK TO report")
        receipt = Receipt("refused", "fault")
    db.execute("RELEASE report")
    return receipt


def _accept(db: Database, one: Incoming) -> Receipt:
    row = db.execute(
        "SELECT digest FROM reports WHERE agent = ? AND epoch = ? AND sequence = ?",
        (one.agent, one.epoch, one.sequence),
    ).fetchone()
    if row is not None and row[0] == one.digest:
        return Receipt("duplicate")
    agent = db.execute("SELECT status, epoch, device FROM agents WHERE id = ?", (one.agent,))
    status, epoch, device = agent.fetchone() or ("unknown", 0, "")
    if row is not None and status in {"approved", "quarantined"}:
        _conflict(db, one, status)
        return Receipt("conflict")
    if status == "quarantined":
        _set_apart(db, one, MOST_QUARANTINED)
    if status != "approved":
        return Receipt("refused", status)
    if one.epoch > epoch:
        return Receipt("refused", "epoch_ahead")
    whole = sections.resolved(db, one.agent, one.report)
    if whole is None:
        return Receipt("refused", "section_unknown")
    _store(db, one, device, whole)
    return Receipt("stored")


def _store(db: Database, one: Incoming, device: str, whole: Any) -> None:
    columns = (one.agent, one.epoch, one.sequence, one.digest, one.signed, one.body)
    times = (one.report.collected_at, stamp(one.received_at), one.peer, one.skew_seconds)
    db.execute(
        "INSERT INTO reports (agent, epoch, sequence, digest, signed, body, collected_at, "
        "received_at, peer, skew_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*columns, *times),
    )
    report = db.execute("SELECT last_insert_rowid()").fetchone()[0]
    db.execute(
        "UPDATE agents SET last_report_at = max(coalesce(last_report_at, ''), ?) WHERE id = ?",
        (stamp(one.received_at), one.agent),
    )
    sections.keep(db, one.agent, one.sections, one.received_at)
    _renew_view(db, one, device, report, whole)
    chain.link(db, report)


def _renew_view(db: Database, one: Incoming, device: str, report: int, whole: Any) -> None:
    """The device's view becomes this report, ``whole``, unless a later one is there already."""
    row = db.execute(
        "SELECT v.view, r.epoch, r.sequence FROM views v JOIN reports r ON r.id = v.report "
        "WHERE v.device = ?",
        (device,),
    ).fetchone()
    if row is not None and (one.epoch, one.sequence) < (row[1], row[2]):
        return
    view = derived_view(whole, one.received_at, one.skew_seconds)
    raw = encode_view(view)
    db.execute(
        "INSERT INTO views VALUES (?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET "
        "report = excluded.report, view = excluded.view, hash = excluded.hash",
        (device, report, raw, hashlib.sha256(raw).hexdigest()),
    )
    observers.of_report(db, one.agent, view, stamp(one.received_at))
    if row is not None:
        before = msgspec.json.decode(row[0])
        db.conn.executemany(
            "INSERT INTO changes (device, report, path, element, old, new, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    device,
                    report,
                    change.path,
                    change.element,
                    change.old,
                    change.new,
                    stamp(one.received_at),
                )
                for change in changes(before, view)
            ],
        )


def derived_view(report: Any, received_at: datetime, skew_seconds: int) -> dict[str, Any]:
    """The view that a report gives: its facts with what the server knows of its arrival."""
    return view_of(report, last_report=stamp(received_at), clock_skew=skew_seconds)


def _conflict(db: Database, one: Incoming, status: str) -> None:
    """Two contents under one number: keep this one apart too, and call a person."""
    if status == "quarantined":
        _set_apart(db, one, MOST_QUARANTINED)
        return
    _set_apart(db, one, None)  # the one that a person will be asked about is always kept
    first = db.execute(
        "SELECT peer, received_at FROM reports WHERE agent = ? AND epoch = ? AND sequence = ?",
        (one.agent, one.epoch, one.sequence),
    ).fetchone()
    peers = ((first[0], first[1]), (one.peer, stamp(one.received_at)))
    alert = two_reports(f"{one.epoch}/{one.sequence}", *peers)
    agents.quarantine(db, one.agent, plain(alert), one.received_at)


def _set_apart(db: Database, one: Incoming, most: int | None) -> None:
    kept = db.execute("SELECT count(*) FROM quarantined_reports WHERE agent = ?", (one.agent,))
    if most is not None and kept.fetchone()[0] >= most:
        return
    db.execute(
        "INSERT OR IGNORE INTO quarantined_reports (agent, epoch, sequence, digest, signed, body, "
        "received_at, peer) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(one.agent, one.epoch, one.sequence, one.digest, one.signed, one.body),
            *(stamp(one.received_at), one.peer),
        ),
    )


def note_import(store: Store, by: str, detail: Mapping[str, Any], now: datetime) -> None:
    """Note in the audit log that reports were carried here by hand, by whom and in which file."""
    with store.write() as db:
        audit.append(db, by, "reports imported", dict(detail), now)


def forget_bodies(
    store: Store, before: datetime, *, by: str = "server", now: datetime | None = None
) -> int:
    """Drop the bodies of reports received earlier than ``before``; gives how many.

    The number and digest of every report stay, so that nothing can be sent a second time under
    them, and so does what a device's view or a finding rests on: a body, and the sections that it
    names.
    """
    with store.write() as db:
        gone = sections.forget(db, before, needed(db))
        cursor = db.execute(
            f"UPDATE reports SET body = NULL WHERE {OLD_BODIES}",  # noqa: S608 - a constant
            (stamp(before), rested_on(db)),
        )
        if cursor.rowcount or gone:
            detail = {"before": stamp(before), "reports": cursor.rowcount, "sections": gone}
            audit.append(db, by, "bodies forgotten", detail, now or datetime.now(UTC))
        return cursor.rowcount


#: Which bodies may go; takes a time, and `rested_on`.
OLD_BODIES = (
    "body IS NOT NULL AND received_at < ? AND id NOT IN (SELECT report FROM views) "
    "AND id NOT IN (SELECT value FROM json_each(?))"
)


def rested_on(db: Database) -> str:
    """The reports that today's findings name as their evidence: their rows, a JSON list."""
    names = db.execute("SELECT DISTINCT evidence ->> '$.report' FROM findings").fetchall()
    found: list[int] = []
    for (name,) in names:
        if name:
            row = db.execute(
                "SELECT id FROM reports WHERE agent = ? AND epoch = ? AND sequence = ?",
                name.split("/"),
            ).fetchone()
            found += row or ()
    return msgspec.json.encode(found).decode()


def needed(db: Database) -> Iterator[tuple[str, str, str]]:
    """(agent, section, hash) of every section that a device's view or a finding rests on."""
    rows = db.execute(
        "SELECT agent, body FROM reports WHERE body IS NOT NULL AND (id IN "
        "(SELECT report FROM views) OR id IN (SELECT value FROM json_each(?)))",
        (rested_on(db),),
    )
    for agent, body in rows.fetchall():
        raw = gzip.decompress(body)
        for name, digest in sections.unchanged(decode_report(raw)).items():
            yield agent, name, digest
        for name, content in sections.given(raw).items():
            yield agent, name, hashlib.sha256(content).hexdigest()
