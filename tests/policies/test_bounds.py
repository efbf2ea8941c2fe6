"""What a count surely meets, held against every number that it may still turn out to be."""

from __future__ import annotations

from itertools import product

import pytest

from policies.bounds import bounds_met
from policies.load import load_text
from policies.logic import Truth
from policies.quantifiers import quantified
from policies.tree import Bound, Quantified

NUMBERS = range(5)
MEETS = {
    "is": lambda n, wanted: n == wanted,
    "at_least": lambda n, wanted: n >= wanted,
    "at_most": lambda n, wanted: n <= wanted,
    "more_than": lambda n, wanted: n > wanted,
    "less_than": lambda n, wanted: n < wanted,
    "between": lambda n, ends: ends[0] <= n <= ends[1],
}
BEYOND = 50  #: larger than every bound here: an open end


def arguments(operator: str) -> list[object]:
    pairs: list[object] = [(low, high) for low, high in product(NUMBERS, NUMBERS) if low <= high]
    return pairs if operator == "between" else list(NUMBERS)


@pytest.mark.parametrize("operator", MEETS)
def test_surely_is_every_number_and_surely_not_is_none(operator: str) -> None:
    compared = 0
    for argument, low, high, partial in product(arguments(operator), NUMBERS, NUMBERS, (0, 1)):
        if low > high:
            continue
        bound = Bound(operator, argument)  # type: ignore[arg-type]
        may_be = range(low, (BEYOND if partial else high) + 1)
        met = [MEETS[operator](one, argument) for one in may_be]
        assert bounds_met((bound,), holds=True)(low, high, partial) is all(met)
        assert bounds_met((bound,), holds=False)(low, high, partial) is not any(met)
        compared += 1
    assert compared >= 150


def test_of_several_bounds_all_must_hold_and_one_may_fail() -> None:
    both = (Bound("at_least", 2), Bound("at_most", 3))
    surely, surely_not = bounds_met(both, holds=True), bounds_met(both, holds=False)
    assert [surely(n, n, False) for n in NUMBERS] == [False, False, True, True, False]
    assert [surely_not(n, n, False) for n in NUMBERS] == [True, True, False, False, True]
    assert not surely(2, 4, False)
    assert not surely_not(1, 2, False)


def counted(bounds: str) -> Quantified:
    """What a rule asks that counts."""
    rule = (
        f"{{id: A, title: a, require: {{software: {{count: {{where: {{name: X}}, {bounds}}}}}}}}}"
    )
    node = load_text(f"policy: p\nversion: 1\ntitle: p\nrules:\n  - {rule}\n").rules[0].require
    assert isinstance(node, Quantified)
    return node


@pytest.mark.parametrize("bounds", ["at_most: 1", "at_least: 1", "is: 9"])
def test_one_element_of_the_wrong_kind_makes_the_count_an_error(bounds: str) -> None:
    truths = [Truth.TRUE, Truth.ERROR, Truth.FALSE]
    assert quantified(counted(bounds), truths, partial=False) is Truth.ERROR


def test_a_count_is_told_as_far_as_it_is_known() -> None:
    node = counted("at_most: 1")
    assert quantified(node, [Truth.TRUE, Truth.FALSE], partial=False) is Truth.TRUE
    assert quantified(node, [Truth.TRUE, Truth.UNKNOWN], partial=False) is Truth.UNKNOWN
    assert quantified(node, [Truth.TRUE], partial=True) is Truth.UNKNOWN
    assert quantified(node, [Truth.TRUE, Truth.TRUE], partial=True) is Truth.FALSE
