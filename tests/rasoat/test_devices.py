"""The list of devices, what one is made of, and what changed: on the simulated district."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.rasoat.conftest import called

STATES = {"managed", "silent", "no_agent", "missing", "unregistered", "unknown_device"}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judged data folder of the simulated district; tests read it, or copy it."""
    folder = tmp_path_factory.mktemp("demo") / "dữ liệu"
    done = called("demo", folder)
    assert done.code == 0, done.err
    assert called("--data", folder, "policy", "check").code == 1
    why = ("--until", "30d", "--why", "a test of the commands", "--by", "A")
    assert called("--data", folder, "waive", "NET-002", "--all", *why).code == 0
    assert called("--data", folder, "policy", "check").code == 1
    return folder


def listed(folder: Path, *options: str) -> list[dict[str, Any]]:
    """The devices as JSON."""
    found: list[dict[str, Any]] = json.loads(
        called("--data", folder, "devices", "--json", *options).out
    )
    return found


def test_every_device_is_in_one_state_and_the_sum_is_the_register_and_the_rest(
    district: Path,
) -> None:
    everything = listed(district)
    states = Counter(one["state"] for one in everything)
    assert set(states) == STATES
    registered = [one for one in everything if one["asset"]]
    ours = ("managed", "silent", "no_agent", "missing")
    assert len(registered) == sum(states[state] for state in ours) > 560
    by_state = {state: listed(district, "--state", state) for state in STATES}
    assert sum(map(len, by_state.values())) == len(everything)
    assert {one["state"] for one in by_state["missing"]} == {"missing"}
    rows = json.loads(called("--data", district, "register", "--json").out)
    assert len(rows) == len(registered)


