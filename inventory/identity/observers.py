"""Where looks come from: reports, scans, the register; each in the transaction of its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from inventory.identity import keeping
from inventory.identity.observing import (
    Look,
    Piece,
    board_of,
    report_pieces,
    row_pieces,
    sighting_pieces,
)
from inventory.times import moment


def agent_observation(agent: str, board: str) -> str:
    """The id of an agent's key on one mainboard."""
    return f"agent:{agent}:{board}"


def of_enrolment(db: Database, agent: str, at: datetime) -> None:
    """An agent that has not reported yet: all that is known is the name that it gave."""
    device, unit, name = _enrolled(db, agent)
    if not _of_agent(db, agent):
        pieces = report_pieces({"facts": {"os": {"hostname": name}}}, agent, unit)
        look = Look(agent_observation(agent, ""), "agent", agent, name, int(at.timestamp()), pieces)
        keeping.note(db, look, device)


def of_report(db: Database, agent: str, view: Mapping[str, Any], received_at: str) -> None:
    """What an agent's newest view says of the machine that it runs on."""
    device, unit, name = _enrolled(db, agent)
    pieces = report_pieces(view, agent, unit)
    known = _of_agent(db, agent)
    board = board_of(pieces) or (known[0].split(":", 2)[2] if known else "")
    observation = agent_observation(agent, board)
    if known == [agent_observation(agent, "")] != [observation]:
        keeping.rename(db, known[0], observation)  # its board was not read until now
    look = Look(
        id=observation,
        source="agent",
        ref=agent,
        name=view["facts"].get("os", {}).get("hostname", name),
        at=int(moment(received_at).timestamp()),
        pieces=pieces,
    )
    keeping.note(db, look, None if known else device)


def _enrolled(db: Database, agent: str) -> tuple[str, str | None, str]:
    row: tuple[str, str | None, str] = db.execute(
        "SELECT device, unit, name FROM agents WHERE id = ?", (agent,)
    ).fetchone()
    return row


def _of_agent(db: Database, agent: str) -> list[str]:
    """The observations of an agent's key, one for each board; the latest first."""
    rows = db.execute(
        "SELECT id FROM observations WHERE ref = ? AND source = 'agent' ORDER BY last DESC, id",
        (agent,),
    )
    return [row[0] for row in rows]


def of_scan(db: Database, number: int, sensor: str, document: Mapping[str, Any]) -> None:
    """What one scan saw: hosts by their card, and by their address where no card was seen."""
    scan = document["scan"]
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for sighting in document["sightings"]:
        found[host_observation(sensor, sighting)].append(sighting)
    for observation, seen in found.items():
        look = _host(observation, sensor, seen, scan["ended"])
        keeping.note(db, look)
        db.execute(
            "INSERT INTO hosts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "scan = excluded.scan, ip = excluded.ip, at = excluded.at, "
            "ports_asked = excluded.ports_asked WHERE excluded.at >= at",
            (observation, number, seen[0]["ip"], look.at, scan["ports"] is not None),
        )


def host_observation(sensor: str, sighting: Mapping[str, Any]) -> str:
    """The id of a host as one sensor sees it."""
    return f"host:{sensor}:{sighting.get('mac') or sighting['ip']}"


def _host(observation: str, sensor: str, seen: Sequence[Mapping[str, Any]], ended: str) -> Look:
    """One card may have answered at several addresses: ``seen`` are its sightings in one scan."""
    names = [one["name"] for sighting in seen for one in sighting.get("names", ())]
    answers = [moment(sighting.get("last_answer") or ended) for sighting in seen]
    return Look(
        id=observation,
        source="host",
        ref=sensor,
        name=min(names, key=len, default=seen[0]["ip"]),
        at=int(max(answers).timestamp()),
        pieces=frozenset[Piece]().union(*map(sighting_pieces, seen)),
        momentary=not seen[0].get("mac"),
    )


def of_asset(db: Database, asset: str, row: Mapping[str, Any], unit: str | None, at: int) -> None:
    """What a row of the register says, until it is changed."""
    look = Look(
        id=f"asset:{asset}",
        source="asset",
        ref=asset,
        name=str(row.get("name") or row.get("tag") or asset),
        at=at,
        pieces=row_pieces(row, unit),
        lasting=True,
    )
    keeping.note(db, look)
