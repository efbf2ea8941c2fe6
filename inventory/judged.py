"""What verdicts rest on, by hash: rules as they stood and views as they were, for judging again.

Kept for results that turned alone; the report or the scan behind a view stays evidence beside it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from inventory.store import Store
from inventory.times import maybe, stamp
from inventory.witnesses.comparing import Comparison

_MOST = 32 * 2**20  #: bytes of one view unpacked; the collector takes none above 16 MiB


@dataclass(frozen=True, slots=True)
class JudgedView:
    """What rules were shown of one device: see `inventory.devices.DeviceView`."""

    view: bytes
    compared: tuple[Comparison, ...]
    received_at: datetime | None
    seen_at: datetime | None


def keep_rule(db: Database, digest: str, content: bytes, at: str) -> None:
    """A rule's canonical JSON, once."""
    db.execute("INSERT OR IGNORE INTO judged_rules VALUES (?, ?, ?)", (digest, content, at))


def keep_view(db: Database, digest: str, one: JudgedView) -> None:
    """A view, once."""
    times = (moment and stamp(moment) for moment in (one.received_at, one.seen_at))
    packed = zlib.compress(one.view, 6)
    compared = msgspec.json.encode(one.compared)
    db.execute(
        "INSERT OR IGNORE INTO judged_views VALUES (?, ?, ?, ?, ?)",
        (digest, packed, compared, *times),
    )


def rule(store: Store, digest: str) -> bytes | None:
    """The canonical JSON of a rule; None: not kept."""
    row = store.reader().execute("SELECT content FROM judged_rules WHERE hash = ?", (digest,))
    found = row.fetchone()
    return found[0] if found else None


def view(store: Store, digest: str) -> JudgedView | None:
    """What rules were shown; None: not kept."""
    row = store.reader().execute("SELECT * FROM judged_views WHERE hash = ?", (digest,)).fetchone()
    if row is None:
        return None
    _, packed, compared, received_at, seen_at = row
    return JudgedView(
        zlib.decompressobj().decompress(packed, _MOST),
        msgspec.json.decode(compared, type=tuple[Comparison, ...]),
        maybe(received_at),
        maybe(seen_at),
    )
