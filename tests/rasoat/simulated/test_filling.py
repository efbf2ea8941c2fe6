"""A simulated district in a store: what came in, and what the store makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory import devices
from inventory.identity import settling
from inventory.store import Store
from inventory.verify import verify
from rasoat.simulated.district import District, district
from rasoat.simulated.filling import Filled, fill
from rasoat.simulated.marking import is_simulated
from rasoat.simulated.truth import Truth
from server.evidence import check_signature
from tests.rasoat.simulated.looking import by_thing, observations, pairs

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> District:
    return district(1, now=NOW)


@pytest.fixture(scope="module")
def truth(made: District) -> Truth:
    return next(made.truths())


@pytest.fixture(scope="module")
def taken_in(
    made: District, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Filled]]:
    store = Store.create(Path(tmp_path_factory.mktemp("filled")) / "data")
    yield store, fill(store, made)
    store.close()


def test_every_report_and_scan_came_in_but_the_clones(
    made: District, taken_in: tuple[Store, Filled]
) -> None:
    _, filled = taken_in
    assert filled.reports["conflict"] == 1  # one key on two boards: both are set apart
    assert filled.reports["refused"] <= 3
    assert filled.reports.total() == sum(1 for _ in made.reports()) > 1_000
    assert filled.scans == 38


def test_every_signature_and_chain_holds(taken_in: tuple[Store, Filled]) -> None:
    found = verify(taken_in[0], check_signature)
    assert found.clean, found
    assert is_simulated(taken_in[0])


def test_the_store_observes_what_the_tests_of_identity_assume(
    made: District, truth: Truth, taken_in: tuple[Store, Filled]
) -> None:
    db = taken_in[0].reader()
    names = {row[0] for row in db.execute("SELECT id FROM observations")}
    stored = {one.id: one for one in settling.observations_of(db, names)[0]}
    clones = {thing.id for thing in truth.of_case("cloned_key")}
    compared = 0
    for one in observations(made, next(made.blocks())):
        if one.source == "asset" or truth.of[one.id] in clones:
            continue
        assert stored[one.id] == one
        compared += 1
    assert compared > 1_200


def test_the_devices_are_the_things(truth: Truth, taken_in: tuple[Store, Filled]) -> None:
    groups: Mapping[str, list[str]] = defaultdict(list)
    for name, device in taken_in[0].reader().execute("SELECT id, device FROM observations"):
        groups[device].append(name)
    found, true = pairs(groups.values()), pairs(by_thing(truth.of))
    assert len(found) > 400
    assert found <= true


def test_the_network_contradicts_whom_it_must(truth: Truth, taken_in: tuple[Store, Filled]) -> None:
    store, _ = taken_in
    things = {
        device: truth.things[truth.of[name]]
        for name, device in store.reader().execute("SELECT id, device FROM observations")
        if name in truth.of
    }
    found = {
        things[one.device].id: sorted({line.about for line in one.compared if not line.confirmed})
        for one in devices.everything(store, NOW)
    }
    found = {thing: about for thing, about in found.items() if about}
    expected = {
        one.id: sorted(one.contradictions) for one in truth.things.values() if one.contradictions
    }
    assert found == expected
    assert len(expected) == 7