@pytest.mark.parametrize(
    "command", [("devices",), ("changes",), ("policy", "check"), ("register",)]
)
def test_what_is_simulated_says_so_beside_everything(
    district: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rasoat.folder._marked", set())
    assert "MÔ PHỎNG / SIMULATED" in called("--data", district, *command).err


def test_the_statement_has_the_registers_denominator(district: Path) -> None:
    expected = [one for one in listed(district) if one["expected"]]
    done = called("--data", district, "--lang", "en", "policy", "check")
    assert done.code == 1
    states = Counter(one["state"] for one in expected)
    assert f"of {len(expected)} machines" in done.out
    assert f"Computers in the register: {len(expected)}." in done.out
    assert f"Reporting: {states['managed']}." in done.out
    assert f"Seen nowhere: {states['missing']}." in done.out


def test_a_unit_has_its_parts_and_a_search_needs_no_marks(district: Path) -> None:
    everything = listed(district)
    top = listed(district, "--unit", "MP000")
    one = listed(district, "--unit", "MP000-P01")
    assert len(everything) >= len(top) > len(one) > 10
    assert {device["unit"] for device in one} == {"MP000-P01"}
    assert {device["unit_from"] for device in top} >= {"register", "network"}
    found = listed(district, "--search", "mp000p01-02")
    assert {device["name"] for device in found} == {"MP000P01-02"}


def test_a_search_finds_what_is_on_the_label_and_in_the_register(district: Path) -> None:
    rows = json.loads(called("--data", district, "register", "--json").out)
    row = next(one["row"] | {"tag": one["tag"]} for one in rows if one["row"].get("macs"))
    (one,) = listed(district, "--search", row["serial"])
    assert one["asset"] == row["tag"]
    mac = row["macs"][0]
    for written in (mac, mac.upper().replace(":", "-"), mac.replace(":", "")):
        assert one["device"] in {found["device"] for found in listed(district, "--search", written)}
    found = listed(district, "--search", "xa may tim")
    assert len(found) > 10
    assert {one["unit"] for one in found} == {"MP000-X01"}
    assert listed(district, "--unit", "Xã Mây Tím (MÔ PHỎNG)") == listed(
        district, "--unit", "MP000-X01"
    )
    assert listed(district, "--search", "khong-co-gi-nhu-the") == []
    refused = called("--data", district, "devices", "--unit", "MP000-X9")
    assert (refused.code, refused.out) == (2, "")
    assert "no unit has the code or the name MP000-X9; did you mean MP000-X" in refused.err


def test_the_list_fits_a_terminal_and_says_the_sums(district: Path) -> None:
    done = called("--data", district, "--lang", "vi", "devices", "--state", "missing")
    assert "không thấy ở đâu" in done.out
    last = done.out.splitlines()[-1]
    assert last.startswith(f"{len(listed(district, '--state', 'missing'))} = ")


def test_one_is_shown_explained_joined_and_parted(district: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(district, folder)
    many = next(
        one for one in listed(folder, "--state", "managed") if one["seen_at"] and one["agent"]
    )
    shown = called("--data", folder, "--lang", "en", "device", "show", many["device"])
    shown_json = json.loads(
        called("--data", folder, "device", "show", many["device"], "--json").out
    )
    assert shown.code == 0
    assert "Two witnesses" in shown.out
    assert f"[report {many['report']}]" in shown.out
    assert f"[scan {shown_json['seen']['id']}]" in shown.out
    full = called("--data", folder, "--lang", "en", "device", "show", many["device"], "--facts")
    assert "firewall.effective (Effective firewall): " in full.out
    explained = json.loads(
        called("--data", folder, "device", "explain", many["device"], "--json").out
    )
    assert len(explained["observations"]) >= 3
    assert all(link["lines"] for link in explained["links"])
    other = listed(folder, "--state", "missing")[0]["device"]
    merged = called("--data", folder, "device", "merge", many["device"], other, "--why", "a test")
    assert merged.code == 0, merged.err
    assert len(listed(folder)) == len(listed(district)) - 1
    text = called("--data", folder, "--lang", "vi", "device", "explain", merged.out.strip()).out
    assert "Ghép vì" in text
    part = [
        one
        for one in json.loads(
            called("--data", folder, "device", "explain", merged.out.strip(), "--json").out
        )["observations"]
        if one not in explained["observations"]
    ]
    parted = called(
        *("--data", folder, "device", "split", merged.out.strip(), *part, "--why", "a test")
    )
    assert parted.code == 0, parted.err
    before = {one["device"]: one["state"] for one in listed(district)}
    assert {one["device"]: one["state"] for one in listed(folder)} == before


def test_what_a_person_is_asked_is_listed_and_answered(district: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(district, folder)
    asked = json.loads(called("--data", folder, "device", "proposals", "--json").out)
    assert len(asked) > 10
    assert all(one["points"] >= 20 and one["because"][0]["lines"] for one in asked)
    known = {one["device"]: one["state"] for one in listed(folder)}
    assert "missing" in {known[one[side]] for one in asked for side in ("one", "other")}
    text = called("--data", folder, "--lang", "vi", "device", "proposals").out
    assert f"{len(asked)} cặp. Cùng một máy:" in text
    assert f"{asked[0]['one']} " in text
    pair = (asked[0]["one"], asked[0]["other"])
    why = ("--why", "a test", "--json")
    parted = called("--data", folder, "device", "apart", *pair, *why)
    assert json.loads(parted.out) == {"devices": list(pair)}
    left = json.loads(called("--data", folder, "device", "proposals", "--json").out)
    assert left == asked[1:]
    merged = called("--data", folder, "device", "merge", *pair, *why)
    assert json.loads(merged.out)["devices"][0] in pair
    assert len(listed(folder)) == len(known) - 1


def test_unknown_ids_and_empty_decisions_are_refused(district: Path) -> None:
    done = called("--data", district, "device", "explain", "d-nobody")
    assert (done.code, done.out) == (2, "")
    assert "rasoat devices" in done.err
    one = listed(district)[0]["device"]
    done = called("--data", district, "device", "merge", one, one, "--why", "a test")
    assert (done.code, done.out) == (2, "")
    assert "one device already" in done.err


def test_changes_name_the_machine_the_fact_and_the_evidence(district: Path) -> None:
    found = json.loads(called("--data", district, "changes", "--since", "365d", "--json").out)
    assert {one["kind"] for one in found} >= {"fact", "finding"}
    assert [one["at"] for one in found] == sorted(one["at"] for one in found)
    facts = [one for one in found if one["kind"] == "fact"]
    assert all(one["evidence"].startswith("report ") and one["name"] for one in facts)
    one = facts[0]["device"]
    alone = json.loads(
        called(*("--data", district, "changes", "--since", "365d", "--device", one, "--json")).out
    )
    assert alone == [event for event in found if event["device"] == one]
    assert json.loads(called("--data", district, "changes", "--since", "0d", "--json").out) == []


def test_changes_are_told_in_words_of_the_language(district: Path) -> None:
    options = ("--since", "365d", "--kind", "fact", "--search", "tuong lua")
    told = called("--data", district, "--lang", "vi", "changes", *options)
    assert "Tường lửa có hiệu lực" in told.out
    assert "firewall.effective" not in told.out
    assert {"bật", "tắt"} <= {word.strip() for word in told.out.replace("\n", "│").split("│")}
    memory = ("--since", "365d", "--search", "hardware.memory.total")
    told = called("--data", district, "--lang", "en", "changes", *memory)
    assert "GiB" in told.out
    found = json.loads(called("--data", district, "changes", *memory, "--json").out)
    assert {one["what"] for one in found} == {"hardware.memory.total"}
    assert all(one["old"].isdigit() for one in found)
    kinds = ("--since", "365d", "--kind", "register", "--kind", "identity", "--json")
    found = json.loads(called("--data", district, "changes", *kinds).out)
    assert {one["kind"] for one in found} == {"register", "identity"}


def test_a_list_that_is_cut_says_so(district: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory.history.MOST", 10)
    told = called("--data", district, "--lang", "en", "changes", "--since", "365d", "--json")
    assert "fact: only the newest 10 are listed" in told.err
    assert Counter(one["kind"] for one in json.loads(told.out))["fact"] == 10
    monkeypatch.setattr("inventory.history.MOST", 5000)
    assert "newest" not in called("--data", district, "changes", "--since", "1h").err


def test_a_machine_that_moved_to_another_unit_says_when_and_by_which_import(
    district: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(district, folder)
    row = next(
        one
        for one in json.loads(called("--data", folder, "register", "--json").out)
        if one["unit"] == "MP000-P05"
    )
    file = tmp_path / "chuyen.csv"
    file.write_text(f"Mã tài sản;Số seri;Đơn vị\n{row['tag']};{row['row']['serial']};MP000-X01\n")
    done = called("--data", folder, "register", "import", file)
    assert done.code == 0, done.err
    (one,) = listed(folder, "--search", row["tag"])
    assert one["unit"] == "MP000-X01"
    shown = called("--data", folder, "device", "show", one["device"], "--json")
    moved = [e for e in json.loads(shown.out)["history"] if e["what"] == "unit" and e["old"]]
    assert [(e["old"], e["new"], e["evidence"]) for e in moved] == [
        ("MP000-P05", "MP000-X01", "import 2")
    ]
    page = called("--data", folder, "--lang", "vi", "device", "show", one["device"]).out
    assert "Sổ tài sản: unit" in page


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "7 days", "-1d"])
def test_a_day_that_is_none_is_refused(district: Path, since: str) -> None:
    done = called("--data", district, "changes", f"--since={since}")
    assert (done.code, done.out) == (2, "")
    assert "no day such as 2026-11-20" in done.err
