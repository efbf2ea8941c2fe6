"""Agents: who may report. An agent is its Ed25519 key; everything else about it is what it says."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from inventory import audit, tokens
from inventory.errors import NoSuchAgent, TokenRefused
from inventory.identity import observers
from inventory.store import Store
from inventory.times import maybe, moment, stamp
from language.said import said

__all__ = [
    "Agent",
    "NoSuchAgent",
    "TokenRefused",
    "agent_id",
    "all_agents",
    "allow_sensor",
    "approve",
    "enrol",
    "get",
    "quarantine",
    "revoke",
]

ID_LENGTH = 26  #: characters of base32, 130 bits: no two keys share them


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent as the server knows it. ``status``: pending, approved, revoked, quarantined."""

    id: str
    public_key: bytes
    device: str
    name: str
    platform: str
    unit: str | None
    status: str
    epoch: int
    enrolled_at: datetime
    last_report_at: datetime | None
    alert: str | None
    sensor: bool = False  #: whether an officer allowed it to report sightings


_COLUMNS = ", ".join(Agent.__slots__)


def agent_id(public_key: bytes) -> str:
    """The id that belongs to a key: the first 26 letters of base32(SHA-256(key)), lower case."""
    digest = hashlib.sha256(public_key).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:ID_LENGTH]


def get(store: Store, name: str) -> Agent | None:
    """The agent of that id, if there is one."""
    return _get(store.reader(), name)


def all_agents(store: Store) -> list[Agent]:
    """Every agent, by name."""
    rows = store.reader().execute(f"SELECT {_COLUMNS} FROM agents ORDER BY name, id")  # noqa: S608
    return [_agent(row) for row in rows]


def enrol(
    store: Store,
    *,
    token: str,
    public_key: bytes,
    name: str,
    platform: str,
    peer: str,
    now: datetime,
) -> Agent:
    """Make a key known, or begin a new epoch of a known one; uses the token once.

    A quarantined agent stays quarantined and a revoked one must be approved, whatever the token
    says: only a person lifts what a person decided.

    Raises:
        TokenRefused: the token is not good; nothing is changed.
    """
    made = agent_id(public_key)
    with store.write() as db:
        scope = tokens.redeem(db, token, now)
        wanted = "approved" if scope.approve else "pending"
        known = _get(db, made)
        if known is None:
            device = _new_device(db, made, name, platform, now)
            db.execute(
                "INSERT INTO agents (id, public_key, device, name, platform, unit, status, epoch, "
                "peer, enrolled_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                (made, public_key, device, name, platform, scope.unit, wanted, peer, stamp(now)),
            )
        else:
            status = {"quarantined": "quarantined", "revoked": "pending"}.get(known.status, wanted)
            db.execute(
                "UPDATE agents SET epoch = epoch + 1, status = ?, name = ?, platform = ?, "
                "peer = ?, unit = coalesce(?, unit) WHERE id = ?",
                (status, name, platform, peer, scope.unit, made),
            )
        agent = _need(db, made)
        observers.of_enrolment(db, made, now)
        detail = {"agent": made, "name": name, "token": scope.token, "peer": peer}
        detail |= {"status": agent.status, "epoch": str(agent.epoch)}
        audit.append(db, f"agent {made}", "agent enrolled", detail, now)
    return agent


def approve(store: Store, name: str, *, by: str, now: datetime | None = None) -> Agent:
    """Trust an agent: a pending one, or one in quarantine that a person has looked into.

    Raises:
        NoSuchAgent: no agent has this id.
    """
    return _decide(store, name, "approved", None, "agent approved", {}, by, now)


def revoke(store: Store, name: str, *, by: str, why: str, now: datetime | None = None) -> Agent:
    """Refuse what an agent sends from now on; its past reports stay as evidence.

    Raises:
        NoSuchAgent: no agent has this id.
    """
    return _decide(store, name, "revoked", None, "agent revoked", {"why": why}, by, now)


def allow_sensor(
    store: Store, name: str, *, allowed: bool, by: str, now: datetime | None = None
) -> Agent:
    """Let an agent report what it sees of its network, or no more.

    Raises:
        NoSuchAgent: no agent has this id.
    """
    action = "sensor allowed" if allowed else "sensor stopped"
    with store.write() as db:
        before = _need(db, name)
        db.execute("UPDATE agents SET sensor = ? WHERE id = ?", (int(allowed), name))
        detail = {"agent": name, "name": before.name}
        audit.append(db, by, action, detail, now or datetime.now(UTC))
        return _need(db, name)


def quarantine(db: Database, name: str, alert: str, now: datetime) -> None:
    """Take an agent out of every statement until a person decides; the first alert stays."""
    db.execute(
        "UPDATE agents SET status = 'quarantined', alert = coalesce(alert, ?) WHERE id = ?",
        (alert, name),
    )
    audit.append(db, "server", "agent quarantined", {"agent": name, "alert": alert}, now)


def _decide(
    store: Store,
    name: str,
    status: str,
    alert: str | None,
    action: str,
    detail: dict[str, Any],
    by: str,
    now: datetime | None,
) -> Agent:
    at = now or datetime.now(UTC)
    with store.write() as db:
        before = _need(db, name)
        db.execute("UPDATE agents SET status = ?, alert = ? WHERE id = ?", (status, alert, name))
        said = {"agent": name, "name": before.name, "was": before.status} | detail
        audit.append(db, by, action, said, at)
        return _need(db, name)


def _new_device(db: Database, agent: str, name: str, platform: str, now: datetime) -> str:
    """One device for a new agent; matching with other evidence may join devices later."""
    device = f"d-{agent[:12]}"
    db.execute("INSERT INTO devices VALUES (?, ?, ?, ?)", (device, name, platform, stamp(now)))
    return device


def known(db: Database, name: str) -> Agent:
    """The agent of that id, inside a transaction.

    Raises:
        NoSuchAgent: no agent has this id.
    """
    return _need(db, name)


def _need(db: Database, name: str) -> Agent:
    found = _get(db, name)
    if found is None:
        raise NoSuchAgent(said("no agent has the id {name}; see: rasoat agent list", name=name))
    return found


def _get(db: Database, name: str) -> Agent | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM agents WHERE id = ?", (name,)).fetchone()  # noqa: S608
    return None if row is None else _agent(row)


def _agent(row: tuple[Any, ...]) -> Agent:
    known = dict(zip(Agent.__slots__, row, strict=True))
    known["enrolled_at"] = moment(known["enrolled_at"])
    known["last_report_at"] = maybe(known["last_report_at"])
    known["sensor"] = bool(known["sensor"])
    return Agent(**known)
