"""The register as it is kept: assets, each with the row that it was last seen as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory.store import Store
from inventory.times import maybe

_COLUMNS = "id, tag, name, unit, kind, row, place, scope, first_import, last_import, retired_at"


@dataclass(frozen=True, slots=True)
class Asset:
    """One machine that should exist.

    ``id`` never changes; ``row`` is what the register says (`rows.AssetRow.plain`); ``scope`` is
    the list in which it stands, whose next import may retire it; ``place`` is where, in Excel.
    """

    id: str
    tag: str | None
    name: str
    unit: str | None
    kind: str
    row: Mapping[str, Any]
    place: str
    scope: str
    first_import: int
    last_import: int
    retired_at: datetime | None


def assets(store: Store, *, retired: bool = False) -> list[Asset]:
    """The register in the order of its lists, without the retired unless they are asked for."""
    return load(store.reader(), retired=retired)


def refused(store: Store) -> dict[str, int]:
    """File → how many rows its latest import left out: machines that count nowhere until then."""
    rows = store.reader().execute(
        "SELECT file, refused FROM register_imports WHERE refused > 0 AND number IN "
        "(SELECT max(number) FROM register_imports GROUP BY file) ORDER BY file"
    )
    return dict(rows)


def uncounted(store: Store) -> int:
    """Refused rows of the latest imports that no asset stands for: machines nobody can name."""
    row = (
        store.reader()
        .execute(
            "SELECT coalesce(sum(uncounted), 0) FROM register_imports WHERE number IN "
            "(SELECT max(number) FROM register_imports GROUP BY file)"
        )
        .fetchone()
    )
    return int(row[0])


def load(db: Database, *, retired: bool) -> list[Asset]:
    """As ``assets``, inside a transaction."""
    where = "" if retired else "WHERE retired_at IS NULL "
    rows = db.execute(f"SELECT {_COLUMNS} FROM assets {where}")  # noqa: S608 - constants
    return sorted(map(_asset, rows), key=_in_order)


def _asset(row: tuple[Any, ...]) -> Asset:
    plain = list(row)
    plain[5] = msgspec.json.decode(plain[5])
    plain[10] = maybe(plain[10])
    return Asset(*plain)


def _in_order(one: Asset) -> tuple[str, int, str]:
    digits = one.place[len(one.place.rstrip("0123456789")) :]
    return one.scope, int(digits or 0), one.id
