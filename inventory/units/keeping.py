"""The units in the store: read, and imported in one transaction that stands in the audit log."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from sqlite3 import Connection
from typing import Any
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from inventory import audit
from inventory.store import Store
from inventory.units.drafts import Draft, drafted, read
from inventory.units.model import Holding, Unit, day_after
from inventory.units.planning import Act, Plan, Step, plan
from inventory.units.tree import History, Tree


def history(store: Store) -> History:
    """Every unit that the inventory knows, with all its spans; read anew after any commit."""
    db = store.reader()
    version: int = db.execute("PRAGMA data_version").fetchone()[0]  # as this connection sees it
    known = _read.get(db.conn)
    if known is None or known[0] != version:
        known = _read[db.conn] = (version, _load(db))
    return known[1]


_read: WeakKeyDictionary[Connection, tuple[int, History]] = WeakKeyDictionary()


def at(store: Store, day: str) -> Tree:
    """The units of one day (ISO)."""
    return history(store).tree(day)


def import_units(
    store: Store, path: Path, *, by: str, now: datetime, dry_run: bool = False
) -> Plan:
    """Import a file of units whole, or refuse it whole; importing it again changes nothing.

    Raises:
        UnitsRefused: the file or what it would lead to is wrong; every place, nothing was written.
        SheetUnreadable: the file cannot be read.
    """
    drafts = read(path)
    if dry_run:
        return plan(history(store), drafts)
    source = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return _keep(store, drafts, source, by, now)


def put(store: Store, units: Iterable[Unit], *, by: str, now: datetime, source: str) -> Plan:
    """Keep units that a program made, under the same laws; ``source`` says which program.

    Raises:
        UnitsRefused: a law would not hold; nothing was written.
    """
    return _keep(store, drafted(units, source), {"source": source}, by, now)


def _keep(
    store: Store, drafts: Sequence[Draft], source: dict[str, Any], by: str, now: datetime
) -> Plan:
    with store.write() as db:
        made = plan(_load(db), drafts)
        for step in made.changes:
            if step.old is not None:
                _remove(db, step.old)
        for step in made.changes:
            _add(db, step.new)
        audit.append(db, by, "units_imported", source | _told(made), now)
    return made


def _told(made: Plan) -> dict[str, Any]:
    """What an import did, in full: a correction of the past can be undone by it."""
    changed = made.of(Act.CHANGED, Act.ENDED)
    return {
        "added": [_key(step) for step in made.of(Act.ADDED)],
        "changed": {_key(step): [asdict(one) for one in step.differences] for step in changed},
        "same": len(made.of(Act.SAME)),
        "left_out": [unit.code for unit in made.unnamed],
    }


def _key(step: Step) -> str:
    return f"{step.new.code} {(step.old or step.new).valid_from}"


_network = lru_cache(maxsize=65_536)(ip_network)  #: read with every list of devices


def _load(db: Database) -> History:
    held: dict[str, list[tuple[str, Holding]]] = defaultdict(list)
    for code, network, first, last in db.execute(
        "SELECT unit, network, valid_from, valid_to FROM unit_networks"
    ):
        held[code].append((first, Holding(_network(network), first, last)))
    heirs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, new, start in db.execute("SELECT old, new, at FROM unit_successors ORDER BY new"):
        heirs[old, start].append(new)
    rows = db.execute(
        "SELECT code, kind, name_vi, name_en, parent, valid_from, valid_to FROM units"
    ).fetchall()
    return History(_unit(Unit(*row), held[row[0]], heirs) for row in rows)


def _unit(
    bare: Unit, held: Iterable[tuple[str, Holding]], heirs: dict[tuple[str, str], list[str]]
) -> Unit:
    """A row with its networks and successors; the unit's own first day is not said again."""
    mine = [
        Holding(one.network, first if first != bare.valid_from else None, one.valid_to)
        for first, one in held
        if bare.on(first)
    ]
    return Unit(
        *(bare.code, bare.kind, bare.name_vi, bare.name_en, bare.parent),
        *(bare.valid_from, bare.valid_to),
        tuple(sorted(mine, key=lambda one: one.order)),
        tuple(heirs[bare.code, day_after(bare.until)]) if bare.valid_to else (),
    )


def _remove(db: Database, unit: Unit) -> None:
    db.execute("DELETE FROM units WHERE code = ? AND valid_from = ?", unit.key)
    db.execute(
        "DELETE FROM unit_networks WHERE unit = ? AND valid_from BETWEEN ? AND ?",
        (unit.code, unit.valid_from, unit.until),
    )
    db.execute(
        "DELETE FROM unit_successors WHERE old = ? AND at = ?", (unit.code, day_after(unit.until))
    )


def _add(db: Database, unit: Unit) -> None:
    db.execute(
        "INSERT INTO units (code, valid_from, valid_to, parent, kind, name_vi, name_en) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*unit.key, unit.valid_to, unit.parent, unit.kind, unit.name_vi, unit.name_en),
    )
    for one in unit.networks:
        db.execute(
            "INSERT INTO unit_networks (unit, network, valid_from, valid_to) VALUES (?, ?, ?, ?)",
            (unit.code, str(one.network), one.valid_from or unit.valid_from, one.valid_to),
        )
    for heir in unit.successors:
        db.execute(
            "INSERT INTO unit_successors (old, new, at) VALUES (?, ?, ?)",
            (unit.code, heir, day_after(unit.until)),
        )
