"""What a value, an element or a whole list means for all rules that ask about it, remembered.

A fleet's values come again and again: for each, one whole number holds the flags of every rule, a
byte for a rule, and is worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import filterfalse
from operator import attrgetter, or_
from typing import Any

from msgspec import UNSET

from policies import operators
from policies.patterns import REMEMBERED
from policies.tree import Condition, Every, Opposite, Quantified, Some, Spot, Test
from policies.values import element_type

#: What ``require`` says: it does not surely hold; it surely does not hold.
UNSURE, BROKEN = 1, 2

Steps = tuple[str, ...]
Says = Callable[[Any], bool | None]  #: what is said of a value, or of a tuple of values


def says(condition: Condition, places: Sequence[Steps]) -> Says:
    """What a condition says of the values at ``places`` (one place: of the value itself)."""
    if isinstance(condition, Test):
        return _of_value(
            condition, None if len(places) == 1 else places.index(condition.spot.steps)
        )
    if isinstance(condition, Opposite):
        part = says(condition.part, places)
        return lambda values: None if (said := part(values)) is None else not said
    if isinstance(condition, Every | Some):
        parts = [says(one, places) for one in condition.parts]
        return _joined(parts, decisive=isinstance(condition, Some))
    raise TypeError(type(condition).__name__)


def _of_value(test: Test, at: int | None) -> Says:
    answer = operators.predicate(test.operator, element_type(test.spot.fact), test.argument)

    def said(values: Any) -> bool | None:
        value = values if at is None else values[at]
        return None if value is None or value is UNSET else answer(value, 0)

    return said


def _joined(parts: Sequence[Says], *, decisive: bool) -> Says:
    """Kleene's *or* (``decisive``: one true decides) and *and* (one false does)."""

    def said(values: Any) -> bool | None:
        answers = [part(values) for part in parts]
        return decisive if decisive in answers else None if None in answers else not decisive

    return said


def _flags(said: bool | None) -> int:
    return 0 if said else UNSURE if said is None else UNSURE | BROKEN


class _Remembered(dict[Any, int]):
    """Numbers worked out once for each key; forgotten all at once when they are too many."""

    def __missing__(self, key: Any) -> int:
        number = self.worked_out(key)
        if len(self) >= REMEMBERED:
            self.clear()
        self[key] = number
        return number

    def worked_out(self, key: Any) -> int:
        """The number for a key."""
        raise NotImplementedError


class Answers(_Remembered):
    """What a fact's value means for all rules."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[tuple[Says, int]] = []

    def worked_out(self, key: Any) -> int:
        """The flags of every rule that asks about the fact."""
        number = 0
        for asked, shift in self.questions:
            number |= _flags(asked(key)) << shift
        return number


class _Elements(_Remembered):
    """What one element says to each question: two bits, surely true and not known.

    ``silent``: those that surely say no to all, as most programs do; they are passed over unseen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[Says] = []
        self.silent: set[Any] = set()

    def worked_out(self, key: Any) -> int:
        """Two bits for each question."""
        number = 0
        for at, asked in enumerate(self.questions):
            said = asked(key)
            number |= (2 if said is None else int(said)) << 2 * at
        if len(self.silent) >= REMEMBERED:
            self.silent.clear()
        if number == 0:
            self.silent.add(key)
        return number


class Column(_Remembered):
    """What the elements of a list mean for all rules that ask of the same fields of them.

    Asked by what was seen among them, the bits of all elements joined: ``all`` asks whether one
    breaks it, so its question is turned round.
    """

    def __init__(self, spot: Spot, fields: Steps) -> None:
        super().__init__()
        self.spot, self.fields = spot, fields
        self._get = attrgetter(*fields) if fields else None
        self._nothing = (None,) * len(fields) if fields[1:] else None
        self._elements = _Elements()
        self._asked: list[tuple[str, int]] = []

    def add(self, node: Quantified, shift: int) -> None:
        """One more rule's question."""
        if node.where is None:
            raise TypeError(node.kind)
        where = Opposite(node.where) if node.kind == "all" else node.where
        places: list[Steps] = [(field,) for field in self.fields] or [()]
        self._elements.questions.append(says(where, places))
        self._asked.append((node.kind, shift))

    def numbers(self, items: Any, partial: object) -> int:
        """The flags of all rules for a list, or for none.

        Args:
            items: the elements.
            partial: whether the list was not read to its end.
        """
        if items is None or items is UNSET:
            return self[None]
        get = self._get
        try:
            seen = self._seen(items if get is None else map(get, items))
        except AttributeError:  # a null stands among the elements
            values = (self._nothing if one is None or get is None else get(one) for one in items)
            seen = self._seen(values)
        return self[reduce(or_, seen, 0), bool(partial)]

    def _seen(self, values: Iterable[Any]) -> set[int]:
        of = self._elements
        return set(map(of.__getitem__, filterfalse(of.silent.__contains__, values)))

    def worked_out(self, key: Any) -> int:
        """The flags of every rule; of a list that is not there, nothing is known."""
        if key is None:
            return reduce(or_, (UNSURE << shift for _, shift in self._asked))
        seen, partial = key
        number = 0
        for at, (kind, shift) in enumerate(self._asked):
            found, unknown = seen >> 2 * at & 1, seen >> 2 * at & 2 or partial
            said = True if found else None if unknown else False
            number |= _flags(said if kind == "any" or said is None else not said) << shift
        return number
