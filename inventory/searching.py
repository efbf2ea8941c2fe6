"""Devices by a text that stands somewhere: on a label, in a row of the register, in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from sqlite_utils import Database

from inventory.folding import folded
from inventory.identity.evidence import Kind
from inventory.store import Store

_MARKS = re.compile(r"[-.:\s]")
_MAC = re.compile(r"[0-9a-f]{12}")


def devices_with(store: Store, text: str) -> set[str]:
    """The ids of devices of which any evidence or the register's row has the text in it.

    Without case and diacritics; a MAC in any notation.
    """
    db, wanted = store.reader(), folded(text)
    if not wanted:
        return set()
    return {*_by_evidence(db, wanted), *_by_row(db, wanted)}


def _by_evidence(db: Database, wanted: str) -> Iterator[str]:
    """By serial numbers, MACs, addresses, names and keys, those of the past too."""
    digits = _MARKS.sub("", wanted)
    spelled = ":".join(re.findall("..", digits)) if _MAC.fullmatch(digits) else wanted
    rows = db.execute(
        "SELECT DISTINCT o.device FROM evidence e JOIN observations o ON o.id = e.observation "
        "WHERE e.kind != ? AND instr(lower(e.value), ?)",
        (Kind.UNIT.value, spelled),
    )
    yield from (row[0] for row in rows.fetchall())


def _by_row(db: Database, wanted: str) -> Iterator[str]:
    """By any column of the register: who holds it, where it stands, how its unit is written."""
    rows = db.execute(
        "SELECT o.device, s.row FROM observations o JOIN assets s ON s.id = o.ref "
        "WHERE o.source = 'asset' AND s.retired_at IS NULL"
    )
    for device, row in rows.fetchall():
        if any(wanted in folded(str(value)) for value in msgspec.json.decode(row).values()):
            yield device
