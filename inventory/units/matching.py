"""Which unit, and which span of its days, a row of a file is; and what the row makes of it.

A row is the span with its code and first day. A row with another first day, and otherwise like the
one span that it meets, corrects that span's days; one without a first day is the one span that no
other row names. What a row does not say stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.units.drafts import Draft, Held
from inventory.units.model import FIRST, LAST, Holding, Unit
from inventory.units.raw import Problem
from inventory.units.tree import History
from language.said import said

_CONTENT = ("kind", "name_vi", "name_en", "parent")
_NEEDED = ("kind", "name_vi")


@dataclass(slots=True)
class Placed:
    """A unit that a row made, and where its lists' items stand."""

    draft: Draft
    old: Unit | None
    unit: Unit
    lists: Mapping[str, Sequence[str]]

    def place(self, column: str, item: int | None) -> str:
        """Where a field, or an item of a list, was given; else where the row is."""
        if item is not None:
            return self.lists[column][item]
        return self.draft.places.get(column, self.draft.place)


def matched(history: History, drafts: Sequence[Draft], problems: list[Problem]) -> list[Placed]:
    """Every row with the span that it is of."""
    named = {(one.code, _start(one)) for one in drafts if "valid_from" in one.said}
    placed: list[Placed] = []
    for draft in drafts:
        spans = history.spans(draft.code)
        free = [unit for unit in spans if unit.key not in named]
        old = _old(draft, spans, free, problems)
        if old is not None:
            named.add(old.key)
        missing = [one for one in _NEEDED if not (draft.said.get(one) or _kept(draft, old, one))]
        problems += [
            Problem(
                draft.place,
                one,
                said("is missing; {code} is not in the inventory yet", code=draft.code),
            )
            for one in missing
        ]
        if not missing:
            placed.append(_placed(draft, old))
    return placed


def _start(draft: Draft) -> str:
    return draft.said.get("valid_from") or FIRST


def _old(
    draft: Draft, spans: Sequence[Unit], free: Sequence[Unit], problems: list[Problem]
) -> Unit | None:
    if "valid_from" in draft.said:
        exact = [unit for unit in spans if unit.valid_from == _start(draft)]
        alike = [unit for unit in free if _corrects(draft, unit)]
        return exact[0] if exact else alike[0] if len(alike) == 1 else None
    first = [unit for unit in free if unit.valid_from == FIRST] or list(free)
    if len(first) > 1:
        days = ", ".join(unit.valid_from for unit in first)
        why = said("{code} has rows from {days}; say which one this is", code=draft.code, days=days)
        problems.append(Problem(draft.place, "valid_from", why))
    return first[0] if first else None


def _corrects(draft: Draft, unit: Unit) -> bool:
    """Whether a row is a span of the inventory with other days, and nothing else of it differs."""
    meets = _start(draft) <= unit.until and unit.valid_from <= (draft.said.get("valid_to") or LAST)
    return meets and all(
        (draft.said.get(name) or None) == (getattr(unit, name) or None)
        for name in _CONTENT
        if name in draft.said
    )


def _kept(draft: Draft, old: Unit | None, name: str) -> str | None:
    """What stays because the row has no such field."""
    kept: str | None = getattr(old, name) if old is not None and name not in draft.said else None
    return kept


def _placed(draft: Draft, old: Unit | None) -> Placed:
    told = {name: draft.said.get(name) or _kept(draft, old, name) for name in _CONTENT}
    start = old.valid_from if old and "valid_from" not in draft.said else _start(draft)
    end = draft.said.get("valid_to") or _kept(draft, old, "valid_to")
    found = [(_plain(one, start, end), place) for one, place in _holdings(draft, old)]
    networks = sorted(found, key=lambda one: one[0].order)
    heirs = _heirs(draft, old)
    unit = Unit(
        draft.code,
        *(told["kind"] or "", told["name_vi"] or "", told["name_en"] or "", told["parent"]),
        *(start, end),
        networks=tuple(one for one, _ in networks),
        successors=tuple(heir for heir, _ in heirs),
    )
    lists = {
        "networks": [place for _, place in networks],
        "successors": [place for _, place in heirs],
    }
    return Placed(draft, old, unit, lists)


def _holdings(draft: Draft, old: Unit | None) -> list[tuple[Holding, str]]:
    stored = old.networks if old is not None else ()
    if draft.networks is None:
        return [(one, draft.place) for one in stored]
    found: list[tuple[Holding, str]] = []
    for held in draft.networks:
        same = [one for one in stored if one.network == held.network and not held.days]
        found += [(one, held.place) for one in same or [_holding(held)]]
    return found


def _holding(held: Held) -> Holding:
    return Holding(held.network, held.days.get("valid_from"), held.days.get("valid_to"))


def _heirs(draft: Draft, old: Unit | None) -> list[tuple[str, str]]:
    if draft.successors is None:
        return [(heir, draft.place) for heir in (old.successors if old is not None else ())]
    return sorted(dict(draft.successors).items())


def _plain(one: Holding, start: str, end: str | None) -> Holding:
    """The unit's own first and last day are not said again."""
    first = one.valid_from if one.valid_from != start else None
    return Holding(one.network, first, one.valid_to if one.valid_to != end else None)
