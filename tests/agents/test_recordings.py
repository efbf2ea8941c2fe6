"""Every recorded machine, replayed by the real collectors, gives exactly its expected facts.

One runner for all. After a change that is meant, write the expectations anew and read the
difference:
``RASOAT_UPDATE=1 python -m pytest tests/agents/test_recordings.py``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agents.collect import collect
from agents.recorded import RecordedMachine
from tests.conftest import ROOT
from tests.lab import server_asked

RECORDINGS = sorted(path.parent for path in (ROOT / "tests/recordings").glob("*/machine.json"))
#: What stands in the folder's name is what the firewall must come to.
EFFECTIVE = {
    "no-firewall": "off",
    "nft-drop": "on",
    "nft-accepts-all": "off",
    "ufw": "on",
    "firewalld": "on",
    "unprivileged": None,
    "application-firewall-off": "off",
    "application-firewall-on": "on",
    "all-profiles-on": "on",
    "policy-turns-on": "on",
    "policy-turns-off": "off",
    "public-profile-off": "off",
    "domain-profile-off": "off",
    "third-party-firewall": "on",
    "service-stopped": "off",
}
#: Files that a recording has at least; a Windows tells nearly all in one registry file.
FILES = {"linux": 21, "macos": 21, "windows": 5}
#: What must stand in no recording: password hashes; in a registry, the password of a sign-in and
#: the bytes of a product key.
SECRETS = (
    rb"\$(y|6|5|1|2b)\$[./A-Za-z0-9]{4}",
    rb'"DefaultPassword"="(?!scrubbed)',
    rb"Matkhau",
    rb"64,65,66,67,68,69",
)
#: Sections that are whole lists of small things, whose every element may lack a fact.
NOT_COUNTED = ("agent", "software")


def platform_of(folder: Path) -> str:
    platform: str = json.loads((folder / "machine.json").read_text("utf-8"))["platform"]
    return platform


def replayed(folder: Path) -> dict[str, Any]:
    document = collect(RecordedMachine(str(folder)))
    del document["agent"]["duration"], document["agent"]["python"], document["agent"]["version"]
    return document


@pytest.mark.parametrize("folder", RECORDINGS, ids=lambda path: path.name)
def test_recording_gives_its_expected_facts(folder: Path) -> None:
    document = replayed(folder)
    expected = folder / "expected.json"
    if os.environ.get("RASOAT_UPDATE"):
        expected.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert document == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize("folder", RECORDINGS, ids=lambda path: path.name)
def test_the_server_takes_what_a_recording_gives(folder: Path) -> None:
    """No field that the catalogue does not have, no wrong type."""
    document = collect(RecordedMachine(str(folder)))
    report = server_asked.report_of(document)
    assert report["facts"]["os"]["family"] == platform_of(folder)


@pytest.mark.parametrize("folder", RECORDINGS, ids=lambda path: path.name)
def test_every_fact_of_the_platform_is_there_or_named_as_unknown(folder: Path) -> None:
    document = replayed(folder)
    unknown = {re.sub(r"\[\d+\]", "", path) for path in document["unknown"]}
    checked = 0
    for fact in server_asked.leaves():
        path, words = fact["path"], fact["path"].split(".")
        if (
            platform_of(folder) not in fact["platforms"]
            or fact["witness"] != "agent"
            or words[0] in NOT_COUNTED
        ):
            continue
        checked += 1
        above = {".".join(words[:n]) for n in range(1, len(words))}
        assert path in unknown or above & unknown or _has(document["facts"], words), path
    assert checked > 90


def _has(value: Any, words: list[str]) -> bool:
    """Whether the fact is there; in a list, whether some element has it or there is no element."""
    if isinstance(value, list):
        return not value or any(_has(one, words) for one in value)
    if not words:
        return True
    return isinstance(value, dict) and words[0] in value and _has(value[words[0]], words[1:])


@pytest.mark.parametrize("folder", RECORDINGS, ids=lambda path: path.name)
def test_a_recordings_name_says_what_its_firewall_is(folder: Path) -> None:
    (label,) = [word for word in EFFECTIVE if folder.name.endswith(word)]
    document = replayed(folder)
    assert document["facts"]["firewall"].get("effective") == EFFECTIVE[label]
    if EFFECTIVE[label] is None:
        assert document["unknown"]["firewall.effective"]["reason"] == "not_elevated"


def test_there_are_recordings_of_every_kind() -> None:
    assert {label for label in EFFECTIVE if any(f.name.endswith(label) for f in RECORDINGS)} == set(
        EFFECTIVE
    )


@pytest.mark.parametrize("folder", RECORDINGS, ids=lambda path: path.name)
def test_no_recording_tells_secrets(folder: Path) -> None:
    about = json.loads((folder / "machine.json").read_text("utf-8"))
    assert about["simulated"]
    looked_at = 0
    for path in folder.rglob("*"):
        if path.is_file():
            looked_at += 1
            content = path.read_bytes().replace(b"\0", b"")
            assert not any(re.search(secret, content) for secret in SECRETS), path
    assert looked_at >= FILES[platform_of(folder)]


def test_what_a_recording_lacks_is_unknown(tmp_path: Path) -> None:
    """A folder with nothing but machine.json: every fact unknown, none guessed."""
    about = {"recording": 1, "platform": "linux", "recorded_at": "2026-11-23T08:00:00Z"}
    (tmp_path / "machine.json").write_text(json.dumps(about))
    document = collect(RecordedMachine(str(tmp_path)))
    values = json.dumps(document["facts"])
    assert document["facts"].pop("os") == {"family": "linux"}
    assert not _leaves(document["facts"]), values
    assert {why["reason"] for why in document["unknown"].values()} <= {"not_found", "not_supported"}
    assert len(document["unknown"]) > 60


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _leaves(one)]
    return [value]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "machine.json"),
        ({"machine.json": "{"}, "machine.json"),
        ({"machine.json": '{"recording": 2, "platform": "linux"}'}, "recording 2"),
        ({"machine.json": '{"recording": 1, "platform": "amiga"}'}, "amiga"),
        ({"machine.json": '{"recording": 1, "platform": "linux"}'}, "recorded_at"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, files: dict[str, str], words: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    argv = [sys.executable, "-m", "agents", "show", "--machine", str(tmp_path)]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_link_in_a_recording_does_not_lead_out(tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.write_text("NAME=Stolen\nID=stolen\n")
    inside = tmp_path / "recording"
    (inside / "files/etc").mkdir(parents=True)
    about = {"recording": 1, "platform": "linux", "recorded_at": "2026-11-23T08:00:00Z"}
    (inside / "machine.json").write_text(json.dumps(about))
    (inside / "files/etc/os-release").symlink_to(outside)
    document = collect(RecordedMachine(str(inside)), ["os"])
    assert "Stolen" not in json.dumps(document)
    (inside / "files/etc/os-release").unlink()
    (inside / "files/etc/os-release").write_bytes(outside.read_bytes())
    assert collect(RecordedMachine(str(inside)), ["os"])["facts"]["os"]["name"] == "Stolen"
