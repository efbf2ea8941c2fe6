"""One value of every element of a list, and remembered answers about such values.

Most list rules ask one thing of one value (``software: {none: {name: {like: …}}}``). The generated
evaluator then takes the column of values once for all rules, and looks each up among the answers
it gave before: the same program names come back from every machine of a fleet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from policies import operators
from policies.patterns import REMEMBERED
from policies.tree import Quantified, Test
from policies.values import element_type

TIMED = frozenset({"within", "older_than"})  #: operators whose answer changes as time passes


class Answers(dict[Any, bool | None]):
    """What an operator says of each value seen so far; None for a value that is not there."""

    def __init__(self, test: Test) -> None:
        super().__init__()
        kind = element_type(test.spot.fact)
        self._says = operators.predicate(test.operator, kind, test.argument)

    def __missing__(self, value: Any) -> bool | None:
        absent = value is None or value is UNSET
        answer = None if absent else self._says(value, 0)
        if len(self) >= REMEMBERED:
            self.clear()
        self[value] = answer
        return answer


def is_column(node: Quantified) -> bool:
    """Whether the quantifier asks one thing, whatever the time, of one value of each element."""
    where = node.where
    return (
        isinstance(where, Test)
        and node.kind != "count"
        and where.operator not in TIMED
        and len(where.spot.steps) <= 1
    )


def column(items: Any, get: Callable[[Any], Any] | None) -> list[Any]:
    """That value of each element: None or UNSET where it is not there; nothing for no list."""
    if items is None or items is UNSET:
        return []
    if get is None:
        return list(items)
    try:
        return list(map(get, items))
    except AttributeError:  # a null stands among the elements
        return [None if item is None else get(item) for item in items]
