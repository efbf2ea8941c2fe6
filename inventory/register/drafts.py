"""One line of a table read into a machine: every cell by its field, every problem at its cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from inventory.identity.evidence import Kind, usable
from inventory.register.fields import IDENTITY
from inventory.register.header import Column, Grid, Header
from inventory.register.rows import AssetRow, Problem
from inventory.register.units import Resolve
from inventory.register.values.addresses import addresses_of
from inventory.register.values.bad import Bad
from inventory.register.values.dates import date_of
from inventory.register.values.macs import macs_of
from inventory.register.values.texts import MOST_NOTE, number_of, optional
from inventory.register.values.words import UNKNOWN, check_quantity, kind_by_name, kind_of, state_of
from inventory.sheets import Value, address

_SHOWN = 80  #: characters of a cell in a problem
_LOCAL = 0x02  #: of a MAC's first byte (IEEE 802): given by software


@dataclass(slots=True)
class Draft:
    """A machine as far as its line could be read, and what is wrong with it."""

    row: AssetRow
    line: int
    cells: dict[str, str] = field(default_factory=dict)  #: field → the cell it came from
    heads: dict[str, str] = field(default_factory=dict)  #: field → the head of its column
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether a problem keeps it out."""
        return any(problem.refuses for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the lines of one table."""

    grid: Grid
    header: Header
    resolve: Resolve
    today: date

    def draft(self, line: int, heading: Mapping[str, str]) -> Draft:
        """One line; ``heading``: the unit or kind that a heading above it, or a person, gave."""
        first = address(line, 0)
        name = self.grid.sheet.name
        draft = Draft(AssetRow(place=f"{name}!{first}", sheet=name), line)
        values: dict[str, Any] = {}
        for column in self.header.columns:
            if column.field in _READERS:
                self._read(draft, values, column, column.field)
        draft.row = replace(draft.row, **values)
        self._complete(draft, heading)
        return draft

    def problem(self, line: int, column: int, kind: str, said: Mapping[str, str]) -> Problem:
        """A problem at a cell."""
        value = self.grid.shown(line, column)
        head = next((one.head for one in self.header.columns if one.index == column), "")
        shown = "" if value is None else " ".join(str(value).split())[:_SHOWN]
        return Problem(self.grid.sheet.name, address(line, column), kind, head, shown, said)

    def _read(self, draft: Draft, values: dict[str, Any], column: Column, name: str) -> None:
        value, bad = self._value(draft.line, column, name)
        if bad is None:
            try:
                read = _READERS[name](value, self.today)
            except Bad as fault:
                bad = fault
            else:
                _keep(draft, values, column, read)
        if bad is not None:
            draft.problems.append(self.problem(draft.line, column.index, bad.kind, bad.said))
            if name == "kind":
                values[name] = UNKNOWN
            elif bad.kind == "state_unknown":
                values[name] = bad.said["shown"]

    def _value(self, line: int, column: Column, name: str) -> tuple[Value, Bad | None]:
        """A cell's value; what is merged over several lines holds for each of them."""
        merged = self.grid.merged(line, column.index)
        value = self.grid.shown(line, column.index)
        if merged is None or value is None or merged.top == merged.bottom:
            return self.grid.sheet.rows[line][column.index], None
        if name in IDENTITY:
            lines = f"{merged.top + 1}–{merged.bottom + 1}"
            return None, Bad("merged_identity", lines=lines)
        return value, None

    def _complete(self, draft: Draft, heading: Mapping[str, str]) -> None:
        """What no single cell says: the unit's code, the kind by the name, junk, nothing at all."""
        row = draft.row
        if not (row.tag or row.serial or row.macs or row.name) and not draft.refused:
            place = self._first(IDENTITY)
            draft.problems.append(self.problem(draft.line, place, "nothing_identifies", {}))
        unit_text = row.unit_text or heading.get("unit")
        kind = row.kind
        if "kind" not in draft.cells and kind == UNKNOWN and not _has(draft, "kind_unknown"):
            named = kind_by_name(row.name) or heading.get("kind")
            kind = named or UNKNOWN
        draft.row = replace(row, unit_text=unit_text, kind=kind)
        self._junk(draft)
        self._unit(draft, heading)

    def _first(self, names: frozenset[str]) -> int:
        return next((one.index for one in self.header.columns if one.field in names), 0)

    def _junk(self, draft: Draft) -> None:
        for name, kind in (("serial", Kind.SERIAL), ("tag", Kind.TAG)):
            text = getattr(draft.row, name)
            if text and usable(kind, text) is None:
                self._warn(draft, name, "number_junk", {"shown": text})
        for mac in draft.row.macs:
            if int(mac[:2], 16) & _LOCAL:
                self._warn(draft, "macs", "mac_local", {"mac": mac})

    def _unit(self, draft: Draft, heading: Mapping[str, str]) -> None:
        text = draft.row.unit_text
        if text is None:
            if self.header.of("unit") and not _at(draft, self.header.of("unit")):
                self._warn(draft, "unit", "unit_missing", {})
            return
        found = self.resolve(text)
        if found.code is not None:
            draft.row = replace(draft.row, unit=found.code)
        if found.why not in {"", "none"}:
            said = {"shown": text, "near": ", ".join(found.near) or "–"}
            self._warn(draft, "unit", f"unit_{found.why}", said)

    def _warn(self, draft: Draft, name: str, kind: str, said: Mapping[str, str]) -> None:
        column = next((one.index for one in self.header.of(name)), 0)
        draft.problems.append(self.problem(draft.line, column, kind, said))


def _has(draft: Draft, kind: str) -> bool:
    return any(problem.kind == kind for problem in draft.problems)


def _at(draft: Draft, columns: list[Column]) -> bool:
    """Whether something is wrong in one of these cells already."""
    cells = {address(draft.line, one.index) for one in columns}
    return any(problem.cell in cells for problem in draft.problems)


def _keep(draft: Draft, values: dict[str, Any], column: Column, read: Any) -> None:
    name = column.field or ""
    if not read:
        return
    key = "unit_text" if name == "unit" else name
    before = values.get(key)
    values[key] = tuple(dict.fromkeys((*before, *read))) if before else read
    draft.cells.setdefault(name, address(draft.line, column.index))
    draft.heads.setdefault(name, column.head)


def _text(value: Value, today: date) -> str | None:
    return optional(value)


def _quantity(value: Value, today: date) -> None:
    check_quantity(value)


#: field → how its cells are read
_READERS: dict[str, Callable[[Value, date], Any]] = {
    "tag": lambda value, today: number_of(value),
    "serial": lambda value, today: number_of(value),
    "name": lambda value, today: optional(value) or "",
    "macs": lambda value, today: macs_of(value),
    "addresses": lambda value, today: addresses_of(value),
    "bought_on": date_of,
    "kind": lambda value, today: kind_of(value),
    "state": lambda value, today: state_of(value),
    "note": lambda value, today: optional(value, MOST_NOTE),
    "quantity": _quantity,
    "unit": _text,
    "model": _text,
    "vendor": _text,
    "holder": _text,
    "location": _text,
}
