"""The laws of three-valued logic, errors included."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policies.logic import Truth, conjunction, disjunction, negation
from policies.quantifiers import between

ANY = st.sampled_from(list(Truth))
KNOWN = st.sampled_from([Truth.FALSE, Truth.TRUE])
THREE = st.sampled_from([Truth.FALSE, Truth.UNKNOWN, Truth.TRUE])


def test_agrees_with_two_values_and_orders_the_decisive_ones() -> None:
    table = {True: Truth.TRUE, False: Truth.FALSE, None: Truth.UNKNOWN}
    for value, truth in table.items():
        assert Truth.of(value) is truth
    assert conjunction([]) is Truth.TRUE
    assert disjunction([]) is Truth.FALSE
    assert conjunction([Truth.UNKNOWN, Truth.FALSE]) is Truth.FALSE
    assert conjunction([Truth.UNKNOWN, Truth.TRUE]) is Truth.UNKNOWN
    assert disjunction([Truth.UNKNOWN, Truth.TRUE]) is Truth.TRUE
    assert disjunction([Truth.UNKNOWN, Truth.FALSE]) is Truth.UNKNOWN


@given(ANY, ANY)
def test_de_morgan(one: Truth, other: Truth) -> None:
    both, either = conjunction([one, other]), disjunction([one, other])
    assert negation(both) is disjunction([negation(one), negation(other)])
    assert negation(either) is conjunction([negation(one), negation(other)])


@given(ANY, ANY, ANY)
def test_order_and_grouping_make_no_difference(one: Truth, two: Truth, three: Truth) -> None:
    for join in (conjunction, disjunction):
        assert join([one, two]) is join([two, one])
        assert join([join([one, two]), three]) is join([one, join([two, three])])
        assert join([one, one]) is one
        assert join([one]) is one


@given(ANY)
def test_double_negation(one: Truth) -> None:
    assert negation(negation(one)) is one


@given(st.lists(ANY))
def test_nothing_hides_an_error(parts: list[Truth]) -> None:
    for join in (conjunction, disjunction):
        assert (join(parts) is Truth.ERROR) == (Truth.ERROR in parts)
    assert negation(Truth.ERROR) is Truth.ERROR


@given(st.lists(THREE, max_size=6), st.data())
def test_more_knowledge_never_changes_an_answer(parts: list[Truth], data: st.DataObject) -> None:
    """Monotonic in the order of information: unknown may become anything, true and false stay."""
    filled = [data.draw(THREE) if part is Truth.UNKNOWN else part for part in parts]
    for join in (conjunction, disjunction):
        before, after = join(parts), join(filled)
        assert before is Truth.UNKNOWN or before is after
        assert negation(before) is Truth.UNKNOWN or negation(before) is negation(after)


@given(
    st.sampled_from(["is", "at_least", "at_most", "more_than", "less_than", "between"]),
    st.integers(0, 6),
    st.integers(0, 6),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_a_bound_on_an_uncertain_count(
    word: str, low: int, extra: int, first: int, more: int
) -> None:
    """Against the plain meaning: what holds of every number it may be is true, of none false."""
    argument = (first, first + more) if word == "between" else first
    plain = {
        "is": lambda n: n == first,
        "at_least": lambda n: n >= first,
        "at_most": lambda n: n <= first,
        "more_than": lambda n: n > first,
        "less_than": lambda n: n < first,
        "between": lambda n: first <= n <= first + more,
    }[word]
    says = {plain(number) for number in range(low, low + extra + 1)}
    expected = Truth.UNKNOWN if len(says) == 2 else Truth.of(says.pop())
    assert between(word, argument, low, low + extra) is expected
