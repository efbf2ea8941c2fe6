"""Rules that ask several plain things at once, answered by looking values up.

For every value that a fact may have, one whole number holds what it means for all rules that ask
about it, a byte for a rule; the numbers of all facts, joined by *or*, are the verdicts. A fleet's
values come again and again, so most are looked up and not judged; a rule more then costs nothing
but the byte. What a rule asks beyond that is generated as code (`policies.rails`).

The flags say only what an element or a value *takes away* from a pass, so that *or* is Kleene's
*and*: nothing said is a pass, *unsure* makes it unknown, *broken* a fail, and nothing unsays it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from itertools import filterfalse
from operator import attrgetter, or_
from typing import Any

from msgspec import UNSET

from policies import operators
from policies.codes import DEFERRED, FAIL, NOT_APPLICABLE, PASS, UNKNOWN
from policies.patterns import REMEMBERED
from policies.tree import (
    Condition,
    Every,
    Opposite,
    Other,
    Quantified,
    Rule,
    Some,
    Spot,
    Test,
    walk,
)
from policies.values import element_type

#: What ``require`` says: it does not surely hold; it surely does not hold.
UNSURE, BROKEN = 1, 2
_SCOPE = 2  #: the same two flags of ``applies_to`` stand this many bits higher
OLD = 16  #: the facts are older than the rule allows
TOLD = 128  #: the other bits are the rule's code itself

TIMED = frozenset({"within", "older_than"})  #: operators whose answer changes as time passes
Steps = tuple[str, ...]
Says = Callable[[Any], bool | None]  #: what is said of a value, or of a tuple of values


def _code(flags: int) -> int:
    """A rule's code, from its byte."""
    if flags & TOLD:
        return flags & ~TOLD
    scope = flags >> _SCOPE
    if flags & OLD or scope & (UNSURE | BROKEN) == UNSURE:
        return UNKNOWN
    if scope & BROKEN:
        return NOT_APPLICABLE
    return FAIL if flags & BROKEN else UNKNOWN if flags & UNSURE else PASS


_CODES = bytes(code if code <= DEFERRED else UNKNOWN for code in map(_code, range(256)))


def codes_of(rules: int) -> Callable[[int], bytes]:
    """Reads the codes of so many rules from the flags of all, rule by rule."""
    return lambda flags: flags.to_bytes(rules, "little").translate(_CODES)


class Tables:
    """What can be looked up of some rules: single facts, and fields of a list's elements.

    ``left``: the positions of the rules that ask more than that.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.facts: dict[Steps, Answers] = {}
        self.columns: dict[tuple[Steps, Steps], Column] = {}
        self.left: list[int] = []
        for at, rule in enumerate(rules):
            asked = list(_asked(rule))
            if all(_is_plain(part) for part, _ in asked):
                for part, shift in asked:
                    self._add(part, 8 * at + shift)
            else:
                self.left.append(at)

    def _add(self, part: Condition, shift: int) -> None:
        if isinstance(part, Quantified):
            fields = _fields(part)
            key = (part.spot.steps, fields)
            self.columns.setdefault(key, Column(part.spot, fields)).add(part, shift)
        else:
            (steps,) = _places(part)
            self.facts.setdefault(steps, Answers()).questions.append((says(part, (steps,)), shift))


def _asked(rule: Rule) -> Iterator[tuple[Condition, int]]:
    """The parts of a rule that must all hold, and how far up their flags stand in its byte."""
    yield from ((part, 0) for part in _parts(rule.require))
    if rule.applies_to is not None:
        yield from ((part, _SCOPE) for part in _parts(rule.applies_to))


def _parts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Every):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition


def _is_plain(part: Condition) -> bool:
    """Whether it asks of one fact, or of the elements of one list, whatever the time."""
    if isinstance(part, Quantified):
        where = part.where
        return (
            part.kind != "count"
            and where is not None
            and _is_of_values(where)
            and all(len(steps) <= 1 for steps in _places(where))
        )
    return _is_of_values(part) and len(_places(part)) == 1


def _is_of_values(condition: Condition) -> bool:
    """Whether it is made of tests of values alone, none held against the clock or another fact."""
    return all(
        isinstance(node, Every | Some | Opposite)
        or (
            isinstance(node, Test)
            and node.operator not in TIMED
            and not isinstance(node.argument, Other)
        )
        for node in walk(condition)
    )


def _places(condition: Condition) -> tuple[Steps, ...]:
    """Where the tests of a condition read, each place once, in order."""
    tests = (node for node in walk(condition) if isinstance(node, Test))
    return tuple(sorted({node.spot.steps for node in tests}))


def _fields(node: Quantified) -> Steps:
    """The fields of an element that its condition reads; none for an element that is a value."""
    places = _places(node.where) if node.where is not None else ()
    return tuple(step for steps in places for step in steps)


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
