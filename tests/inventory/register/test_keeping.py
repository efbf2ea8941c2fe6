"""Imports: what is new, changed, gone and back; never doubled, never retired by another's file."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory import audit
from inventory.register.assets import Asset, assets
from inventory.register.keeping import Source, TooManyRetired, planned, take_in
from inventory.register.planning import Act, Plan
from inventory.register.reading import Choices, read_register
from inventory.register.resolving import resolve_again
from inventory.register.units import resolver
from inventory.store import Store
from inventory.units import Unit, at, put
from tests.inventory.register.workbooks import Machine, machines, seeded, write_office

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
Sheets = dict[str, Sequence[Machine]]


BAO_HA = [Unit("BH", "commune", "Xã Bảo Hà", "", None)]
RENAMED = Unit("BH", "commune", "Xã Bảo Hà Mới", "", None)


class Office:
    """A store, and the spreadsheets that are imported into it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder

    def take(
        self, sheets: Sheets | Sequence[Machine], file: str = "so.xlsx", **options: Any
    ) -> Plan:
        unit = options.pop("unit", None)
        held = sheets if isinstance(sheets, dict) else {"Sổ": sheets}
        path = write_office(self.folder / file, held)
        day = date(2026, 11, 23)
        units = at(self.store, day.isoformat())
        resolve = resolver(units)
        register = read_register(path, Choices(unit=unit), day, resolve)
        source = Source(file, b"\0" * 32, units.part_of(unit) if unit else frozenset())
        before = planned(self.store, register, source)
        made = take_in(self.store, register, source, by="tester", now=NOW, **options)
        assert counts(before) == counts(made), "a dry run tells what is then done"
        return made

    def standing(self) -> list[Asset]:
        return assets(self.store)

    def rows(self, query: str) -> list[Any]:
        return list(self.store.reader().execute(query))


def counts(made: Plan) -> dict[str, int]:
    return {act.value: made.count(act) for act in Act if made.count(act)}


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office(store, tmp_path)


def observed(office: Office) -> set[str]:
    return {row[0] for row in office.rows("SELECT id FROM observations")}


def changed(rows: Sequence[Machine], place: int, **values: Any) -> list[Machine]:
    return [row | values if at == place else row for at, row in enumerate(rows)]


def test_the_forty_faults_import_528_and_again_change_nothing(office: Office) -> None:
    register = seeded()
    assert counts(office.take(register.rows)) == {"added": 528}
    first = office.rows("SELECT id, row, place, retired_at FROM assets ORDER BY id")
    evidence = office.rows("SELECT * FROM evidence ORDER BY observation, kind, value")
    assert (len(first), len(office.rows("SELECT * FROM asset_changes"))) == (528, 528)
    assert counts(office.take(register.rows)) == {"same": 528}
    assert office.rows("SELECT id, row, place, retired_at FROM assets ORDER BY id") == first
    assert len(office.rows("SELECT * FROM asset_changes")) == 528
    assert office.rows("SELECT * FROM evidence ORDER BY observation, kind, value") == evidence
    refused = office.rows("SELECT number, refused, added, same FROM register_imports")
    assert refused == [(1, 40, 528, 0), (2, 40, 0, 528)]


def test_a_corrected_row_joins_and_nothing_else_moves(office: Office) -> None:
    register = seeded()
    office.take(register.rows)
    assert counts(office.take(machines(568))) == {"added": 40, "same": 528}


def test_a_change_is_kept_with_what_was_before(office: Office) -> None:
    rows = machines(5)
    office.take(rows)
    before = office.standing()
    made = office.take(changed(rows, 2, holder="Cán bộ Mới", state="Hỏng"))
    assert counts(made) == {"changed": 1, "same": 4}
    assert [one.id for one in office.standing()] == [one.id for one in before]
    log = office.rows(
        "SELECT asset, column_name, old, new FROM asset_changes WHERE import = 2 ORDER BY 2"
    )
    assert (before[2].id, "holder", "Cán bộ 3", "Cán bộ Mới") in log
    assert {row[0] for row in log} == {before[2].id}


def test_what_vanished_is_retired_and_comes_back(office: Office) -> None:
    rows = machines(5)
    office.take(rows)
    ids = [one.id for one in office.standing()]
    assert counts(office.take(rows[:4])) == {"retired": 1, "same": 4}
    assert [one.id for one in office.standing()] == ids[:4]
    assert [one.id for one in assets(office.store, retired=True)] == ids
    assert f"asset:{ids[4]}" not in observed(office)
    assert counts(office.take(rows)) == {"back": 1, "same": 4}
    assert [one.id for one in office.standing()] == ids
    assert f"asset:{ids[4]}" in observed(office)
    said = office.rows(
        "SELECT old, new FROM asset_changes WHERE column_name = 'register' AND import > 1"
    )
    assert said == [("in", "retired"), ("retired", "in")]


