"""How the truths of a list's elements make one truth: ``all``, ``any``, ``none`` and ``count``.

What was not read to the end counts as one more unknown: it may hold anything.
"""

from __future__ import annotations

from typing import Any

from policies import operators
from policies.logic import Truth, conjunction, disjunction, negation
from policies.tree import Quantified


def quantified(node: Quantified, truths: list[Truth], partial: bool) -> Truth:
    """The quantifier's truth; elements that were not read to the end count as one more unknown."""
    if node.kind == "count":
        return _counted(node, truths, partial)
    unread = [Truth.UNKNOWN] if partial else []
    if node.kind == "all":
        return conjunction(truths + unread)
    some = disjunction(truths + unread)
    return negation(some) if node.kind == "none" else some


def _counted(node: Quantified, truths: list[Truth], partial: bool) -> Truth:
    """Compare every number that the count may still turn out to be with each bound."""
    if Truth.ERROR in truths:
        return Truth.ERROR
    low = truths.count(Truth.TRUE)
    high = float("inf") if partial else low + truths.count(Truth.UNKNOWN)
    return conjunction(between(bound.operator, bound.argument, low, high) for bound in node.bounds)


def between(operator: str, argument: Any, low: int, high: float) -> Truth:
    """What a bound says of a whole number that is known to lie from ``low`` to ``high``."""
    if operator in ("is", "between"):
        first, last = argument if operator == "between" else (argument, argument)
        if first <= low and high <= last:
            return Truth.TRUE
        return Truth.FALSE if high < first or low > last else Truth.UNKNOWN
    ends = {operators.compare(operator, low, argument), operators.compare(operator, high, argument)}
    return Truth.of(ends.pop()) if len(ends) == 1 else Truth.UNKNOWN
