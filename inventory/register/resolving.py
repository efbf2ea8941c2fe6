"""Units that become known, are renamed or end after a register was taken in."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from inventory.identity import observers
from inventory.register.assets import load
from inventory.register.keeping import log
from inventory.register.units import Resolve


def resolve_again(db: Database, resolve: Resolve, now: datetime) -> int:
    """Find the unit of every standing asset anew; gives how many have another one now.

    Called in the transaction that changes the units. An asset whose text names no unit any more
    keeps the one that it had: a renaming must not lose it.
    """
    changed = 0
    for asset in load(db, retired=False):
        text = asset.row.get("unit_text")
        code = resolve(text).code if text else None
        if code is None or code == asset.unit:
            continue
        row = {**asset.row, "unit": code}
        db.execute(
            "UPDATE assets SET unit = ?, row = json_set(row, '$.unit', ?) WHERE id = ?",
            (code, code, asset.id),
        )
        log(db, asset.id, 0, now, {"unit": (asset.unit, code)})
        observers.of_asset(db, asset.id, row, code, int(now.timestamp()))
        changed += 1
    return changed
