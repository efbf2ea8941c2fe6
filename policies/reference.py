"""The reference evaluator: one closure for each condition, slow and plain, which also says why.

It reads ordinary dicts and lists, looks at every part (no short cuts), and keeps a note of each
thing it saw. The generated evaluator (``policies.fast``) must agree with it on every document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, structs

from policies import operators, related, unknowns
from policies.fetching import (
    ABSENT,
    UNFIT,
    element_kind,
    element_name,
    fetch,
    fitting,
    path_of,
)
from policies.logic import Truth, conjunction, disjunction, negation
from policies.quantifiers import quantified
from policies.tree import (
    Condition,
    Every,
    Exists,
    Opposite,
    Other,
    Quantified,
    Some,
    Spot,
    Test,
    WhenMissing,
)
from policies.values import element_type

MAX_NOTES = 8  #: elements of one list that are kept as notes; the rest are counted


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule is judged against: the table of unknowns, and now (seconds since 1970)."""

    unknown: Mapping[str, str]
    now: int
    facts: Any = None  #: the whole document, for conditions that hold one fact against another


# Structs without a part in garbage collection: a long list has thousands, never a circle.


class Note(Struct, frozen=True, gc=False):
    """What one condition saw: enough to explain it and to keep as evidence."""

    node: Condition
    truth: Truth
    path: str
    value: Any = None
    reason: str | None = None
    negated: bool = False
    inside: tuple[Outcome, ...] = ()
    names: tuple[str, ...] = ()  #: of the elements in ``inside``
    more: int = 0  #: elements beyond those


class Outcome(Struct, frozen=True, gc=False):
    """The truth of a condition, and the notes that decided it."""

    truth: Truth
    notes: tuple[Note, ...] = ()


#: Looks from ``here`` (the document, or an element of a list); the indexes lead to that element.
Evaluate = Callable[[Context, Any, tuple[int, ...]], Outcome]


def evaluator(condition: Condition) -> Evaluate:
    """The closure for a condition and all below it."""
    makers: dict[type, Callable[[Any], Evaluate]] = {
        Test: _test,
        Exists: _exists,
        Quantified: _quantified,
        Every: _every,
        Some: _some,
        Opposite: _opposite,
        WhenMissing: _when_missing,
    }
    return makers[type(condition)](condition)


def _without_value(
    node: Condition, spot: Spot, found: Any, context: Context, indexes: tuple[int, ...]
) -> Outcome:
    """The outcome where there is no value to look at: unknown with its reason, or an error."""
    if found is UNFIT:
        note = Note(node, Truth.ERROR, path_of(spot, indexes), reason="wrong_type")
        return Outcome(Truth.ERROR, (note,))
    told = unknowns.reason_of(context.unknown, unknowns.names_of(spot), indexes)
    reason = told or unknowns.NOT_REPORTED
    return Outcome(
        Truth.UNKNOWN, (Note(node, Truth.UNKNOWN, path_of(spot, indexes), reason=reason),)
    )


def _test(node: Test) -> Evaluate:
    if isinstance(node.argument, Other):
        return _against(node, node.argument)
    spot = node.spot
    says = operators.predicate(node.operator, element_type(spot.fact), node.argument)

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        found = fetch(here, spot)
        if found is ABSENT or found is UNFIT:
            return _without_value(node, spot, found, context, indexes)
        truth = Truth.of(says(found, context.now))
        reason = "unreadable" if truth is Truth.UNKNOWN else None
        return Outcome(truth, (Note(node, truth, path_of(spot, indexes), found, reason),))

    return evaluate


def _against(node: Test, other: Other) -> Evaluate:
    """A value held against what another fact says of the same device."""
    spot = node.spot

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        said = related.collected(context.facts, context.unknown, other.fact)
        if said.silent:
            return _silent(other, said)
        found = fetch(here, spot)
        if found is ABSENT or found is UNFIT:
            return _without_value(node, spot, found, context, indexes)
        truth = Truth.of(related.holds(node.operator, spot.fact, found, said))
        reason = (said.reason or "unreadable") if truth is Truth.UNKNOWN else None
        return Outcome(
            truth, (Note(_seen(node, said), truth, path_of(spot, indexes), found, reason),)
        )

    return evaluate


def _seen(node: Test, said: related.Collected) -> Test:
    """The test as it came out: with what stood on its right side."""
    if not isinstance(node.argument, Other):
        return node
    return structs.replace(node, argument=structs.replace(node.argument, seen=said.values))


def _silent(other: Other, said: related.Collected) -> Outcome:
    """The outcome where the right side was not read: unknown with its reason, or an error."""
    truth = Truth.ERROR if said.unfit else Truth.UNKNOWN
    about = Exists(Spot(other.fact, "", ()), wanted=True)
    note = Note(about, truth, other.fact.path, reason=said.reason or "wrong_type")
    return Outcome(truth, (note,))


def _exists(node: Exists) -> Evaluate:
    spot, known_as = node.spot, unknowns.names_of(node.spot)

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        found = fetch(here, spot)
        if found is UNFIT:
            return _without_value(node, spot, found, context, indexes)
        if found is ABSENT and not unknowns.surely_absent(context.unknown, known_as, indexes):
            return _without_value(node, spot, found, context, indexes)
        there = found is not ABSENT
        truth = Truth.of(there is node.wanted)
        value = found if there and not isinstance(found, dict | list) else None
        return Outcome(truth, (Note(node, truth, path_of(spot, indexes), value),))

    return evaluate


