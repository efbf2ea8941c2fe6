"""What importing a file would do to the units, and whether the laws would still hold.

Which row is which unit says `matching`; a unit that no row names stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from inventory.units.drafts import Draft
from inventory.units.laws import Breach, breaches
from inventory.units.matching import Placed, matched
from inventory.units.model import FIRST, Holding, Unit
from inventory.units.raw import Problem, UnitsRefused
from inventory.units.tree import History
from language.said import said


class Act(StrEnum):
    """What becomes of one unit."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one unit before and after, as text."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Step:
    """One row's part; ``old`` is None where the unit, or its span of days, is new."""

    act: Act
    old: Unit | None
    new: Unit
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it; ``unnamed``: units without a last day that the file leaves out, and that stay."""

    steps: list[Step]
    unnamed: list[Unit]

    def of(self, *acts: Act) -> list[Step]:
        """The steps of some kinds."""
        return [step for step in self.steps if step.act in acts]

    @property
    def changes(self) -> list[Step]:
        """The steps that change something."""
        return [step for step in self.steps if step.act is not Act.SAME]


def plan(history: History, drafts: Sequence[Draft]) -> Plan:
    """What importing these rows would do.

    Raises:
        UnitsRefused: a law would not hold; every place where, and the other place of it.
    """
    problems: list[Problem] = []
    placed = matched(history, drafts, problems)
    if problems:
        raise UnitsRefused(problems)
    replaced = {one.old.key for one in placed if one.old is not None}
    kept = [unit for unit in history if unit.key not in replaced]
    found = breaches([*kept, *(one.unit for one in placed)])
    if found:
        where = {id(one.unit): one for one in placed}
        raise UnitsRefused([_told(breach, where) for breach in found])
    named = {draft.code for draft in drafts}
    unnamed = [unit for unit in kept if unit.code not in named and unit.valid_to is None]
    return Plan([_step(one) for one in placed], unnamed)


def _told(breach: Breach, placed: Mapping[int, Placed]) -> Problem:
    def place(unit: Unit, column: str, item: int | None) -> str:
        one = placed.get(id(unit))
        return one.place(column, item) if one else said("the inventory ({code})", code=unit.code)

    message = breach.why
    if breach.other is not None:
        message = said("{why} (the other is at {place})", why=message, place=place(*breach.other))
    return Problem(place(breach.unit, breach.column, breach.item), breach.column, message)


def _step(one: Placed) -> Step:
    if one.old is None:
        return Step(Act.ADDED, None, one.unit)
    found = tuple(_differences(one.old, one.unit))
    ended = one.old.valid_to is None and one.unit.valid_to is not None
    act = Act.ENDED if ended else Act.CHANGED if found else Act.SAME
    return Step(act, one.old, one.unit, found)


def _differences(old: Unit, new: Unit) -> Iterable[Difference]:
    for one in fields(Unit):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if before != after:
            yield Difference(one.name, shown(before), shown(after))


def shown(value: str | tuple[Holding | str, ...] | None) -> str:
    """A field's value as a person reads it; nothing where it is empty."""
    if isinstance(value, tuple):
        return ", ".join(map(_item, value))
    return "" if value in {None, FIRST} else str(value)


def _item(one: Holding | str) -> str:
    if isinstance(one, str):
        return one
    days = one.valid_from or one.valid_to
    return (
        f"{one.network} ({one.valid_from or ''}–{one.valid_to or ''})" if days else f"{one.network}"
    )
