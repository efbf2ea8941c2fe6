"""What a file says of its units, word for word with the place of each, whatever file it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.errors import InventoryError
from inventory.sheets import Value
from language.said import Said, joined, said

#: The fields of one unit; the lists among them hold any number of items.
FIELDS = (
    *("code", "kind", "name_vi", "name_en", "parent"),
    *("valid_from", "valid_to", "networks", "successors"),
)
LISTS = frozenset({"networks", "successors"})


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong: ``place`` is ``file:line:column`` or ``file:Sheet!C14``."""

    place: str
    column: str
    message: Said

    def __str__(self) -> Said:
        return said(
            "{place}: {column}: {message}",
            place=self.place,
            column=self.column,
            message=self.message,
        )


class UnitsRefused(InventoryError):
    """The file cannot be imported, and nothing was; ``problems`` names every place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(joined("\n", (one.__str__() for one in problems)))


@dataclass(frozen=True, slots=True)
class Item:
    """One value; ``days`` are those of a network that has days of its own."""

    value: Value
    place: str
    days: Mapping[str, Item] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """One row: the fields that it has, each with its items; a field without items is empty."""

    place: str
    fields: Mapping[str, tuple[Item, ...]]
