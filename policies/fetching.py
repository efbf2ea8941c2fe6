"""What stands at a spot of a document, and what a person calls it."""

from __future__ import annotations

from typing import Any

from policies import unknowns
from policies.tree import Spot
from policies.values import element_type


class _Absent:
    """Nothing stands at a spot."""


class _Unfit:
    """Something of the wrong type stands at or above a spot."""


ABSENT, UNFIT = _Absent(), _Unfit()


def fetch(here: Any, spot: Spot) -> Any:
    """What stands at a spot: a value of the fact's type, ABSENT, or UNFIT."""
    for step in spot.steps:
        if here is None:
            return ABSENT
        if not isinstance(here, dict):
            return UNFIT
        here = here.get(step)
    if here is None:
        return ABSENT
    kind = spot.fact.type if spot.steps else element_kind(spot)
    return fitting(here, kind)


def element_kind(spot: Spot) -> str:
    """The type of one element of the spot's fact."""
    return "object" if spot.fact.children else element_type(spot.fact)


_TYPES: dict[str, type] = {
    "boolean": bool,
    "integer": int,
    "list": list,
    "object": dict,
    "number": float,
}


def fitting(value: Any, kind: str) -> Any:
    """The value as the catalogue's type has it, or UNFIT."""
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    fits = isinstance(value, _TYPES.get(kind, str))
    return value if fits and (kind == "boolean" or not isinstance(value, bool)) else UNFIT


def path_of(spot: Spot, indexes: tuple[int, ...]) -> str:
    """The spot's path with the indexes of the elements in it."""
    known_as = unknowns.names_of(spot)
    template, count = known_as[0]
    return template % indexes[:count] if count else template


def element_name(item: Any, index: int, spot: Spot) -> str:
    """What a person calls one element: its value, or the first of its naming facts; else ``#2``."""
    if isinstance(item, dict):
        parts = [item.get(name) for name in spot.fact.key]
        shown: list[str] = []
        for part in parts[:3]:
            if isinstance(part, str | int) and str(part) not in " ".join(shown):
                shown.append(str(part))
        return " ".join(shown) or f"#{index + 1}"
    return str(item) if isinstance(item, str | int | float) else f"#{index + 1}"
