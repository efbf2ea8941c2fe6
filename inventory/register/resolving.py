"""Units that become known, are renamed or end after a register was taken in."""

from __future__ import annotations

from datetime import datetime

from inventory.identity import observers
from inventory.register.assets import Asset, load
from inventory.register.keeping import log
from inventory.register.units import Resolve, resolver
from inventory.store import Store
from inventory.units import at


def resolve_again(store: Store, day: str, now: datetime) -> int:
    """Find the unit of every standing asset by the units of a day (ISO); gives how many changed.

    For after the units were changed. An asset whose text names no unit any more keeps the one that
    it had: a renaming must not lose it.
    """
    resolve = resolver(at(store, day))
    with store.write() as db:
        found = [(asset, _code(asset, resolve)) for asset in load(db, retired=False)]
        fresh = [(asset, code) for asset, code in found if code not in {None, asset.unit}]
        for asset, code in fresh:
            row = {**asset.row, "unit": code}
            db.execute(
                "UPDATE assets SET unit = ?, row = json_set(row, '$.unit', ?) WHERE id = ?",
                (code, code, asset.id),
            )
            log(db, asset.id, 0, now, {"unit": (asset.unit, code)})
            observers.of_asset(db, asset.id, row, code, int(now.timestamp()))
    return len(fresh)


def _code(asset: Asset, resolve: Resolve) -> str | None:
    text = asset.row.get("unit_text")
    return resolve(text).code if text else None
