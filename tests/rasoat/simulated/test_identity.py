"""Identity on the simulated district: nobody wrongly joined, hardly anybody torn, all told why."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.identity.evidence import Observation
from inventory.identity.resolving import resolve
from rasoat.simulated.district import district
from rasoat.simulated.faults import CASES
from tests.rasoat.simulated.looking import by_thing, machines, observations, pairs

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("history", [True, False])
def test_no_two_things_are_joined_and_hardly_one_is_torn(seed: int, *, history: bool) -> None:
    made = district(seed, now=NOW, history=history)
    block = next(made.blocks())
    truth = made.truth_of(block)
    seen = observations(made, block)
    assert {one.id for one in seen} == set(truth.of)
    assert len(seen) > 1_800
    found, true = pairs(machines(resolve(seen))), pairs(by_thing(truth.of))
    assert found <= true  # precision 1.0
    assert len(true) > 1_400
    assert len(found) >= 0.98 * len(true)
    torn = {truth.of[one] for pair in true - found for one in pair}
    assert torn == {name for name in torn if truth.things[name].apart}  # and those alone


def test_every_link_and_every_refusal_is_explained() -> None:
    made = district(1, now=NOW)
    found = resolve(observations(made, next(made.blocks())))
    links = [link for machine in found.machines for link in machine.links]
    assert len(links) > 900
    assert all(link.lines and link.points >= 50 for link in links)
    assert len(found.refusals) > 20
    assert all(one.why and one.lines for one in found.refusals)
    assert {one.why for one in found.refusals} >= {
        *("below_threshold", "cloned_key", "shared_card"),
    }


@given(st.integers(0, 2**32), st.floats(0.2, 1.0))
@settings(max_examples=8, deadline=None)
def test_the_order_of_arrival_does_not_matter(seed: int, share: float) -> None:
    """Of all that is observed of a district, and of any part of it: what came late or never."""
    chance = random.Random(seed)
    seen = [one for one in everything_seen() if chance.random() < share]
    expected = resolve(seen)
    chance.shuffle(seen)
    assert resolve(seen) == expected
    assert len(expected.machines) > 100


@cache
def everything_seen() -> tuple[Observation, ...]:
    made = district(9, now=NOW)
    return tuple(observations(made, next(made.blocks())))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_come_out_as_they_are() -> None:
    """All districts of a province at once: what one has is never taken for another's."""
    made = district(1, 10_000, NOW)
    seen: list[Observation] = []
    of: dict[str, str] = {}
    cases: Counter[str] = Counter()
    for block in made.blocks():
        seen += observations(made, block)
        truth = made.truth_of(block)
        of |= truth.of
        cases.update(case for thing in truth.things.values() for case in thing.cases)
    found, true = pairs(machines(resolve(seen))), pairs(by_thing(of))
    assert set(cases) >= {case.name for case in CASES}
    assert found <= true  # precision 1.0
    assert len(true) > 25_000
    assert len(found) >= 0.98 * len(true)
