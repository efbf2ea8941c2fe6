"""Where looks come from: reports, scans, the register; each in the transaction of its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from inventory.identity import keeping
from inventory.identity.observing import (
    Look,
    board_of,
    report_pieces,
    row_pieces,
    sighting_pieces,
)
from inventory.times import moment


def agent_observation(agent: str, board: str) -> str:
    """The id of an agent's key on one mainboard."""
    return f"agent:{agent}:{board}"


def of_report(db: Database, agent: str, view: Mapping[str, Any], received_at: str) -> None:
    """What an agent's newest view says of the machine that it runs on."""
    device, unit, name = db.execute(
        "SELECT device, unit, name FROM agents WHERE id = ?", (agent,)
    ).fetchone()
    pieces = report_pieces(view, unit)
    board = board_of(pieces) or _latest_board(db, agent)
    taken = db.execute("SELECT 1 FROM observations WHERE own = ? AND ref != ?", (device, agent))
    first = db.execute(
        "SELECT id FROM observations WHERE ref = ? AND source = 'agent' LIMIT 1", (agent,)
    ).fetchone()
    observation = agent_observation(agent, board)
    own = device if first in (None, (observation,)) and taken.fetchone() is None else None
    name = view["facts"].get("os", {}).get("hostname", name)
    at = int(moment(received_at).timestamp())
    keeping.note(db, Look(observation, "agent", agent, name, at, pieces), own)


def _latest_board(db: Database, agent: str) -> str:
    """The board of the agent's last report that could read one."""
    row = db.execute(
        "SELECT id FROM observations WHERE ref = ? AND source = 'agent' ORDER BY last DESC, id",
        (agent,),
    ).fetchone()
    return str(row[0]).split(":", 2)[2] if row else ""


def of_sightings(
    db: Database, sensor: str, ended: str, documents: Iterable[Mapping[str, Any]]
) -> None:
    """What one scan saw: hosts by their card, and by their address where no card was seen."""
    for document in documents:
        mac, ip = document.get("mac"), document["ip"]
        at = int(moment(document.get("last_answer") or ended).timestamp())
        names = [one["name"] for one in document.get("names", ())]
        look = Look(
            id=f"host:{sensor}:{mac or ip}",
            source="host",
            ref=sensor,
            name=min(names, key=len, default=ip),
            at=at,
            pieces=sighting_pieces(document),
            momentary=not mac,
        )
        keeping.note(db, look)


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
