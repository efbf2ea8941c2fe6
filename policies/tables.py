"""Rules that ask several plain things at once, answered by looking values up.

For every value that a fact may have, one whole number holds what it means for all rules that ask
about it, a byte for a rule; the numbers of all facts, joined by *or*, are the verdicts. A fleet's
values come again and again, so most are looked up and not judged; a rule more then costs nothing
but the byte. What a rule asks beyond that is generated as code (`policies.rails`).

The flags say only what an element or a value *takes away* from a pass, so that *or* is Kleene's
*and*: nothing said is a pass, *unsure* makes it unknown, *broken* a fail, and nothing unsays it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policies.answers import BROKEN, UNSURE, Answers, Column, Steps, says
from policies.codes import DEFERRED, FAIL, NOT_APPLICABLE, PASS, UNKNOWN
from policies.tree import Condition, Every, Opposite, Other, Quantified, Rule, Some, Test, walk

_SCOPE = 2  #: the flags of ``applies_to`` stand this many bits above those of ``require``
OLD = 16  #: the facts are older than the rule allows
TOLD = 128  #: the other bits are the rule's code itself

TIMED = frozenset({"within", "older_than"})  #: operators whose answer changes as time passes


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
