"""`rasoat units`: a list of units taken in, shown for any day, refused whole where it is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.store import Store
from policies.load import load_policy
from rasoat import reporting
from tests.inventory.units.files import PROVINCE, written
from tests.rasoat.conftest import Done, called


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with nothing in it."""
    folder = tmp_path / "dữ liệu"
    Store.create(folder).close()
    return folder


def units(data: Path, *arguments: object, lang: str = "en") -> Done:
    return called("--data", data, "--lang", lang, "units", *arguments)


def known(data: Path, *arguments: object) -> dict[str, list[str]]:
    """The code and networks of every unit that is listed."""
    done = units(data, "--json", *arguments)
    assert done.code == 0, done.err
    return {one["code"]: one["networks"] for one in json.loads(done.out)["units"]}


def test_a_list_is_tried_taken_in_and_shown_for_two_days(data: Path, tmp_path: Path) -> None:
    path = written(tmp_path, PROVINCE)
    tried = units(data, "import", path, "--dry-run")
    assert (tried.code, known(data)) == (0, {})
    assert "6 added, 0 changed, 0 ended, 0 as before." in tried.out
    assert "nothing was written" in tried.out
    done = units(data, "import", path)
    assert done.code == 0
    assert done.out in tried.out
    assert list(known(data, "--at", "2025-06-30")) == ["TQ", "TQ-H1", "TQ-X9", "TQ-X8"]
    after = known(data, "--at", "01/07/2025")
    assert list(after) == ["TQ", "TQ-X2", "TQ-X1"]
    assert after["TQ-X2"] == ["10.20.3.0/24"]
    assert known(data, "--at", "2026-01-01")["TQ-X2"] == ["10.20.3.0/24", "2001:db8:20:3::/64"]


def test_the_tree_is_a_table_in_both_languages(data: Path, tmp_path: Path) -> None:
    assert units(data, "import", written(tmp_path, PROVINCE)).code == 0
    shown = units(data, "--at", "2025-06-30", lang="vi").out.splitlines()
    cells = [cell.strip() for cell in shown[4].split("│")]
    assert cells == ["Xã Đồi Sao", "TQ-X9", "Xã", "1", "01/01/2005", "30/06/2025"]
    assert shown[4].startswith("    Xã Đồi Sao")
    assert shown[-1] == "Ngày 30/06/2025: 4 đơn vị, 5 mạng."
    assert "May Ngan Commune" in units(data, "--at", "2026-01-01").out


def test_what_stays_and_what_ends_is_told(data: Path, tmp_path: Path) -> None:
    assert units(data, "import", written(tmp_path, PROVINCE)).code == 0
    path = written(tmp_path, "code;valid_to\nTQ-X1;31/12/2099\n", "end.csv")
    done = units(data, "import", path)
    assert done.code == 0, done.err
    assert "0 added, 0 changed, 1 ended, 0 as before." in done.out
    assert "Not in the file, and left as they are (2): TQ, TQ-X2" in done.out
    again = json.loads(units(data, "import", path, "--json").out)
    assert (again["changes"], again["same"]) == ([], 1)


def test_a_bad_list_is_refused_whole(data: Path, tmp_path: Path) -> None:
    text = PROVINCE.replace("10.20.3.0/24", "10.20.2.0/23")
    path = written(tmp_path, text)
    lines = text.splitlines()
    inner = lines.index("    networks: [10.20.1.0/24, 10.20.2.0/24]") + 1
    outer = lines.index("      - 10.20.2.0/23") + 1
    done = units(data, "import", path)
    assert (done.code, done.out) == (2, "")
    said = f"rasoat: {path}:{inner}:30: networks: 10.20.2.0/24 of TQ-X1 lies in 10.20.2.0/23 of"
    assert done.err.startswith(said)
    assert done.err.endswith(f"(the other is at {path}:{outer}:9)\n")
    assert known(data) == {}


@pytest.mark.parametrize("day", ["2025-02-30", "soon", "2025-07"])
def test_a_day_that_is_none_is_refused(data: Path, day: str) -> None:
    done = units(data, "--at", day)
    assert done.code == 2
    assert day in done.err


def test_no_units_says_what_to_do(data: Path) -> None:
    done = units(data)
    assert (done.code, done.out) == (0, "")
    assert "rasoat units import FILE" in done.err


def test_the_register_follows_the_units(data: Path, tmp_path: Path) -> None:
    """A row of the register whose unit was not known yet is found when the unit is."""
    rows = "Mã tài sản;Tên máy;Số seri;Đơn vị\nT-1;PC-1;5CG7000001;Xã Suối Sao\n"
    came = called("--data", data, "register", "import", written(tmp_path, rows, "so.csv"))
    assert came.code == 0, came.err
    done = units(data, "import", written(tmp_path, PROVINCE))
    assert "Register: 1 machines are of another unit now." in done.out
    devices = json.loads(called("--data", data, "devices", "--json").out)
    assert [one["unit"] for one in devices] == ["TQ-X1"]


def test_a_report_of_2025_shows_the_units_of_2025(data: Path, tmp_path: Path) -> None:
    assert units(data, "import", written(tmp_path, PROVINCE)).code == 0
    rows = "Mã tài sản;Tên máy;Số seri;Đơn vị\nT-1;PC-1;5CG7000001;Xã Suối Đàn\n"
    came = called("--data", data, "register", "import", written(tmp_path, rows, "so.csv"))
    assert came.code == 0, came.err
    policy = load_policy("coverage")
    of = {
        day.year: reporting.made(data, policy, day)
        for day in (datetime(2025, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    }
    shown = {
        year: [(one.code, one.name["vi"], one.expected) for one in made.units]
        for year, made in of.items()
    }
    assert shown == {2025: [("TQ-X8", "Xã Suối Đàn", 1)], 2026: [("TQ-X1", "Xã Suối Sao", 1)]}
    assert [one.unit for one in of[2025].devices] == ["TQ-X8"]
    again = reporting.as_kept(data, of[2025].id)  # after all that changed since
    assert again.units == of[2025].units
    asked = ("report", "--from", of[2025].id, "--format", "json", "--out", "-")
    told = json.loads(called("--data", data, *asked).out)
    assert [(one["code"], one["name"]["vi"]) for one in told["units"]] == [("TQ-X8", "Xã Suối Đàn")]
