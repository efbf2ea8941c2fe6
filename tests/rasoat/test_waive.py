"""Waivers as an officer gives, lists, imports and ends them, on the simulated district."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inventory.store import Store
from inventory.times import office_day
from tests.rasoat.conftest import Done, called

TODAY = datetime.fromisoformat(office_day(datetime.now(UTC)))
WHY = ("--why", "máy quét cũ chỉ chạy được với SMB 1", "--by", "Nguyễn Thị Mô Phỏng")


def day(days: int) -> str:
    """The ISO day so many days from today."""
    return (TODAY + timedelta(days=days)).date().isoformat()


def left(until: str) -> int:
    """The days from now on to an ISO day."""
    today = date.fromisoformat(office_day(datetime.now(UTC)))
    return (date.fromisoformat(until) - today).days


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated district."""
    folder = tmp_path_factory.mktemp("demo") / "dữ liệu"
    assert called("demo", folder, "--machines", 60).code == 0
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def checked(data: Path) -> dict[str, Any]:
    """The summary of the baseline."""
    found: dict[str, Any] = json.loads(called("--data", data, "policy", "check", "--json").out)[0]
    return found


def failing(summary: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    """The machines that fail a rule."""
    return [
        device
        for device in summary["devices"]
        if any(one["rule"] == rule and one["result"] == "fail" for one in device["findings"])
    ]


def counts(summary: dict[str, Any], rule: str) -> dict[str, int]:
    """The counts of a rule's statement."""
    (one,) = (one for one in summary["rules"] if one["id"] == rule)
    found: dict[str, int] = one["counts"]
    return found


def waive(data: Path, *words: object) -> Done:
    """`rasoat waive`, in English."""
    return called("--data", data, "--lang", "en", "waive", *words)


def test_one_fail_becomes_an_exception_that_nothing_hides(data: Path) -> None:
    before = checked(data)
    machine, *others = failing(before, "NET-002")
    assert others
    done = waive(data, "NET-002", machine["id"], "--until", day(20), *WHY)
    assert done.code == 0, done.err
    most = left(day(20))
    after = checked(data)
    was, now = counts(before, "NET-002"), counts(after, "NET-002")
    assert (now["fail"], now["waived"]) == (was["fail"] - 1, 1)
    assert now["pass"] == was["pass"]
    (one,) = after["waivers"]
    assert (one["used"], one["unneeded"]) == (1, False)
    shown = called("--data", data, "--lang", "en", "policy", "check")
    on_each_day = range(left(day(20)), most + 1)  # the office's midnight may come in between
    assert one["days_left"] in on_each_day
    assert any(f"{days} days left" in shown.out for days in on_each_day)
    report = called("--data", data, "--lang", "vi", "report", "--out", data / "r.html")
    assert report.code == 1, report.err  # done, and not compliant
    page = (data / "r.html").read_text("utf-8")
    assert "Nguyễn Thị Mô Phỏng" in page
    assert "Miễn trừ đang có hiệu lực" in page
    listed = json.loads(called("--data", data, "waivers", "--json", "--expiring", 30).out)
    assert [one["in_force"] for one in listed] == [True]
    ended = called("--data", data, "waivers", "end", listed[0]["id"], "--why", "thay máy")
    assert ended.code == 0
    assert counts(checked(data), "NET-002") == was
    again = called("--data", data, "waivers", "end", listed[0]["id"], "--why", "thay máy")
    assert again.code == 2


def test_a_unit_and_one_that_is_not_needed(data: Path) -> None:
    before = checked(data)
    devices = json.loads(called("--data", data, "devices", "--json").out)
    units = {one["device"]: one["unit"] for one in devices}
    unit = units[failing(before, "NET-002")[0]["id"]]
    expected = [one for one in failing(before, "NET-002") if units[one["id"]] == unit]
    assert waive(data, "NET-002", "--unit", unit, "--until", day(100), *WHY).code == 0
    passing = next(
        device
        for device in before["devices"]
        if any(one["rule"] == "FW-001" and one["result"] == "pass" for one in device["findings"])
    )
    assert waive(data, "FW-001", passing["id"], "--until", day(100), *WHY).code == 0
    by_rule = {one["rule"]: one for one in checked(data)["waivers"]}
    assert by_rule["NET-002"]["used"] >= len(expected) >= 1
    assert (by_rule["FW-001"]["used"], by_rule["FW-001"]["unneeded"]) == (0, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["NET-02", "--all", "--until", day(9), *WHY], "did you mean NET-002?"),
        (["NET-002", "d-nobody", "--until", day(9), *WHY], "no device has the id d-nobody"),
        (["NET-002", "--unit", "NOWHERE", "--until", day(9), *WHY], "no unit has the code"),
        (["NET-002", "--until", day(9), *WHY], "name one of"),
        (["NET-002", "--all", "--until", "2027", *WHY], "is no day"),
        (["NET-002", "--all", "--until", day(400), *WHY], "more than 366 days"),
        (["NET-002", "--all", "--until", day(9), "--why", "ok", "--by", "A"], "says too little"),
        (["NET-002", "--all", "--until", day(9), *WHY[:2], "--by", " "], "who approved"),
    ],
)
def test_what_may_not_be_is_refused_and_nothing_is_kept(
    data: Path, words: list[str], said: str
) -> None:
    done = waive(data, *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert json.loads(called("--data", data, "waivers", "--over", "--json").out) == []


def test_a_file_goes_in_whole_and_a_second_time_changes_nothing(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "mien-tru.yaml"
    file.write_text(
        f"""waivers:
  - rule: NET-002
    all: yes
    reason: "toàn huyện chờ thay máy quét"
    approved_by: Trần Văn Mô Phỏng
    expires: {day(200)}
  - {{rule: SW-001, all: yes, reason: thử nghiệm từ xa, approved_by: A, expires: {day(5)}}}
""",
        "utf-8",
    )
    dry = called("--data", data, "--lang", "en", "waivers", "import", file, "--dry-run")
    assert (dry.code, dry.out.startswith("2 would be given")) == (0, True)
    first = called("--data", data, "--lang", "en", "waivers", "import", file)
    assert first.out.startswith("2 given, 0")
    second = called("--data", data, "--lang", "en", "waivers", "import", file)
    assert second.out.startswith("0 given, 2")
    file.write_text(
        f"waivers:\n  - {{rule: NET-02, all: yes, reason: x, expires: {day(5)}}}\n"
        f"  - {{rule: NET-002, device: d, unit: u, reason: long enough, approved_by: A, "
        f"expires: {day(5)}}}\n  - {{rule: NET-002, whom: d}}\n",
        "utf-8",
    )
    wrong = called("--data", data, "waivers", "import", file)
    assert wrong.code == 2
    for place in (f"{file}:2:5", f"{file}:3:5", f"{file}:4:"):
        assert place in wrong.err
    assert len(json.loads(called("--data", data, "waivers", "--json").out)) == 2


@pytest.mark.parametrize(
    "by_hand",
    [
        "UPDATE waivers SET expires = '2099-01-01'",
        "UPDATE waivers SET ended_at = 'now'",
        "DELETE FROM waivers",
        (
            "INSERT INTO waivers SELECT 'w-mine', policy, rule, scope, subject, reason, "
            "approved_by, starts, expires, entered_at, entered_by, source, NULL, NULL, NULL "
            "FROM waivers"
        ),
    ],
)
def test_a_waiver_by_hand_is_told_from_one_that_was_given(data: Path, by_hand: str) -> None:
    assert waive(data, "NET-002", "--all", "--until", day(9), *WHY).code == 0
    assert called("--data", data, "verify").code == 0
    with closing(Store.open(data)) as store, store.write() as db:
        db.execute(by_hand)
    done = called("--data", data, "verify")
    assert done.code == 3
    assert "waiver" in done.out or "was given" in done.out
