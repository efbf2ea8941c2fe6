"""What another fact of the same device says, for conditions that hold two witnesses together.

``agent.network.listening.port`` is every port in the list; a list that was not read to its end, or
an element that lacks the value, makes it partial: what is not found in it is then unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventory.catalogue import Fact, catalogue
from policies import operators, unknowns, versions
from policies.fetching import ABSENT, UNFIT, element_kind, fetch, fitting
from policies.tree import Spot
from policies.values import Value, element_type


@dataclass(frozen=True, slots=True)
class Collected:
    """The values, why they are not all (None: they are), and whether one has the wrong type."""

    values: tuple[Value, ...] = ()
    reason: str | None = None
    unfit: bool = False

    @property
    def silent(self) -> bool:
        """Whether nothing can be held against it: nothing was read, and nobody said it is empty."""
        return self.unfit or (self.reason is not None and not self.values)


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


def holds(operator: str, fact: Fact, value: Value, said: Collected) -> bool | None:
    """What the operator says of a value of ``fact`` and the other fact's; None where it may turn.

    A version without a number to compare is read, but not understood: it may be any.
    """
    read = versions.version_key if element_type(fact) == "version" else _itself
    one, others = read(value), [read(other) for other in said.values]
    known = [other for other in others if other is not None]
    if one is None or (operator != "one_of" and not known):
        return None
    if operator == "one_of":
        answer = one in known
    else:
        word = "at_least" if operator == "version_at_least" else operator
        answer = operators.compare(word, one, known[0])
    whole = said.reason is None and len(known) == len(others)
    return answer if answer or whole else None


def _itself(value: Any) -> Any:
    return value
