"""What another fact of the same device says, for conditions that hold two witnesses together.

``agent.network.listening.port`` is every port in the list; a list that was not read to its end, or
an element that lacks the value, makes it partial: what is not found in it is then unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventory.catalogue import Fact, catalogue
from policies import unknowns
from policies.fetching import ABSENT, UNFIT, element_kind, fetch, fitting
from policies.tree import Spot
from policies.values import Value


@dataclass(frozen=True, slots=True)
class Collected:
    """The values, why they are not all (None: they are), and whether one has the wrong type."""

    values: tuple[Value, ...] = ()
    reason: str | None = None
    unfit: bool = False


def collected(document: Any, unknown: Mapping[str, str], fact: Fact) -> Collected:
    """All that the document says of ``fact``."""
    outer = catalogue().facts[fact.list_path] if fact.list_path else fact
    spot = Spot(outer, "", tuple(outer.path.split(".")))
    found = fetch(document, spot)
    if found is UNFIT:
        return Collected(unfit=True)
    told = unknowns.reason_of(unknown, unknowns.names_of(spot), ())
    if found is ABSENT:
        return Collected(reason=told or unknowns.NOT_REPORTED)
    if outer.type != "list":
        return Collected((found,), told)
    return _elements(found, outer, fact, told)


def _elements(items: list[Any], outer: Fact, fact: Fact, told: str | None) -> Collected:
    values: list[Value] = []
    for item in items:
        value: Any
        if outer is fact:
            value = ABSENT if item is None else fitting(item, element_kind(Spot(fact, "", ())))
        else:
            steps = tuple(fact.path.removeprefix(f"{outer.path}.").split("."))
            value = fetch(item, Spot(fact, outer.path, steps))
        if value is UNFIT:
            return Collected(unfit=True)
        if value is ABSENT:
            told = told or unknowns.NOT_REPORTED
        else:
            values.append(value)
    return Collected(tuple(values), told)
