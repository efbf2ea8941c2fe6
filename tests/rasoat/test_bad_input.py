"""Bad input: one clear message that says where, exit code 2, and nothing changed."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.rasoat.conftest import called

GOOD_RULE = """\
policy: mine
version: 1
title: {vi: "Của tôi", en: "Mine"}
rules:
  - id: A-1
    title: {vi: "Tường lửa", en: "Firewall"}
    severity: high
    require: {firewall.effective: on}
"""


def state(folder: Path) -> str:
    """A digest of every row in the database and every other file of a data folder."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"file:{folder / 'inventory.db'}?mode=ro", uri=True)) as db:
        for line in db.iterdump():
            digest.update(line.encode())
    for file in sorted(folder.rglob("*")):
        if (
            file.is_file()
            and not file.name.startswith("inventory.db")
            and file.name != "write.lock"
        ):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


@pytest.fixture
def office(lively: Path, tmp_path: Path) -> Path:
    """A copy of the lively data folder, for tests that may damage it."""
    copy = tmp_path / "office"
    shutil.copytree(lively, copy)
    return copy


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("firewall.effective", "firewall.efective", ":8:15: rule A-1: "),
        (
            "    severity: high\n",
            "    severity: high\n    severity: low\n",
            ":8:5: severity is given twice (first on line 7)",
        ),
        ("{firewall.effective: on}", "&a {firewall.effective: on}", ":8:14: "),
        ("{firewall.effective: on}", "!!map {firewall.effective: on}", ":8:14: "),
        ("effective: on", "effective: 7", ":8:35: rule A-1: "),
        ("effective: on", "effective: {at_lest: 2}", ":8:36: rule A-1: "),
        ("rules:\n", "rules: [\n", ":"),
    ],
    ids=["fact", "duplicate key", "anchor", "tag on a collection", "type", "operator", "broken"],
)
def test_a_bad_rule_file_is_refused_with_its_place(
    lively: Path, tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert GOOD_RULE.count(old) == 1
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD_RULE, "utf-8")
    assert called("--data", lively, "policy", "check", file).code in {0, 1}
    before = state(lively)
    file.write_text(GOOD_RULE.replace(old, new), "utf-8")
    for command in (["policy", "check"], ["policy", "lint"], ["policy", "test"]):
        done = called("--data", lively, *command, file)
        assert done.code == 2, done.err
        assert done.out == ""
        assert f"{file}{says}" in done.err
        assert "Traceback" not in done.err
    assert state(lively) == before


def test_a_misspelt_fact_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD_RULE.replace("effective", "efective"), "utf-8")
    assert "did you mean firewall.effective?" in called("policy", "lint", file).err


DOCUMENT = {
    "catalogue": 1,
    "agent": {"version": "0.1.0"},
    "collected_at": "2026-11-23T08:00:00Z",
    "facts": {"os": {"family": "linux", "name": "Debian"}, "volumes": [{"size": 10}]},
    "unknown": {},
}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"family"', '"famly"', "unknown field facts.os.famly; did you mean os.family?"),
        ('"size": 10', '"size": NaN', "not well-formed JSON"),
        ('"Debian"', '"\\ud800"', "not well-formed JSON"),
        ('"size": 10', f'"size": {2**70}', "facts.volumes[0].size"),
        ('"Debian"', "[" * 10_000 + "]" * 10_000, "nested deeper than 16"),
    ],
)
def test_a_bad_document_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    good = json.dumps(DOCUMENT)
    file = tmp_path / "machines.ndjson"
    file.write_text(f"{good}\n", "utf-8")
    assert called("policy", "check", "--facts", file).code == 1
    file.write_text(f"{good}\n{good.replace(old, new)}\n", "utf-8")
    done = called("policy", "check", "--facts", file)
    assert done.code == 2
    assert f"{file}:2: " in done.err
    assert says in done.err
    assert done.out == ""


COMMANDS = (
    ["up", "--once"],
    ["devices"],
    ["policy", "check"],
    ["verify"],
    ["agent", "list"],
    ["serve"],
)


@pytest.mark.parametrize("keep", [0, 50, 5000, 0.5, -1])
def test_a_truncated_database_is_named_and_left_as_it_is(office: Path, keep: float) -> None:
    file = office / "inventory.db"
    wal = office / "inventory.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0  # the file is all there is
    whole = file.read_bytes()
    cut = int(len(whole) * keep) if 0 < keep < 1 else int(keep)
    file.write_bytes(whole[:cut])
    assert len(whole[:cut]) < len(whole)
    for command in COMMANDS:
        done = called("--data", office, *command)
        assert done.code == 2, (command, done.err)
        assert str(file) in done.err
        assert "restore" in done.err
        assert file.read_bytes() == whole[:cut]
    file.write_bytes(whole)
    assert called("--data", office, "devices").code == 0


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"sea")
    for command in COMMANDS:
        done = called("--data", tmp_path, *command)
        assert done.code == 2, command
        assert str(tmp_path) in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_folder_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    for command in COMMANDS[1:]:
        done = called("--data", tmp_path / "none", *command)
        assert done.code == 2, command
        assert "rasoat up" in done.err
    assert not list(tmp_path.iterdir())


def test_bad_usage_is_exit_code_2(tmp_path: Path) -> None:
    assert called("frobnicate").code == 2
    assert called("report", "--format", "docx", "--out", "x").code == 2
    assert called("policy", "check", "--facts", tmp_path / "none").code == 2
    assert called("policy", "check", "no-such-policy").code == 2
    assert called("--data", tmp_path, "agent", "token", "--url", "http://x", "--out", "y").code == 2


def test_no_file_is_overwritten(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("mine")
    for command in (["agent", "token"], ["backup"]):
        done = called("--data", office, *command, "--out", target)
        assert done.code == 2
        assert "exists" in done.err
    assert target.read_text() == "mine"
    assert called("--data", office, "restore", target).code == 2
    assert called("--data", tmp_path / "new", "restore", target).code == 2
    assert not (tmp_path / "new").exists()
