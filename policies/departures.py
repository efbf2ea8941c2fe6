"""Where a policy departs from the one that it extends: a commune tightens, never silently loosens.

What cannot be compared is said as such; it may be looser.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from language.texts import both
from policies.tree import (
    KINDS_OF_DEPARTURE,
    SEVERITIES,
    Condition,
    Departure,
    Every,
    Policy,
    Quantified,
    Rule,
    Some,
    Test,
    Words,
    canonical,
)


def departures(child: Policy, parent: Policy, off: Iterable[tuple[str, str]]) -> list[Departure]:
    """Every departure, those to look at first."""
    own = {rule.id: rule for rule in child.rules}
    found = [
        Departure(name, "off", Words(**both("switched off: {why}", why=why))) for name, why in off
    ]
    for rule in parent.rules:
        if rule.id in own:
            found += _of_rule(own[rule.id], rule)
    return sorted(found, key=lambda one: (KINDS_OF_DEPARTURE.index(one.kind), one.rule))


def _of_rule(child: Rule, parent: Rule) -> list[Departure]:
    kinds = {
        "severity": (
            _order(SEVERITIES.index(child.severity), SEVERITIES.index(parent.severity)),
            child.severity,
            parent.severity,
        ),
        "fresh": (_order(-_span(child.fresh), -_span(parent.fresh)), child.fresh, parent.fresh),
        "pass_at_least": (
            _order(child.fleet.pass_at_least, parent.fleet.pass_at_least),
            f"{child.fleet.pass_at_least} %",
            f"{parent.fleet.pass_at_least} %",
        ),
        "require": (compared(child.require, parent.require), "", ""),
        "applies_to": (_scope(child.applies_to, parent.applies_to), "", ""),
        "for_each": ("" if child.for_each == parent.for_each else "changed", "", ""),
        "sources": (
            _order(len(set(child.sources) - set(parent.sources)), 0)
            if set(child.sources) >= set(parent.sources)
            else "looser",
            "",
            "",
        ),
    }
    found = []
    for key, (kind, now, before) in kinds.items():
        if kind:
            was = f" {_shown(before)} → {_shown(now)}" if (now, before) != ("", "") else ""
            found.append(Departure(child.id, kind, Words(f"{key}{was}", f"{key}{was}")))
    return found


def _shown(value: object) -> str:
    if isinstance(value, int):
        return f"{value // 86_400}d" if value % 86_400 == 0 else f"{value}s"
    return "–" if value is None else str(value)


def _span(seconds: int | None) -> float:
    return float("inf") if seconds is None else seconds


def _order(child: object, parent: object) -> str:
    """``tighter`` where the child's is greater."""
    if child == parent:
        return ""
    return "tighter" if child > parent else "looser"  # type: ignore[operator]


def _scope(child: Condition | None, parent: Condition | None) -> str:
    return "" if canonical(child) == canonical(parent) else "changed"


_UP = frozenset({"at_least", "more_than", "version_at_least", "older_than"})
_DOWN = frozenset({"at_most", "less_than", "within"})


def compared(child: Condition, parent: Condition) -> str:
    """Empty: the same; tighter, looser, or changed where that cannot be told."""
    if canonical(child) == canonical(parent):
        return ""
    if isinstance(child, Test) and isinstance(parent, Test) and child.spot == parent.spot:
        return _tests(child, parent)
    if isinstance(child, Every):
        return _more(child, parent)
    if isinstance(child, Quantified) and isinstance(parent, Quantified):
        return _lists(child, parent)
    if isinstance(child, Some) and isinstance(parent, Some):
        mine, theirs = ({repr(canonical(part)) for part in one.parts} for one in (child, parent))
        return _subset(mine, theirs)
    return "changed"


def _subset(child: set[Any], parent: set[Any]) -> str:
    """Fewer that will do: tighter."""
    if child < parent:
        return "tighter"
    return "looser" if child > parent else "changed"


def _tests(child: Test, parent: Test) -> str:
    if child.operator != parent.operator:
        return "changed"
    mine, theirs = child.argument, parent.argument
    if child.operator in ("one_of", "like_any"):
        if isinstance(mine, tuple) and isinstance(theirs, tuple):
            return _subset({*mine}, {*theirs})
        return "changed"
    numbers = isinstance(mine, int | float) and isinstance(theirs, int | float)
    if not numbers or child.operator not in _UP | _DOWN:
        return "changed"
    turned = child.operator in _DOWN
    return _order(theirs, mine) if turned else _order(mine, theirs)


def _more(child: Every, parent: Condition) -> str:
    """All that the parent asks, and perhaps more: part by part."""
    theirs = list(parent.parts) if isinstance(parent, Every) else [parent]
    left = list(child.parts)
    kinds = set()
    for one in theirs:
        match = next((part for part in left if compared(part, one) != "changed"), None)
        if match is None:
            return "changed"
        kinds.add(compared(match, one))
        left.remove(match)
    kinds |= {"tighter"} if left else set()
    kinds.discard("")
    return kinds.pop() if len(kinds) == 1 else "changed"


def _lists(child: Quantified, parent: Quantified) -> str:
    same = (child.kind, child.spot, child.bounds) == (parent.kind, parent.spot, parent.bounds)
    if not same or child.where is None or parent.where is None or child.kind == "count":
        return "changed"
    inner = compared(child.where, parent.where)
    if child.kind == "none":
        return {"tighter": "looser", "looser": "tighter"}.get(inner, inner)
    return inner
