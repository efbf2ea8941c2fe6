"""Comparing a count that is only known to lie between two numbers, for the generated evaluator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policies.tree import Bound


def bounds_met(bounds: tuple[Bound, ...], *, holds: bool) -> Callable[[int, int, Any], bool]:
    """Whether a number between low and high.

    (open above when partial) surely meets the bounds, or surely not.
    """
    rules = [(_SURELY if holds else _SURELY_NOT)[bound.operator] for bound in bounds]
    pairs = [(rule, bound.argument) for rule, bound in zip(rules, bounds, strict=True)]
    join = all if holds else any

    def surely(low: int, high: int, partial: Any) -> bool:
        top = float("inf") if partial else high
        return join(rule(low, top, argument) for rule, argument in pairs)

    return surely


_BoundRules = dict[str, Callable[[Any, Any, Any], bool]]
_SURELY: _BoundRules = {
    "is": lambda low, high, wanted: low == wanted == high,
    "at_least": lambda low, high, wanted: low >= wanted,
    "at_most": lambda low, high, wanted: high <= wanted,
    "more_than": lambda low, high, wanted: low > wanted,
    "less_than": lambda low, high, wanted: high < wanted,
    "between": lambda low, high, ends: ends[0] <= low and high <= ends[1],
}
_SURELY_NOT: _BoundRules = {
    "is": lambda low, high, wanted: high < wanted or low > wanted,
    "at_least": lambda low, high, wanted: high < wanted,
    "at_most": lambda low, high, wanted: low > wanted,
    "more_than": lambda low, high, wanted: high <= wanted,
    "less_than": lambda low, high, wanted: low >= wanted,
    "between": lambda low, high, ends: high < ends[0] or low > ends[1],
}
