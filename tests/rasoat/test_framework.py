"""`rasoat framework` and `attest` on the simulated district."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory.times import office_day
from tests.rasoat.conftest import called

NAME = "tcvn-14423-2026"
UNTIL = office_day(datetime.now(UTC) + timedelta(days=200))
WHO = ("--by", "Trần Thị Mô Phỏng", "--why", "sơ đồ mạng tháng 3, hồ sơ 12")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated district."""
    folder = tmp_path_factory.mktemp("demo") / "dữ liệu"
    assert called("demo", folder, "--machines", 40).code == 0
    return folder


def states(data: Path) -> dict[str, str]:
    done = called("--data", data, "framework", "show", NAME, "--json")
    assert done.code == 1, done.err
    return {one["id"]: one["state"] for one in json.loads(done.out)["requirements"]}


def test_a_statement_of_a_person_is_shown_until_it_ends(data: Path) -> None:
    before = states(data)
    assert before["4.12.2.1"] == "not_attested"
    assert before["4.5.2.1 b"] == "not_met"
    given = ("attest", "give", NAME, "4.12.2.1", "--status", "met", "--until", UNTIL, *WHO)
    assert called("--data", data, *given).code == 0
    assert states(data) == before | {"4.12.2.1": "attested"}
    shown = called("--data", data, "--lang", "vi", "framework", "show", NAME)
    assert "Trần Thị Mô Phỏng" in shown.out
    assert "⚠ no: " in shown.out
    (one,) = json.loads(called("--data", data, "attest", "list", NAME, "--json").out)
    assert one["in_force"]
    assert called("--data", data, "attest", "end", one["id"], "--why", "thay đổi").code == 0
    assert states(data) == before


@pytest.mark.parametrize(
    ("requirement", "until", "said"),
    [
        ("4.12.2.9", UNTIL, "has no requirement 4.12.2.9; did you mean"),
        ("4.12.2.4", UNTIL, "is checked by rules alone: office-baseline/NET-003, network/NW-002"),
        ("4.12.2.1", "2020-01-01", "is over"),
        ("4.12.2.1", "2099-01-01", "the latest day for this"),
        ("4.12.2.1", "soon", "is no day"),
    ],
)
def test_what_nobody_may_state_is_refused(
    data: Path, requirement: str, until: str, said: str
) -> None:
    words = ("attest", "give", NAME, requirement, "--status", "met", "--until", until, *WHO)
    done = called("--data", data, *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_the_list_says_what_was_not_checked(data: Path) -> None:
    found = json.loads(called("--data", data, "framework", "list", "--json").out)
    assert {one["name"] for one in found} >= {NAME, "cis-v8.1"}
    assert all(one["unverified"] for one in found)
