"""Putting a device together from its observations: its agent, its row of the register, its host.

Where a device has several of a kind (it was re-imaged, it has two cards) the newest speaks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypedDict

import msgspec
from sqlite_utils import Database

from inventory.times import maybe
from inventory.witnesses.comparing import BothWords, Comparison, compare


@dataclass(frozen=True, slots=True)
class AgentPart:
    """The agent that speaks for a device, with its newest view."""

    id: str
    name: str
    platform: str
    unit: str | None
    status: str
    alert: str | None
    view: bytes | None
    received_at: datetime | None
    report: str | None


@dataclass(frozen=True, slots=True)
class AssetPart:
    """The row of the register."""

    id: str
    tag: str | None
    name: str
    unit: str | None
    kind: str
    row: str  #: JSON; most readers of a list need none of it


@dataclass(frozen=True, slots=True)
class HostPart:
    """The newest sighting; ``scan`` its scan's id, ``ports_asked`` whether that asked for ports."""

    document: Mapping[str, Any]
    scan: str
    seen_at: datetime
    ports_asked: bool

    @property
    def kind(self) -> str:
        """The scanner's guess."""
        return str(self.document.get("kind", "unknown"))


@dataclass(slots=True)
class Composed:
    """All parts of one device."""

    device: str
    name: str = ""
    agent: AgentPart | None = None
    asset: AssetPart | None = None
    host: HostPart | None = None
    seen: int = 0
    hosts: list[str] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        """Whether it is anything but an agent that was revoked."""
        heard = self.agent is not None and self.agent.status != "revoked"
        return heard or self.asset is not None or bool(self.seen)

    @property
    def seen_at(self) -> datetime | None:
        """When the network showed it last."""
        return datetime.fromtimestamp(self.seen, UTC) if self.seen else None

    @property
    def address(self) -> str:
        """The address at which it was seen last."""
        return str(self.host.document["ip"]) if self.host else ""


def device_of(db: Database, name: str) -> str | None:
    """The device of that id, or the one that what had this id is part of now."""
    row = db.execute(
        "SELECT device FROM observations WHERE device = ?1 UNION ALL "
        "SELECT device FROM observations WHERE own = ?1 LIMIT 1",
        (name,),
    ).fetchone()
    return row[0] if row else None


def has_register(db: Database) -> bool:
    """Whether any row of a register stands: the denominator is then the register."""
    return bool(
        db.execute("SELECT EXISTS (SELECT 1 FROM assets WHERE retired_at IS NULL)").fetchone()[0]
    )


def composed(db: Database, device: str | None = None, *, facts: bool = True) -> list[Composed]:
    """Every device, or one of them, from its parts; without ``facts`` no view is read."""
    found: dict[str, Composed] = {}
    for one in _observations(db, device):
        _add(found.setdefault(one[0], Composed(one[0])), one)
    _agents(db, found, device, "v.view" if facts else "NULL")
    _assets(db, found, device)
    _hosts(db, found, device, dict[str, Any] if facts else _Brief)
    return list(found.values())


def _observations(db: Database, device: str | None) -> Iterator[tuple[Any, ...]]:
    query = "SELECT device, source, id, name, last FROM observations"
    where = _where("device", device)
    yield from db.execute(f"{query} {where} ORDER BY last, id", _of(device)).fetchall()


def _add(one: Composed, observation: tuple[Any, ...]) -> None:
    _, source, name, shown, last = observation
    if source == "host":
        one.seen = max(one.seen, last)
        one.hosts.append(name)
        one.name = one.name or shown


_AGENTS = (
    "SELECT o.device, a.id, a.name, a.platform, a.unit, a.status, a.alert, {}, r.received_at, "
    "r.agent || '/' || r.epoch || '/' || r.sequence FROM observations o "
    "JOIN agents a ON a.id = o.ref LEFT JOIN views v ON v.device = a.device "
    "LEFT JOIN reports r ON r.id = v.report "
    "WHERE o.source = 'agent'"
)


def _agents(db: Database, found: Mapping[str, Composed], device: str | None, view: str) -> None:
    order = (  # the one that speaks comes last: not revoked, heard last
        "ORDER BY a.status != 'revoked', coalesce(r.received_at, ''), a.enrolled_at, a.id"
    )
    query = _AGENTS.format(view)
    rows = db.execute(f"{query} {_where('o.device', device, 'AND')} {order}", _of(device))
    for where, *columns in rows.fetchall():
        columns[7] = maybe(columns[7])
        found[where].agent = part = AgentPart(*columns)
        found[where].name = part.name


def _assets(db: Database, found: Mapping[str, Composed], device: str | None) -> None:
    query = (
        "SELECT o.device, s.id, s.tag, s.name, s.unit, s.kind, s.row FROM observations o "
        "JOIN assets s ON s.id = o.ref WHERE o.source = 'asset' AND s.retired_at IS NULL"
    )
    rows = db.execute(f"{query} {_where('o.device', device, 'AND')}", _of(device))
    for where, asset, tag, name, unit, kind, row in rows.fetchall():
        one = found[where]
        one.asset = AssetPart(asset, tag, name, unit, kind, row)
        if one.agent is None:
            one.name = one.asset.name or one.name


class _Brief(TypedDict, total=False):
    """What a list of devices shows of a sighting; the rest is not even built."""

    ip: str
    kind: str


def _hosts(db: Database, found: Mapping[str, Composed], device: str | None, shape: type) -> None:
    query = (
        "SELECT o.device, g.document, c.id, h.at, h.ports_asked FROM observations o "
        "JOIN hosts h ON h.observation = o.id JOIN scans c ON c.number = h.scan "
        "JOIN sightings g ON g.scan = h.scan AND g.ip = h.ip"
    )
    rows = db.execute(f"{query} {_where('o.device', device)} ORDER BY h.at, o.id", _of(device))
    decoder: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(shape)
    for where, document, scan, at, asked in rows.fetchall():  # the newest last
        plain = decoder.decode(document)
        found[where].host = HostPart(plain, scan, datetime.fromtimestamp(at, UTC), bool(asked))


def addresses(db: Database, device: str | None = None) -> Mapping[str, list[str]]:
    """The addresses at which each device was in the latest look at it."""
    found: Mapping[str, list[str]] = defaultdict(list)
    query = (
        "SELECT o.device, e.value FROM observations o CROSS JOIN evidence e "  # in this order
        "ON e.observation = o.id WHERE e.kind = 'address' AND e.last IS NULL"
    )
    rows = db.execute(f"{query} {_where('o.device', device, 'AND')}", _of(device))
    for where, address in rows.fetchall():
        found[where].append(address)
    return found


def _where(column: str, device: str | None, word: str = "WHERE") -> str:
    return f"{word} {column} = ?" if device else ""


def _of(device: str | None) -> tuple[str, ...]:
    return (device,) if device else ()


def compared(one: Composed) -> tuple[Comparison, ...]:
    """What the network confirms and contradicts of what the agent says."""
    agent, host = one.agent, one.host
    if not (agent and agent.view and agent.received_at and agent.status == "approved" and host):
        return ()
    facts = msgspec.json.decode(agent.view)["facts"]
    return tuple(
        compare(
            BothWords(
                facts, agent.received_at, agent.report or "", host.document, host.seen_at, host.scan
            )
        )
    )


def observations(db: Database, device: str) -> list[dict[str, Any]]:
    """What a device is made of, in plain JSON types."""
    return records(
        db,
        "SELECT id, source, name, own, first, last FROM observations WHERE device = ? "
        "ORDER BY source, id",
        (device,),
    )


def records(db: Database, query: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
    """All rows at once, each by the names of its columns."""
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
