"""What must hold of all units together, on every day, and every place where it does not.

Spans of one code do not meet; a parent is there as long as its parts are and never under them; an
address has one unit, but for a network inside one of a unit above; who takes a unit's place is
there on the day after its last. Where these hold, every question about a day has one answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from inventory.folding import folded
from inventory.units.model import FIRST, LAST, Holding, Unit, day_after
from inventory.units.tree import History
from language.said import Said, said

MOST_LEVELS = 32  #: of a tree; from a ministry to a room there are about 8


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that does not hold, at a field of a unit; ``other`` is the second place of it."""

    unit: Unit
    column: str
    why: Said
    item: int | None = None
    other: tuple[Unit, str, int | None] | None = None


def breaches(units: Iterable[Unit]) -> list[Breach]:
    """Every breach of the laws; none means that they hold on every day."""
    history = History(units)
    found = [*_spans(history), *_spellings(history)]
    found += [one for unit in history for one in _days(unit)]
    if found:
        return found  # what follows asks who stands above whom, which has no answer yet
    found += [one for unit in history for one in _parent(unit, history)]
    found += [one for unit in history for one in _circle(unit, history)]
    if found:
        return found
    found += [one for unit in history for one in _successors(unit, history)]
    return found + list(_networks(history))


def _spans(history: History) -> Iterator[Breach]:
    for spans in history.units.values():
        for earlier, later in pairwise(spans):
            if later.valid_from <= earlier.until:
                why = said(
                    "{code} is there twice {days}; give each of its rows its own days "
                    "(valid_from, valid_to), the earlier one with its last day",
                    code=later.code,
                    days=_stretch(later.valid_from, LAST),
                )
                yield Breach(later, "valid_from", why, other=(earlier, "valid_from", None))


def _spellings(history: History) -> Iterator[Breach]:
    first: dict[str, Unit] = {}
    for code, spans in history.units.items():
        other = first.setdefault(folded(code), spans[0])
        if other.code != code:
            why = said(
                "{one} and {other} differ in case or diacritics only; write one of them",
                one=code,
                other=other.code,
            )
            yield Breach(spans[0], "code", why, other=(other, "code", None))


def _days(unit: Unit) -> Iterator[Breach]:
    if unit.valid_from > unit.until:
        why = said(
            "{code} would end on {last}, before it begins on {first}",
            code=unit.code,
            last=unit.valid_to,
            first=unit.valid_from,
        )
        yield Breach(unit, "valid_to", why)
        return
    for item, holding in enumerate(unit.networks):
        first, last = unit.span(holding)
        if not unit.valid_from <= first <= last <= unit.until:
            why = said(
                "{network} is held {days}, which is not within the days of {code} ({own})",
                network=holding.network,
                days=_stretch(first, last),
                code=unit.code,
                own=_stretch(unit.valid_from, unit.until),
            )
            yield Breach(unit, "networks", why, item)


def _parent(unit: Unit, history: History) -> Iterator[Breach]:
    if unit.parent is None:
        return
    spans = history.spans(unit.parent)
    if not spans:
        yield Breach(
            unit,
            "parent",
            said("no unit has the code {parent}; add it, or correct it", parent=unit.parent),
        )
        return
    missing = _first_missing(unit.valid_from, unit.until, spans)
    if missing is not None:
        why = said(
            "{code} stands under {parent} ({days}), which is not there on {day}; end {code} "
            "before, and give it a row of its own with its new parent from then on",
            code=unit.code,
            parent=unit.parent,
            days=_stretch(unit.valid_from, unit.until),
            day=missing,
        )
        yield Breach(unit, "parent", why, other=(spans[-1], "valid_to", None))


def _first_missing(first: str, last: str, spans: list[Unit]) -> str | None:
    """The first day of a stretch on which none of a unit's spans is there."""
    day = first
    for span in spans:
        if span.on(day):
            if span.until >= last:
                return None
            day = day_after(span.until)
    return day


def _circle(unit: Unit, history: History) -> Iterator[Breach]:
    """Whether a unit stands under itself, or too deep, on its first day.

    Some unit of every circle begins on the first day of it: asking each on that day finds all.
    """
    seen, above = {unit.code}, unit
    while above.parent is not None:
        found = history.on(above.parent, unit.valid_from)
        if found is None:
            return
        if found.code == unit.code:
            why = said(
                "{code} stands under itself {days}, through {above}",
                code=unit.code,
                days=_stretch(unit.valid_from, LAST),
                above=above.code,
            )
            yield Breach(unit, "parent", why, other=(above, "parent", None))
        if found.code in seen:
            return
        if len(seen) == MOST_LEVELS:
            why = said(
                "{code} stands more than {most} levels deep; no office is so deep",
                code=unit.code,
                most=MOST_LEVELS,
            )
            yield Breach(unit, "parent", why, other=(found, "parent", None))
            return
        seen.add(found.code)
        above = found