def test_one_communes_file_or_sheet_leaves_the_others_alone(office: Office) -> None:
    rows = machines(9)
    assert counts(office.take({"A": rows[:3], "B": rows[3:6]})) == {"added": 6}
    assert counts(office.take({"A": rows[:3]})) == {"same": 3}
    assert counts(office.take(rows[6:], file="khac.xlsx")) == {"added": 3}
    assert len(office.standing()) == 9


def test_more_than_half_is_not_retired_by_accident(office: Office) -> None:
    rows = machines(10)
    office.take(rows)
    before = office.rows("SELECT * FROM assets") + office.rows("SELECT * FROM register_imports")
    with pytest.raises(TooManyRetired, match=r"6 of the 10 machines of “so\.xlsx!Sổ”") as refused:
        office.take(rows[:4])
    assert "--retire-many" in str(refused.value)
    after = office.rows("SELECT * FROM assets") + office.rows("SELECT * FROM register_imports")
    assert after == before
    assert counts(office.take(rows[:5])) == {"retired": 5, "same": 5}
    assert counts(office.take(rows[:1], retire_many=True)) == {"retired": 4, "same": 1}


def test_a_refused_row_keeps_its_asset(office: Office) -> None:
    rows = machines(5)
    office.take(rows)
    made = office.take(changed(rows, 2, macs="00:1A"))
    assert counts(made) == {"same": 4}
    assert [one.name for one in made.held] == ["PC-003"]
    assert len(office.standing()) == 5


def test_nothing_is_retired_while_a_row_cannot_be_told(office: Office) -> None:
    rows = machines(6)
    office.take(rows)
    nameless = dict.fromkeys(("tag", "name", "serial", "macs"))
    made = office.take(changed(rows[:5], 4, **nameless))
    assert counts(made) == {"same": 4}
    assert [one.name for one in made.held] == ["PC-005", "PC-006"]
    made = office.take(changed(rows[:5], 4, tag="BY-9999", macs="00:1A", name="X", serial="Y12345"))
    assert (counts(made), made.held) == ({"same": 4, "retired": 2}, [])


def test_rows_without_numbers_are_never_one(office: Office) -> None:
    bare = [
        row | {"tag": None, "serial": None, "macs": None, "name": "Máy tính", "unit": "Xã Bảo Hà"}
        for row in machines(12)
    ]
    bare = [row | {"addresses": None} for row in bare]
    assert counts(office.take(bare)) == {"added": 12}
    again = office.take(bare)
    assert counts(again) == {"same": 12}
    assert len({one.id for one in office.standing()}) == 12
    assert counts(office.take(bare[:11]))["retired"] == 1


def test_a_machine_is_known_by_tag_then_serial_then_mac_then_name(office: Office) -> None:
    rows = machines(8)
    office.take(rows)
    ids = [one.id for one in office.standing()]
    new = [
        rows[0] | {"serial": "NEW-0001", "macs": None, "name": "A"},
        rows[1] | {"tag": None, "macs": None, "name": "B"},
        rows[2] | {"tag": None, "serial": None, "name": "C"},
        rows[3] | {"tag": None, "serial": None, "macs": None},
        rows[4] | {"tag": "BY-7777"},
        *rows[5:],
    ]
    made = office.take(new)
    assert counts(made) == {"changed": 5, "same": 3}
    assert [one.id for one in office.standing()] == ids


def test_two_communes_that_number_alike_are_not_mixed(office: Office) -> None:
    here = [
        row | {"tag": f"MT-{place:03}", "unit": "Xã Bảo Hà"}
        for place, row in enumerate(machines(3))
    ]
    there = [
        row | {"tag": f"MT-{place:03}", "unit": "Xã Kim Sơn"}
        for place, row in enumerate(machines(6)[3:])
    ]
    office.take(here, file="bao-ha.xlsx")
    made = office.take(there, file="kim-son.xlsx")
    assert counts(made) == {"added": 3}
    assert {warning.kind for warning in made.warnings} == {"tag_elsewhere"}
    assert len(office.standing()) == 6
    assert counts(office.take(here, file="bao-ha.xlsx")) == {"same": 3}
    assert counts(office.take(there, file="kim-son.xlsx")) == {"same": 3}


def test_two_sheets_that_number_alike_are_not_mixed(office: Office) -> None:
    rows = [row | {"tag": f"MT-{place % 3:03}"} for place, row in enumerate(machines(6))]
    sheets: Sheets = {"Bảo Hà": rows[:3], "Kim Sơn": rows[3:]}
    for row in rows[3:]:
        row["unit"] = "Xã Khác"
    assert counts(office.take(sheets)) == {"added": 6}
    assert counts(office.take(sheets)) == {"same": 6}
    same: Sheets = {"Bảo Hà": rows[:3], "Kim Sơn": [*rows[3:], rows[0] | {"unit": "Xã Khác"}]}
    assert counts(office.take(same)) == {"same": 4}, "one machine on two sheets: neither is taken"
    assert len(office.standing()) == 6


