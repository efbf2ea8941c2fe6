"""Each unit's own machines: how they are covered, and how the first rule judges them.

Units stand as they were on the report's day; one that has ended by then names who took its place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.coverage import State
from inventory.devices import DeviceView
from inventory.units.model import Unit
from inventory.units.tree import History
from language.texts import Words, both
from policies.judge import Verdict
from reports.figures import UnitLine


@dataclass(slots=True)
class _Count:
    expected: int = 0
    states: Counter[str] = field(default_factory=Counter)
    headline: Counter[str] = field(default_factory=Counter)
    fails: Counter[str] = field(default_factory=Counter)
    contradicted: int = 0


def unit_lines(
    machines: Iterable[DeviceView],
    verdicts: Sequence[Verdict],
    severities: Mapping[str, str],
    history: History,
    day: str,
) -> tuple[UnitLine, ...]:
    """One line for every unit that has machines, in the order of the tree; no unit comes last.

    Args:
        machines: every device; those that are not expected are left out.
        verdicts: of all rules on all machines.
        severities: rule → severity, the policy's first rule first.
        history: the units.
        day: the report's day, ISO.
    """
    first = next(iter(severities), "")
    expected = {one.device: one for one in machines if one.expected}
    counts: dict[str, _Count] = defaultdict(_Count)
    for one in expected.values():
        mine = counts[one.unit or ""]
        mine.expected += 1
        mine.states[str(one.state)] += 1
        mine.contradicted += any(not said.confirmed for said in one.compared)
    for verdict in verdicts:
        if verdict.device not in expected:
            continue
        mine = counts[expected[verdict.device].unit or ""]
        if verdict.rule == first:
            mine.headline[verdict.result] += 1
        if verdict.result == "fail":
            mine.fails[severities[verdict.rule]] += 1
    order = [unit.code for unit in history.tree(day)]
    places = {code: place for place, code in enumerate(order)}
    codes = sorted(counts, key=lambda code: (code == "", places.get(code, len(places)), code))
    return tuple(_line(code, counts[code], history, day) for code in codes)


def _line(code: str, count: _Count, history: History, day: str) -> UnitLine:
    unit = history.on(code, day)
    judged = count.headline.total()
    headline = dict(count.headline)
    if judged < count.expected:  # no verdict at all: nobody knows
        headline["unknown"] = headline.get("unknown", 0) + count.expected - judged
    ended, successors = _successors(code, history)
    return UnitLine(
        code=code,
        name=unit_name(code, history, day),
        above=tuple(_words(one) for one in history.tree(day).path(code)[:-1]) if unit else (),
        expected=count.expected,
        states={state.value: count.states[state.value] for state in State},
        headline=headline,
        fails=dict(count.fails),
        contradicted=count.contradicted,
        valid_to=ended,
        successors=successors,
    )


def unit_name(code: str, history: History, day: str) -> Words:
    """A unit's name on a day; its code where the tree does not know it."""
    if not code:
        return both("Unit not known")
    unit = history.on(code, day) or next(iter(history.spans(code)[-1:]), None)
    return _words(unit) if unit else {"vi": code, "en": code}


def _words(unit: Unit) -> Words:
    return {lang: unit.name(lang) for lang in ("vi", "en")}


def _successors(code: str, history: History) -> tuple[str | None, tuple[Words, ...]]:
    """The last day of a unit that has one, and who took its place."""
    spans = history.spans(code)
    if not spans or spans[-1].valid_to is None:
        return None, ()
    named = (history.spans(name) for name in spans[-1].successors)
    return spans[-1].valid_to, tuple(_words(found[-1]) for found in named if found)
