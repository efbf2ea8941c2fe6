"""What a sensor sends of a scan, in few words."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import Any

from inventory import sightings
from inventory.sighting_types import decode
from inventory.store import Store
from inventory.times import stamp


def scan_document(
    number: int, at: datetime, hosts: list[dict[str, Any]], *, ports: bool = True
) -> dict[str, Any]:
    """A scan's document with these hosts."""
    moment = stamp(at)
    about = {
        "id": f"{number:016x}",
        "sensor": "server",
        "started": moment,
        "ended": moment,
        "targets": ["10.1.0.0/24"],
        "networks": ["10.1.0.0/24"],
        "rate": 500.0,
        "complete": True,
        "hosts": len(hosts),
        "asked": 254,
        "loss": 0.0,
        "probability_missed": 0.0,
        "gone": {},
        "ports": {"tcp": 100.0} if ports else None,
        "packets": {},
        "losses": [],
    }
    seen = [{"first_answer": moment, "last_answer": moment, **host} for host in hosts]
    return {"scan": about, "sightings": seen}


def take_in(store: Store, number: int, at: datetime, *hosts: dict[str, Any], **how: Any) -> None:
    """Take a scan of this machine's own in."""
    raw = json.dumps(scan_document(number, at, list(hosts), **how)).encode()
    arrival = sightings.Arrival(at, "local")
    receipt = sightings.accept(store, decode(raw), gzip.compress(raw, mtime=0), arrival)
    assert receipt.outcome == "stored", receipt.outcome


def host(ip: str, mac: str = "", filtering: str = "unknown", **more: Any) -> dict[str, Any]:
    """One host; ``name`` it says by NetBIOS."""
    found: dict[str, Any] = {"ip": ip, "filtering": {"verdict": filtering}}
    if mac:
        found["mac"] = mac
    if "name" in more:
        found["names"] = [{"name": more.pop("name"), "source": "netbios"}]
    return found | more
