"""Units, the register, identity and lists: the same answers on every engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from inventory import devices, history, intake
from inventory.errors import NoSuchDevice
from inventory.identity import deciding, explaining, settling
from inventory.register.assets import assets, uncounted
from inventory.register.keeping import Source, planned, take_in
from inventory.register.planning import Act, Plan
from inventory.register.reading import Choices, read_register
from inventory.register.units import resolver
from inventory.store import Store
from inventory.units import Unit, put
from inventory.units import at as units_at
from tests.inventory.identity.network import host
from tests.inventory.identity.network import take_in as scanned
from tests.inventory.identity.seen import mac
from tests.inventory.identity.test_settling import facts
from tests.inventory.office import NOW, Machine, at
from tests.inventory.register.workbooks import machines, seeded, write_office

DAY = date(2026, 11, 23)


def imported(store: Store, path: Path) -> Plan:
    register = read_register(path, Choices(), DAY, resolver(units_at(store, DAY.isoformat())))
    return take_in(store, register, Source(path.name, b"\0" * 32), by="officer", now=NOW)


def reported(store: Store, key: str, board: str, seconds: int = 0, **more: Any) -> Machine:
    machine = Machine(key)
    machine.enrol(store)
    (receipt,) = intake.accept(
        store, [machine.sends(1, facts=facts(board, f"PC-{board}", **more), seconds=seconds)]
    )
    assert receipt.outcome == "stored"
    return machine


def test_units_are_those_of_the_day(store: Store, reopened: Callable[[Store], Store]) -> None:
    district = Unit("BY", "district", "Huyện Bảo Yên", valid_to="2025-06-30", successors=("BH",))
    put(
        store,
        [district, Unit("BH", "commune", "Xã Bảo Hà", valid_from="2025-07-01")],
        by="officer",
        now=NOW,
        source="test",
    )
    again = reopened(store)
    assert [one.code for one in units_at(again, "2024-05-01")] == ["BY"]
    assert [one.code for one in units_at(again, "2026-05-01")] == ["BH"]


def test_a_register_twice_changes_nothing_and_a_row_that_vanished_is_retired(
    store: Store, tmp_path: Path
) -> None:
    rows = machines(20)
    path = write_office(tmp_path / "so.xlsx", {"Sổ": rows})
    assert imported(store, path).count(Act.ADDED) == 20
    again = imported(store, path)
    assert (again.count(Act.SAME), len(again.steps)) == (20, 20)
    ids = {one.id for one in assets(store)}
    less = write_office(tmp_path / "so.xlsx", {"Sổ": rows[:-1]})
    assert imported(store, less).count(Act.RETIRED) == 1
    assert len(assets(store)) == 19
    assert {one.id for one in assets(store, retired=True)} == ids


def test_refused_rows_are_counted(store: Store, tmp_path: Path) -> None:
    path = write_office(tmp_path / "so.xlsx", {"Tài sản": seeded().rows})
    imported(store, path)
    assert (len(assets(store)), uncounted(store)) == (528, 40)


def test_a_plan_writes_nothing(store: Store, tmp_path: Path) -> None:
    path = write_office(tmp_path / "so.xlsx", {"Sổ": machines(5)})
    register = read_register(path, Choices(), DAY, resolver(units_at(store, DAY.isoformat())))
    assert planned(store, register, Source("so.xlsx", b"\0" * 32)).count(Act.ADDED) == 5
    assert assets(store) == []


def test_one_thing_seen_by_two_witnesses_is_one_device(store: Store) -> None:
    machine = reported(store, "k", "A", ip="10.1.0.5")
    scanned(store, 1, at(60), host("10.1.0.5", mac("A"), "drops", name="PC-A"), host("10.1.0.6"))
    settling.settle(store, at(120))
    assert not settling.waiting(store)
    found = devices.everything(store, at(120))
    assert {one.name for one in found} == {"k", "10.1.0.6"}
    explained = explaining.explain(store, machine.device)
    assert len(explained["observations"]) == 2
    assert explained["links"]


def test_a_merge_is_taken_back_exactly(store: Store) -> None:
    one, other = reported(store, "k1", "A"), reported(store, "k2", "B", seconds=1)
    settling.settle(store, at(60))
    before = explaining.explain(store, other.device)["observations"]
    joined = deciding.merge(store, one.device, other.device, by="officer", why="test", now=at(61))
    assert len(explaining.explain(store, joined)["observations"]) == 2
    assert devices.view(store, other.device).device == joined
    deciding.split(store, joined, before, by="officer", why="test", now=at(62))
    assert len(devices.everything(store, at(63))) == 2
    assert explaining.explain(store, other.device)["observations"] == before


def test_an_id_that_nobody_has_is_refused(store: Store) -> None:
    with pytest.raises(NoSuchDevice, match="d-nobody"):
        devices.view(store, "d-nobody")


def test_history_tells_all_kinds_in_order(store: Store, tmp_path: Path) -> None:
    machine = reported(store, "k", "A")
    sent = machine.sends(2, facts=facts("A", "PC-A", ip="10.1.0.5"), seconds=30)
    assert intake.accept(store, [sent])[0].outcome == "stored"
    imported(store, write_office(tmp_path / "so.xlsx", {"Sổ": machines(1)}))
    settling.settle(store, at(120))
    found = history.since(store, NOW)
    assert {"fact"} <= {one.kind for one in found}
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert history.since(store, at(3600)) == []