def test_a_machine_that_moves_to_another_list_is_not_doubled(office: Office) -> None:
    rows = machines(8)
    office.take(rows[:4], file="a.xlsx")
    office.take(rows[4:], file="b.xlsx")
    moved = rows[3] | {"unit": "Công an xã"}
    made = office.take([*rows[4:], moved], file="b.xlsx")
    assert counts(made) == {"changed": 1, "same": 4}
    assert counts(office.take(rows[:3], file="a.xlsx")) == {"same": 3}
    assert len(office.standing()) == 8


def test_what_was_disposed_of_stands_no_more(office: Office) -> None:
    rows = machines(4)
    office.take(rows)
    made = office.take(changed(rows, 1, state="Đã thanh lý năm 2026"))
    assert counts(made) == {"retired": 1, "same": 3}
    assert [one.name for one in office.standing()] == ["PC-001", "PC-003", "PC-004"]
    again = changed(rows, 1, state="Đã thanh lý năm 2026")
    assert counts(office.take(again)) == {"same": 4}
    assert counts(office.take(rows)) == {"back": 1, "same": 3}


def test_the_whole_register_of_a_unit_under_any_file_name(office: Office) -> None:
    with office.store.write() as db:
        for code, parent in (("BY", None), ("BH", "BY"), ("KS", "BY"), ("XX", None)):
            db.execute(
                "INSERT INTO units VALUES (?, '2025-07-01', NULL, ?, 'commune', ?, '')",
                (code, parent, {"BH": "Xã Bảo Hà", "KS": "Xã Kim Sơn"}.get(code, code)),
            )
    rows = machines(9)
    for place, unit in enumerate(["Xã Bảo Hà"] * 4 + ["Xã Kim Sơn"] * 4 + ["XX"]):
        rows[place]["unit"] = unit
    office.take(rows, file="2025.xlsx")
    made = office.take(rows[1:8], file="2026.xlsx", unit="BY")
    assert counts(made) == {"same": 7, "retired": 1}
    assert {one.unit for one in office.standing()} == {"BH", "KS", "XX"}


def test_units_that_are_known_later_are_found_for_the_register(office: Office) -> None:
    rows = [row | {"unit": "Xã Bảo Hà"} for row in machines(3)]
    office.take(rows)
    assert {one.unit for one in office.standing()} == {None}
    for units, changed in ((BAO_HA, 3), (BAO_HA, 0), ([RENAMED], 0)):
        put(office.store, units, by="tester", now=NOW, source="test")
        assert resolve_again(office.store, "2026-11-23", NOW) == changed
    assert {(one.unit, one.row["unit"]) for one in office.standing()} == {("BH", "BH")}
    assert office.rows("SELECT DISTINCT value FROM evidence WHERE kind = 'unit'") == [("BH",)]
    log = office.rows("SELECT old, new FROM asset_changes WHERE column_name = 'unit'")
    assert log == [(None, "BH")] * 3


def test_imports_are_in_the_audit_log(office: Office) -> None:
    office.take(machines(3))
    [entry] = audit.read(office.store.reader())
    assert (entry.actor, entry.action) == ("tester", "register_imported")
    assert '"added":3' in entry.detail
    assert list(audit.problems(office.store.reader())) == []


def test_ids_are_the_same_wherever_the_register_is_imported(office: Office, tmp_path: Path) -> None:
    office.take(machines(20))
    with closing(Store.create(tmp_path / "other")) as other:
        second = Office(other, tmp_path)
        second.take(list(reversed(machines(20))), file="other.xlsx")
        assert {one.id for one in second.standing()} == {one.id for one in office.standing()}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), data=st.data())
def test_any_import_twice_changes_nothing_the_second_time(
    tmp_path_factory, seed: int, data: st.DataObject
) -> None:
    """Rows with any of their numbers missing, in any order, some of them broken."""
    chance = random.Random(seed)
    folder = tmp_path_factory.mktemp("twice")
    rows = machines(chance.randint(1, 25), seed)
    for row in rows:
        for name in ("tag", "serial", "macs", "name", "unit"):
            if chance.random() < 0.3:
                row[name] = None
        if chance.random() < 0.1:
            row["bought_on"] = "31/02/2021"
        if chance.random() < 0.2:
            row["name"] = "Máy tính"
    with closing(Store.create(folder / "store")) as store:
        office = Office(store, folder)
        office.take(rows)
        before = office.rows("SELECT id, row, retired_at FROM assets ORDER BY id")
        assert set(counts(office.take(rows))) <= {"same"}
        shuffled = data.draw(st.permutations(rows))
        found = counts(office.take(shuffled))
        assert set(found) <= {"same", "changed"}, found
        after = office.rows("SELECT id, retired_at FROM assets ORDER BY id")
        assert after == [(row[0], row[2]) for row in before]