def _every(node: Every) -> Evaluate:
    parts = [evaluator(part) for part in node.parts]

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        outcomes = [part(context, here, indexes) for part in parts]
        truth = conjunction(outcome.truth for outcome in outcomes)
        return Outcome(truth, _deciding(outcomes, truth))

    return evaluate


def _some(node: Some) -> Evaluate:
    parts = [evaluator(part) for part in node.parts]

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        outcomes = [part(context, here, indexes) for part in parts]
        truth = disjunction(outcome.truth for outcome in outcomes)
        if truth is Truth.FALSE:
            return Outcome(truth, (Note(node, truth, "", inside=tuple(outcomes)),))
        return Outcome(truth, _deciding(outcomes, truth))

    return evaluate


def _deciding(outcomes: list[Outcome], truth: Truth) -> tuple[Note, ...]:
    """The notes of those parts whose own truth became the whole's."""
    return tuple(note for one in outcomes if one.truth is truth for note in one.notes)


def _opposite(node: Opposite) -> Evaluate:
    part = evaluator(node.part)

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        outcome = part(context, here, indexes)
        notes = tuple(structs.replace(note, negated=not note.negated) for note in outcome.notes)
        return Outcome(negation(outcome.truth), notes)

    return evaluate


def _when_missing(node: WhenMissing) -> Evaluate:
    spot, part, known_as = node.spot, evaluator(node.part), unknowns.names_of(node.spot)

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        if fetch(here, spot) is ABSENT and unknowns.nothing_there(
            context.unknown, known_as, indexes
        ):
            told = unknowns.reason_of(context.unknown, known_as, indexes)
            truth = Truth.of(node.holds)
            reason = told or unknowns.NOT_REPORTED
            return Outcome(truth, (Note(node, truth, path_of(spot, indexes), reason=reason),))
        return part(context, here, indexes)

    return evaluate


def _quantified(node: Quantified) -> Evaluate:
    spot, known_as = node.spot, unknowns.names_of(node.spot)
    where = evaluator(node.where) if node.where is not None else _anything
    other = node.where.argument if isinstance(node.where, Test) else None

    def evaluate(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
        found = fetch(here, spot)
        if found is ABSENT or found is UNFIT:
            return _without_value(node, spot, found, context, indexes)
        told_as = node
        if isinstance(other, Other) and isinstance(node.where, Test):
            said = related.collected(context.facts, context.unknown, other.fact)
            if said.silent:  # also where the list is empty: one witness alone proves nothing
                return _silent(other, said)
            told_as = structs.replace(node, where=_seen(node.where, said))
        outcomes = [where(context, item, (*indexes, at)) for at, item in enumerate(found)]
        wrong = [at for at, item in enumerate(found) if not _is_element(item, spot)]
        for at in wrong:
            outcomes[at] = _misfit_element(node, spot, (*indexes, at))
        partial = unknowns.incomplete(context.unknown, known_as, indexes)
        truth = quantified(node, [outcome.truth for outcome in outcomes], partial)
        told = unknowns.reason_of(context.unknown, known_as, indexes) if partial else None
        return Outcome(
            truth, (_list_note(told_as, truth, found, outcomes, path_of(spot, indexes), told),)
        )

    return evaluate


def _anything(context: Context, here: Any, indexes: tuple[int, ...]) -> Outcome:
    return Outcome(Truth.TRUE)


def _is_element(item: Any, spot: Spot) -> bool:
    return item is None or fitting(item, element_kind(spot)) is not UNFIT


def _misfit_element(node: Quantified, spot: Spot, indexes: tuple[int, ...]) -> Outcome:
    path = path_of(Spot(spot.fact, spot.fact.path, ()), indexes)
    return Outcome(Truth.ERROR, (Note(node, Truth.ERROR, path, reason="wrong_type"),))


def _list_note(
    node: Quantified,
    truth: Truth,
    found: list[Any],
    outcomes: list[Outcome],
    path: str,
    told: str | None,
) -> Note:
    """Which elements decided.

    The failing ones of ``all``, the found ones of ``none``, the unknown ones.
    """
    telling = _telling(node, truth)
    at = [index for index, outcome in enumerate(outcomes) if outcome.truth in telling]
    return Note(
        node,
        truth,
        path,
        value=len(found),
        reason=told or _first_reason([outcomes[index] for index in at]),
        inside=tuple(outcomes[index] for index in at[:MAX_NOTES]),
        names=tuple(element_name(found[index], index, node.spot) for index in at[:MAX_NOTES]),
        more=max(0, len(at) - MAX_NOTES),
    )


def _telling(node: Quantified, truth: Truth) -> frozenset[Truth]:
    if truth in (Truth.ERROR, Truth.UNKNOWN):
        return frozenset({truth})
    if node.kind == "count":
        return frozenset({Truth.TRUE})
    if node.kind == "all":
        return frozenset({truth})
    return frozenset({Truth.TRUE if (node.kind == "any") == (truth is Truth.TRUE) else Truth.FALSE})


def _first_reason(outcomes: list[Outcome]) -> str | None:
    reasons = (note.reason for outcome in outcomes for note in outcome.notes if note.reason)
    return next(reasons, None)
