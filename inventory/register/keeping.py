"""Taking a register in: planned and written in one transaction, so that it is whole or not at all.

Every asset is an observation of identity as well (`inventory.identity`), until it is retired.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory import audit
from inventory.errors import InventoryError
from inventory.identity import keeping as identity
from inventory.identity import observers
from inventory.register.assets import Asset, load
from inventory.register.matching import keys_of
from inventory.register.planning import Act, Listed, Plan, Step, plan
from inventory.register.reading import Register
from inventory.register.rows import AssetRow
from inventory.store import Store
from inventory.times import stamp
from language.said import Said, joined, said

_ID_LETTERS = 12


class TooManyRetired(InventoryError):
    """More than half of a list would vanish from the register; nothing was imported."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose register this is: ``name`` tells its lists from others', ``digest`` is of its bytes.

    ``units``: the unit of which it is the whole register, and all its parts (`Tree.part_of`).
    """

    name: str
    digest: bytes
    units: frozenset[str] = frozenset()


def scope_of(source: Source, sheet: str) -> str:
    """The list that a sheet of a source is: ``so tai san.xlsx!Xã Bảo Hà``."""
    return f"{unicodedata.normalize('NFC', source.name).casefold()}!{sheet}"


def planned(store: Store, register: Register, source: Source) -> Plan:
    """What an import would do now."""
    return _plan(store.reader(), register, source)


def take_in(
    store: Store,
    register: Register,
    source: Source,
    *,
    by: str,
    now: datetime,
    retire_many: bool = False,
) -> Plan:
    """Import the rows that can be, and give what was done.

    Raises:
        TooManyRetired: a list would lose more than half of its machines, and ``retire_many`` does
            not say that this is meant; nothing was written.
    """
    with store.write() as db:
        made = _plan(db, register, source)
        if made.empties and not retire_many:
            raise TooManyRetired(_too_many(made))
        number = db.execute("SELECT coalesce(max(number), 0) + 1 FROM register_imports")
        _write(db, made, number.fetchone()[0], now)
        _record(db, register, source, made, by, now)
    return made


def _plan(db: Database, register: Register, source: Source) -> Plan:
    rows = [
        Listed(draft, scope_of(source, table.sheet.name))
        for table in register.tables
        for draft in table.drafts
    ]
    unreadable = sum(problem.refuses for table in register.tables for problem in table.problems)
    scopes = frozenset(scope_of(source, table.sheet.name) for table in register.tables)
    return plan(rows, load(db, retired=True), scopes, source.units, unreadable)


def _too_many(made: Plan) -> Said:
    lists = [
        said(
            "{n} of the {total} machines of “{scope}”",
            n=made.vanishing[scope][0],
            total=made.vanishing[scope][1],
            scope=scope,
        )
        for scope in made.empties
    ]
    return said(
        "this would retire {lists}; nothing was imported. If it is another office's "
        "list under the same file name, give it a name of its own (--source NAME); if the "
        "machines are truly gone, say --retire-many",
        lists=joined(", ", lists),
    )


def _write(db: Database, made: Plan, number: int, now: datetime) -> None:
    taken = {row[0] for row in db.execute("SELECT id FROM assets")}
    for step in made.steps:
        row, asset = step.row, step.asset
        if row is not None and asset is None:
            _add(db, step, row, _new_id(row, step.scope, taken), number, now)
        elif row is not None and asset is not None:
            _update(db, step, row, asset, number, now)
        elif asset is not None:
            _retire(db, asset, number, now)


def _new_id(row: AssetRow, scope: str, taken: set[str]) -> str:
    """An id made from what identifies the row first, so that the same register gives the same."""
    keys = keys_of(row.plain(), scope)
    strongest = keys.tag or keys.serial or next(iter(keys.macs), None)
    base = strongest or f"{keys.unit}\0{keys.name}"
    turn = 0
    while True:
        digest = hashlib.sha256(msgspec.json.encode([base, turn])).digest()
        made = f"a-{base64.b32encode(digest).decode('ascii').lower()[:_ID_LETTERS]}"
        if made not in taken:
            taken.add(made)
            return made
        turn += 1


def _add(db: Database, step: Step, row: AssetRow, asset: str, number: int, now: datetime) -> None:
    db.execute(
        "INSERT INTO assets (id, tag, name, unit, kind, row, place, scope, first_import, "
        "last_import, retired_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (asset, *_columns(row, step.scope), number, number, stamp(now) if step.retires else None),
    )
    log(db, asset, number, now, {"register": (None, "retired" if step.retires else "in")})
    if not step.retires:
        _observe(db, asset, row, now)


def _update(
    db: Database, step: Step, row: AssetRow, asset: Asset, number: int, now: datetime
) -> None:
    retired = asset.retired_at and stamp(asset.retired_at)
    retired = (retired or stamp(now)) if step.retires else None
    db.execute(
        "UPDATE assets SET tag = ?, name = ?, unit = ?, kind = ?, row = ?, place = ?, scope = ?, "
        "last_import = ?, retired_at = ? WHERE id = ?",
        (*_columns(row, step.scope), number, retired, asset.id),
    )
    changes: dict[str, tuple[Any, Any]] = {
        one.column: (one.old, one.new) for one in step.differences
    }
    if step.act is Act.BACK:
        changes["register"] = ("retired", "in")
    elif step.act is Act.RETIRED:
        changes["register"] = ("in", "retired")
    log(db, asset.id, number, now, changes)
    if step.act is Act.RETIRED:
        identity.forget(db, f"asset:{asset.id}")
    elif step.act in {Act.CHANGED, Act.BACK} and not step.retires:
        _observe(db, asset.id, row, now)


def _retire(db: Database, asset: Asset, number: int, now: datetime) -> None:
    db.execute("UPDATE assets SET retired_at = ? WHERE id = ?", (stamp(now), asset.id))
    log(db, asset.id, number, now, {"register": ("in", "retired")})
    identity.forget(db, f"asset:{asset.id}")


def _columns(row: AssetRow, scope: str) -> tuple[Any, ...]:
    plain = msgspec.json.encode(row.plain(), order="sorted").decode()
    return row.tag, row.name, row.unit, row.kind, plain, row.place, scope


def _observe(db: Database, asset: str, row: AssetRow, now: datetime) -> None:
    observers.of_asset(db, asset, row.plain(), row.unit, int(now.timestamp()))


def log(
    db: Database, asset: str, number: int, now: datetime, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    """Keep what changed of an asset, column by column; import 0: not by an import."""
    db.conn.executemany(
        "INSERT INTO asset_changes (asset, import, column_name, old, new, at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (asset, number, column, _text(old), _text(new), stamp(now))
            for column, (old, new) in changes.items()
        ],
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _record(
    db: Database, register: Register, source: Source, made: Plan, by: str, now: datetime
) -> None:
    counts = {act.value: made.count(act) for act in Act}
    db.execute(
        "INSERT INTO register_imports (at, by, file, digest, added, changed, retired, same, "
        "refused, uncounted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(stamp(now), by, source.name, source.digest, counts["added"]),
            *(counts["changed"] + counts["back"], counts["retired"], counts["same"]),
            *(register.refused, max(0, register.refused - len(made.held))),
        ),
    )
    detail = {
        "file": source.name,
        "sha256": source.digest.hex(),
        "sheets": [table.sheet.name for table in register.tables],
        "refused": register.refused,
        **counts,
    }
    audit.append(db, by, "register_imported", detail, now)
