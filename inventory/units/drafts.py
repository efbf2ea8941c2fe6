"""Rows of a file as units in the making: typed values, only the fields that the file has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.sheets import SheetUnreadable
from inventory.units import from_sheets, from_yaml
from inventory.units.model import Network, Unit
from inventory.units.raw import LISTS, Item, Problem, Raw, UnitsRefused
from inventory.units.values import Bad, code_of, day_of, kind_of, network_of, text_of
from language.said import said
from language.system import reason

_READERS: dict[str, Callable[[Path, list[Problem]], list[Raw]]] = {
    **dict.fromkeys((".yaml", ".yml"), from_yaml.read),
    **dict.fromkeys((".xlsx", ".xlsm", ".csv", ".tsv"), from_sheets.read),
}
#: Where one of these is empty it is not said; an empty ``valid_to`` says: no last day.
_NEVER_EMPTY = frozenset({"code", "kind", "name_vi", "valid_from"})
_TYPES: dict[str, Callable[[Any], str]] = {
    "code": code_of,
    "kind": kind_of,
    "name_vi": text_of,
    "name_en": text_of,
    "parent": code_of,
    "valid_from": day_of,
    "valid_to": day_of,
    "successors": code_of,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A network as a file gives it; ``days`` has only those that the file tells."""

    network: Network
    place: str
    days: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """One row; what is in none of the three is not said, and stays as it is.

    ``said``: the plain fields, None where one is empty; ``places``: where they stand.
    """

    code: str
    place: str
    said: Mapping[str, str | None]
    places: Mapping[str, str]
    networks: tuple[Held, ...] | None = None
    successors: tuple[tuple[str, str], ...] | None = None  #: each with its place


def read(path: Path) -> list[Draft]:
    """Every unit of a file (YAML, workbook or delimited text).

    Raises:
        UnitsRefused: with everything that is wrong in it.
        SheetUnreadable: no such file, or none of these kinds.
    """
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        raise SheetUnreadable(
            said("{path}: is no list of units; give a .yaml, .xlsx or .csv file", path=path)
        )
    problems: list[Problem] = []
    try:
        rows = reader(path, problems)
    except OSError as fault:
        raise SheetUnreadable(said("{path}: {why}", path=path, why=reason(fault))) from None
    drafts = [draft for row in rows if (draft := _draft(row, problems)) is not None]
    if not (problems or drafts):
        problems.append(Problem(str(path), "units", said("the file has no unit")))
    if problems:
        raise UnitsRefused(problems)
    return drafts


def drafted(units: Iterable[Unit], place: str) -> list[Draft]:
    """Units that a program made, as a file would give them."""
    return [_of_unit(unit, place) for unit in units]


def _of_unit(unit: Unit, place: str) -> Draft:
    held = tuple(
        Held(one.network, place, {"valid_from": one.valid_from, "valid_to": one.valid_to})
        for one in unit.networks
    )
    told = {name: getattr(unit, name) or None for name in _TYPES if name not in LISTS}
    return Draft(unit.code, place, told, {}, held, tuple((heir, place) for heir in unit.successors))


def _draft(row: Raw, problems: list[Problem]) -> Draft | None:
    told: dict[str, str | None] = {}
    for name, items in row.fields.items():
        if name not in LISTS and (items or name not in _NEVER_EMPTY):
            told[name] = _value(name, items[0], problems) if items else None
    code = told.get("code")
    if code is None:
        if not row.fields.get("code"):
            problems.append(Problem(row.place, "code", said("is missing; every unit has one")))
        return None
    places = {name: items[0].place for name, items in row.fields.items() if items}
    networks, heirs = row.fields.get("networks"), row.fields.get("successors")
    return Draft(
        *(code, row.place, told, places),
        networks=None if networks is None else _networks(networks, problems),
        successors=None if heirs is None else _heirs(heirs, problems),
    )


def _value(name: str, item: Item, problems: list[Problem]) -> str | None:
    try:
        return _TYPES[name](item.value)
    except Bad as why:
        problems.append(Problem(item.place, name, why.said))
        return None


def _networks(items: Iterable[Item], problems: list[Problem]) -> tuple[Held, ...]:
    found: list[Held] = []
    for item in items:
        days = {
            name: None if one.value is None else _value(name, one, problems)
            for name, one in item.days.items()
        }
        try:
            found.append(Held(network_of(item.value), item.place, days))
        except Bad as why:
            problems.append(Problem(item.place, "networks", why.said))
    return tuple(found)


def _heirs(items: Iterable[Item], problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    found = [(_value("successors", item, problems), item.place) for item in items]
    return tuple((code, place) for code, place in found if code is not None)
