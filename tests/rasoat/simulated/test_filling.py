"""A simulated district in a store: what came in, and what the store makes of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory import devices
from inventory.coverage import State
from inventory.identity.settling import observations_of
from inventory.store import Store
from inventory.units import keeping as units
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


@pytest.fixture(scope="module")
def tags(taken_in: tuple[Store, Filled]) -> Mapping[str, str]:
    """Observation in the store → as the truth names it: a row of the register by its tag."""
    rows = (
        taken_in[0]
        .reader()
        .execute(
            "SELECT o.id, coalesce('asset:' || a.tag, o.id) FROM observations o "
            "LEFT JOIN assets a ON o.id = 'asset:' || a.id"
        )
    )
    return dict(rows.fetchall())


def test_every_unit_came_in(made: District, taken_in: tuple[Store, Filled]) -> None:
    tree = units.at(taken_in[0], NOW.date().isoformat())
    ended = [one for one in made.units() if one.valid_to]
    assert len(tree) == taken_in[1].units - len(ended) == 20
    assert len(ended) == 2
    found = tree.of_address("10.16.3.77")
    assert found is not None
    assert found[0].code == ended[0].successors[0]


def test_every_row_of_the_register_came_in(
    made: District, taken_in: tuple[Store, Filled], tags: Mapping[str, str]
) -> None:
    rows = {f"asset:{row['tag']}" for row in made.rows()}
    assert len(rows) == taken_in[1].assets > 500
    assert {name for name in tags.values() if name.startswith("asset:")} == rows


def test_the_store_observes_what_the_tests_of_identity_assume(
    made: District, truth: Truth, taken_in: tuple[Store, Filled], tags: Mapping[str, str]
) -> None:
    stored = {tags[one.id]: one for one in observations_of(taken_in[0].reader(), {*tags})[0]}
    clones = {thing.id for thing in truth.of_case("cloned_key")}
    compared = 0
    for one in observations(made, next(made.blocks())):
        if truth.of[one.id] in clones:
            continue  # two machines of one key: what came second is set apart
        assert stored[one.id].evidence == one.evidence
        compared += 1
    assert compared > 1_800


def test_the_devices_are_the_things(
    truth: Truth, taken_in: tuple[Store, Filled], tags: Mapping[str, str]
) -> None:
    groups: Mapping[str, list[str]] = defaultdict(list)
    for name, device in taken_in[0].reader().execute("SELECT id, device FROM observations"):
        groups[device].append(tags[name])
    found, true = pairs(groups.values()), pairs(by_thing(truth.of))
    assert len(true) > 1_400
    assert found <= true
    assert len(found) >= 0.98 * len(true)


def test_every_state_has_as_many_devices_as_it_must(
    truth: Truth, taken_in: tuple[Store, Filled]
) -> None:
    found = devices.everything(taken_in[0], NOW)
    assert Counter(State(one.state) for one in found) == truth.outcomes
    assert len(truth.outcomes) == len(State)
    assert min(truth.outcomes.values()) > 5


def test_the_network_contradicts_whom_it_must(
    truth: Truth, taken_in: tuple[Store, Filled], tags: Mapping[str, str]
) -> None:
    store, _ = taken_in
    things = {
        device: truth.things[truth.of[tags[name]]]
        for name, device in store.reader().execute("SELECT id, device FROM observations")
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
    confirmed = [line for one in devices.everything(store, NOW) for line in one.compared]
    assert len([line for line in confirmed if line.about == "firewall" and line.confirmed]) > 300


@pytest.mark.slow
@pytest.mark.parametrize("history", [True, False])
def test_several_districts_come_out_as_they_are(tmp_path: Path, *, history: bool) -> None:
    made = district(12, 1_300, NOW, history=history)
    truths = list(made.truths())
    store = Store.create(tmp_path / "data")
    fill(store, made)
    found = devices.everything(store, NOW)
    assert len(found) > 2_000
    assert Counter(State(one.state) for one in found) == sum(
        (one.outcomes for one in truths), Counter[State]()
    )
    store.close()
