"""What a sensor sends of a scan, rightly signed."""

from __future__ import annotations

import gzip
import json
from typing import Any

from agents.identity import Identity
from agents.message_signatures import SIGHTINGS
from agents.transport import signed_request
from tests.server.door import CREATED, Pairs

PATH = "/api/v1/sightings"
SCAN: dict[str, Any] = {
    "scan": {
        "id": "73682b808f96ea1a",
        "sensor": "",
        "started": "2026-11-23T08:00:00Z",
        "ended": "2026-11-23T08:00:02Z",
        "targets": ["10.66.0.0/24"],
        "networks": ["10.66.0.0/24"],
        "rate": 1000.0,
        "complete": True,
        "hosts": 2,
        "asked": 254,
        "loss": 0.0,
        "probability_missed": 0.001,
        "gone": {},
        "ports": None,
        "packets": {"packets_sent": 500},
        "losses": [],
    },
    "sightings": [
        {"ip": "10.66.0.1", "mac": "3c:52:82:00:00:01", "filtering": {"verdict": "drops"}},
        {"ip": "10.66.0.2", "mac": "3c:52:82:00:00:02", "kind": "printer", "kind_confidence": 0.9},
    ],
}


def sightings(
    who: Identity, document: Any = None, *, number: tuple[int, int] = (1, 1), raw: bytes = b""
) -> tuple[Pairs, bytes]:
    """(headers, body) of a scan: of a document, or of any bytes in place of its JSON."""
    body = gzip.compress(raw or json.dumps(document or SCAN).encode(), mtime=0)
    request = signed_request(PATH, SIGHTINGS, who, number, body, CREATED)
    pairs = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    return [*pairs, (b"content-length", str(len(body)).encode())], body


def scan(**changes: Any) -> dict[str, Any]:
    """The scan with other fields of its own."""
    return {**SCAN, "scan": {**SCAN["scan"], **changes}}
