"""Identity on the simulated district: nobody wrongly joined, hardly anybody torn, all told why."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from inventory.identity.resolving import resolve
from rasoat.simulated.district import district
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


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    made = district(9, now=NOW)
    seen = observations(made, next(made.blocks()))
    expected = resolve(seen)
    random.Random(seed).shuffle(seen)
    assert resolve(seen) == expected
