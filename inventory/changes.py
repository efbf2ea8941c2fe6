"""What changed on a device between two views: path, element, old and new value.

Lists are compared by the key that the catalogue gives their elements, so a reordered list has not
changed and one new program is one row. What could not be read this time is one row that says
``unknown`` with the reason, never a list of things removed. Volatile facts (free space, ages,
counters) are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from inventory.catalogue import Catalogue, Fact, catalogue

MOST_CHANGES = 1000  #: rows of one report: a re-installed machine changes everything at once

_INDEX = re.compile(r"\[[^\]]*\]")

View = Mapping[str, Any]  #: ``{"facts": …, "unknown": …}``


@dataclass(frozen=True, slots=True)
class Change:
    """One change. Values are JSON; None where an element is new or gone."""

    path: str
    element: str | None
    old: str | None
    new: str | None


def changes(old: View, new: View) -> list[Change]:
    """What differs between two views; beyond MOST_CHANGES one row says how many more."""
    found = list(_Difference(old, new).all())
    more = len(found) - MOST_CHANGES
    if more > 0:
        return [*found[:MOST_CHANGES], Change("", None, None, _json(f"{more} more changes"))]
    return found


class _Difference:
    def __init__(self, old: View, new: View) -> None:
        self._old, self._new = old, new
        self._known: Catalogue = catalogue()

    def all(self) -> Iterator[Change]:
        """Every change, section by section in the catalogue's order."""
        for section in self._known.sections:
            old, new = (side["facts"].get(section.name) for side in (self._old, self._new))
            yield from self._between(section, old, new, None)

    def _between(self, fact: Fact, old: Any, new: Any, element: str | None) -> Iterator[Change]:
        if old == new or fact.volatile or fact.witness == "server":
            return
        if fact.type == "list" and old and new and _sorted(old) == _sorted(new):
            return
        if fact.children and old is not None and new is not None:
            inside = self._lists if fact.type == "list" else self._objects
            yield from inside(fact, old, new, element)
        else:
            before = self._said(fact, old, self._old)
            after = self._said(fact, new, self._new)
            yield Change(fact.path, element, before, after)

    def _objects(self, fact: Fact, old: Any, new: Any, element: str | None) -> Iterator[Change]:
        for child in self._known.children(fact):
            yield from self._between(child, old.get(child.name), new.get(child.name), element)

    def _lists(self, fact: Fact, old: Any, new: Any, element: str | None) -> Iterator[Change]:
        same = Counter(map(_json, old)) & Counter(map(_json, new))
        before, after = (_by_key(fact, _without(same, side), element) for side in (old, new))
        for key in before | after:
            if key in before and key in after:
                yield from self._objects(fact, before[key], after[key], key)
            else:
                there = (_json(side[key]) if key in side else None for side in (before, after))
                yield Change(fact.path, key, *there)

    @staticmethod
    def _said(fact: Fact, value: Any, view: View) -> str:
        """A value as JSON; a missing one as the reason, a whole section in few words."""
        if value is None:
            return _json({"unknown": _reason(fact.path, view["unknown"])})
        if fact.children:
            return _json({"read": len(value)})
        return _json(value)


def _sorted(elements: list[Any]) -> list[str]:
    return sorted(map(_json, elements))


def _without(same: Counter[str], elements: list[Any]) -> list[Any]:
    """What is not exactly in both lists, in an order of its own."""
    left, rest = same.copy(), []
    for written in _sorted(elements):
        if left[written]:
            left[written] -= 1
        else:
            rest.append(msgspec.json.decode(written))
    return rest


def _reason(path: str, unknown: Mapping[str, Any]) -> str:
    """Why a fact is missing: the nearest entry at or above it, of any element of a list."""
    bare = {_INDEX.sub("", where): entry for where, entry in unknown.items()}
    while path:
        if path in bare:
            return str(bare[path]["reason"])
        path = path.rpartition(".")[0]
    return "not_reported"


def _by_key(fact: Fact, elements: list[Any], outer: str | None) -> dict[str, Any]:
    """The elements by their key in words; equal keys are told apart by their order."""
    keyed: dict[str, Any] = {}
    for element in elements:
        words = [str(element.get(name, "")) for name in fact.key]
        first = " ".join(words if outer is None else [outer, *words])
        key, number = first, 1
        while key in keyed:
            number += 1
            key = f"{first} #{number}"
        keyed[key] = element
    return keyed


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
