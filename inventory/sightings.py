"""Scans and what they saw: claims of a second witness, kept as they came.

A sighting never touches what an agent signed. A scan is known by its id and, when an agent sent it,
by (agent, epoch, sequence), with the rules of reports: the same bytes again are acknowledged again,
other bytes under one number set the sender apart.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory import agents, audit
from inventory.alerts import two_scans
from inventory.identity import observers
from inventory.intake import Receipt
from inventory.sighting_types import Document, decode, encode
from inventory.store import Store
from inventory.times import stamp
from language.said import plain

SERVER = "server"  #: the sensor's name where the collector's own machine scanned


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a scan came: ``agent`` None where this machine made it itself."""

    received_at: datetime
    peer: str
    agent: str | None = None
    epoch: int | None = None
    sequence: int | None = None
    signed: bytes | None = None


@dataclass(frozen=True, slots=True)
class KnownScan:
    """A scan in the list of scans."""

    id: str
    sensor: str
    targets: tuple[str, ...]
    started_at: str
    received_at: str
    complete: bool
    hosts: int


def digest(body: bytes) -> bytes:
    """SHA-256 of a body as it travelled."""
    return hashlib.sha256(body).digest()


def rows(body: bytes) -> dict[str, bytes]:
    """Address → its sighting as it is kept, of a scan's body."""
    return {one.ip: encode(one) for one in decode(gzip.decompress(body)).sightings}


def accept(store: Store, document: Document, body: bytes, arrival: Arrival) -> Receipt:
    """Store one scan in one durable transaction; ``body`` is gzip of the document's JSON."""
    with store.write() as db:
        if known := _known(db, document, body, arrival):
            return known
        if arrival.agent is not None:
            agent = agents.known(db, arrival.agent)
            if agent.status != "approved":
                return Receipt("refused", agent.status)
            if not agent.sensor:
                return Receipt("refused", "not_a_sensor")
            if (arrival.epoch or 0) > agent.epoch:
                return Receipt("refused", "epoch_ahead")
        _store(db, document, body, arrival)
    return Receipt("stored")


def _known(db: Database, document: Document, body: bytes, arrival: Arrival) -> Receipt | None:
    """What becomes of a scan that is here already, or of its number."""
    row = db.execute(
        "SELECT digest FROM scans WHERE id = ?1 OR (agent, epoch, sequence) = (?2, ?3, ?4) "
        "UNION ALL SELECT digest FROM forgotten_scans "
        "WHERE id = ?1 OR (agent, epoch, sequence) = (?2, ?3, ?4)",
        (document.scan.id, arrival.agent, arrival.epoch, arrival.sequence),
    ).fetchone()
    if row is None:
        return None
    if row[0] == digest(body):
        return Receipt("duplicate")
    if arrival.agent is not None:
        alert = two_scans(f"{arrival.epoch}/{arrival.sequence}", document.scan.id)
        agents.quarantine(db, arrival.agent, plain(alert), arrival.received_at)
    return Receipt("conflict")


def _store(db: Database, document: Document, body: bytes, arrival: Arrival) -> None:
    scan = document.scan
    sensor = arrival.agent or SERVER
    source = (arrival.agent, arrival.epoch, arrival.sequence, digest(body), arrival.signed, body)
    about = (encode(scan.targets).decode(), scan.started, scan.complete, len(document.sightings))
    db.execute(
        "INSERT INTO scans (id, sensor, agent, epoch, sequence, digest, signed, body, targets, "
        "started_at, complete, hosts, received_at, peer) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (scan.id, sensor, *source, *about, stamp(arrival.received_at), arrival.peer),
    )
    number = db.execute("SELECT last_insert_rowid()").fetchone()[0]
    db.conn.executemany(
        "INSERT INTO sightings VALUES (?, ?, ?, ?)",
        [(number, one.ip, one.mac, encode(one)) for one in document.sightings],
    )
    observers.of_scan(db, number, sensor, msgspec.to_builtins(document))
    detail = {
        "scan": scan.id,
        "sensor": sensor,
        "sha256": digest(body).hex(),
        "hosts": len(document.sightings),
        "complete": scan.complete,
        "peer": arrival.peer,
    }
    audit.append(db, f"sensor {sensor}", "scan taken in", detail, arrival.received_at)


_SCANS = "SELECT id, sensor, targets, started_at, received_at, complete, hosts FROM scans"


def scans(store: Store, most: int = 100) -> list[KnownScan]:
    """The latest scans, newest first."""
    found = store.reader().execute(f"{_SCANS} ORDER BY number DESC LIMIT ?", (most,))
    return [_scan(row) for row in found]


def before(store: Store, targets: Sequence[str], sensor: str, than: str = "") -> str | None:
    """The id of the newest complete scan of the same targets by one sensor, but ``than``."""
    row = store.reader().execute(
        "SELECT id FROM scans WHERE targets = ? AND sensor = ? AND complete AND id != ? AND "
        "number < coalesce((SELECT number FROM scans WHERE id = ?), 9e18) "
        "ORDER BY number DESC LIMIT 1",
        (encode(list(targets)).decode(), sensor, than, than),
    )
    found = row.fetchone()
    return found[0] if found else None


def document(store: Store, scan: str) -> dict[str, Any] | None:
    """A scan as it came, in plain JSON types; None where there is none of that id."""
    row = store.reader().execute("SELECT body FROM scans WHERE id = ?", (scan,)).fetchone()
    return msgspec.json.decode(gzip.decompress(row[0])) if row else None


def macs(store: Store, scan: str) -> Mapping[str, str]:
    """Address → MAC of a scan, for the next one to ask by unicast."""
    found = store.reader().execute(
        "SELECT ip, mac FROM sightings JOIN scans ON number = scan WHERE id = ? AND mac != ''",
        (scan,),
    )
    return dict(found.fetchall())


def _scan(row: tuple[Any, ...]) -> KnownScan:
    name, sensor, targets, started, received, complete, hosts = row
    wanted = tuple(msgspec.json.decode(targets))
    return KnownScan(name, sensor, wanted, started, received, bool(complete), hosts)