def _successors(unit: Unit, history: History) -> Iterator[Breach]:
    start = day_after(unit.until)
    for item, heir in enumerate(unit.successors):
        why = None
        if unit.valid_to is None:
            why = said("{code} has successors and no last day; give valid_to", code=unit.code)
        elif history.on(unit.code, start) is not None:
            why = said(
                "{code} goes on after {day}; only a unit that ends has successors",
                code=unit.code,
                day=unit.valid_to,
            )
        elif history.on(heir, start) is None:
            why = said(
                "{heir} takes the place of {code} on {day} and is not there on that day; "
                "add it, or correct the days",
                heir=heir,
                code=unit.code,
                day=start,
            )
        if why is not None:
            yield Breach(unit, "successors", why, item)


def _networks(history: History) -> Iterator[Breach]:
    """Two units (or one, twice) with the same addresses on the same day."""
    for outer, inner in _meeting(history):
        (unit, item), (part, index) = outer, inner
        network, held = unit.networks[item], part.networks[index]
        first = max(unit.span(network)[0], part.span(held)[0])
        last = min(unit.span(network)[1], part.span(held)[1])
        if first > last or _may(unit, network, part, held, first, last, history):
            continue
        names = {
            "held": held.network,
            "part": part.code,
            "network": network.network,
            "unit": unit.code,
            "days": _stretch(first, last),
        }
        if network.network != held.network:
            why = said(
                "{held} of {part} lies in {network} of {unit} ({days}), and {part} is not under "
                "{unit} on all of these days; an address has one unit on a day: correct one of "
                "them, or give days",
                **names,
            )
        elif unit.code == part.code:
            why = said(
                "{held} of {part} is given twice {days}; an address has one unit on a day: "
                "correct one of them, or give days",
                **names,
            )
        else:
            why = said(
                "{held} of {part} is {unit}'s as well ({days}); an address has one unit on a "
                "day: correct one of them, or give days",
                **names,
            )
        yield Breach(part, "networks", why, index, (unit, "networks", item))


_Held = tuple[Unit, int]


def _meeting(history: History) -> Iterator[tuple[_Held, _Held]]:
    """All pairs of networks of which one holds the other, whatever their days, the wider first."""
    kinds: dict[int, list[_Held]] = defaultdict(list)
    for unit in history:
        for item, holding in enumerate(unit.networks):
            kinds[holding.network.version].append((unit, item))
    for held in kinds.values():
        held.sort(key=_start)
        around: list[_Held] = []
        for one in held:
            start = _start(one)[0]
            while around and _end(around[-1]) < start:
                around.pop()
            yield from ((wide, one) for wide in around)
            around.append(one)


def _start(one: _Held) -> tuple[int, int, str, str]:
    network = one[0].networks[one[1]].network
    return int(network.network_address), network.prefixlen, *one[0].key


def _end(one: _Held) -> int:
    return int(one[0].networks[one[1]].network.broadcast_address)


def _may(
    unit: Unit,
    network: Holding,
    part: Unit,
    held: Holding,
    first: str,
    last: str,
    history: History,
) -> bool:
    """Whether both may hold: inside another of its own, or of a unit above on all of the days."""
    if network.network == held.network:
        return False
    return unit.code == part.code or _under(part.code, unit.code, first, last, history)


def _under(code: str, above: str, first: str, last: str, history: History) -> bool:
    """Whether a unit stands under another on every day of a stretch on which it is there."""
    for span in history.spans(code):
        start, end = max(first, span.valid_from), min(last, span.until)
        if start > end or span.parent == above:
            continue
        if span.parent is None or not _under(span.parent, above, start, end, history):
            return False
    return True


def _stretch(first: str, last: str) -> Said:
    """A stretch of days as a person says it."""
    if first == FIRST:
        return said("on all days") if last == LAST else said("until {last}", last=last)
    if last == LAST:
        return said("from {first} on", first=first)
    return said("from {first} to {last}", first=first, last=last)
