"""The agent's command line, as a program: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agents.cli import COMMANDS
from agents.collect import collect
from agents.commands import Ran
from agents.machine import LiveMachine, Machine, this_machine
from agents.record import record
from agents.recorded import RecordedMachine
from agents.recording import RecordingMachine
from agents.smbios import structures, uuid
from tests.conftest import ROOT

LAPTOP = ROOT / "tests/recordings/linux-rhel-9-firewalld"


def agent(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "agents", *words]
    return subprocess.run(
        argv, check=False, capture_output=True, text=True, cwd=ROOT, timeout=60, **options
    )


def test_help_names_every_command_with_an_example() -> None:
    done = agent("--help")
    assert done.returncode == 0
    for name in COMMANDS:
        assert f"  {name} " in done.stdout
    assert agent().stdout == done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example(name: str) -> None:
    done = agent(name, "--help")
    assert done.returncode == 0
    assert f"Example: rasoat-agent {name}" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["shwo"], "no command 'shwo'"),
        (["show", "--jsn"], "no option '--jsn'"),
        (["show", "extra"], "'extra'"),
        (["show", "--section", "firewal"], "no section 'firewal'"),
        (["show", "--machine"], "--machine needs a value"),
        (["show", "--machine", "/nonexistent"], "/nonexistent"),
        (["show", "--json", "--json"], "twice"),
        (["record"], "one folder"),
        (["record", "tests"], "not an empty folder"),
    ],
)
def test_bad_usage_is_two_with_one_clear_message(words: list[str], says: str) -> None:
    done = agent(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_json_stands_alone_on_stdout() -> None:
    done = agent("show", "--machine", str(LAPTOP), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["facts"]["os"]["id"] == "rhel"


def test_text_for_people_has_the_facts_and_the_reasons() -> None:
    done = agent("show", "--machine", str(LAPTOP), "--section", "firewall,updates")
    assert done.returncode == 0
    assert "  effective: on" in done.stdout
    assert "updates.pending: not_supported" in done.stdout
    assert "hardware" not in done.stdout


def test_a_recording_replays_to_the_facts_of_the_live_run_it_came_from(tmp_path: Path) -> None:
    """This machine, whatever it is: the live collectors' document, and the one of its recording."""
    recorder = RecordingMachine(this_machine())
    live = collect(recorder)
    recorder.recording.write(str(tmp_path / "made"))
    replayed = collect(RecordedMachine(str(tmp_path / "made")))
    for document in (live, replayed):
        del document["agent"]["duration"]
        for why in document["unknown"].values():
            del why["detail"]  # a recording words it in its own way
    assert replayed == live
    assert len(_paths(live["facts"])) > 100


def test_record_writes_a_new_folder_only(tmp_path: Path) -> None:
    folder = tmp_path / "máy của tôi"
    done = agent("record", str(folder))
    assert done.returncode == 0, done.stderr
    shown = json.loads(agent("show", "--machine", str(folder), "--json").stdout)
    assert shown["facts"]["os"]["family"] == "linux"
    before = sorted(path.name for path in folder.rglob("*"))
    again = agent("record", str(folder))
    assert again.returncode == 2
    assert "not an empty folder" in again.stderr
    assert sorted(path.name for path in folder.rglob("*")) == before


class Office(Machine):
    """The recorded laptop, with names worth hiding."""

    def __init__(self) -> None:
        self._inner = RecordedMachine(str(LAPTOP))

    def __getattribute__(self, name: str) -> Any:
        if name in ("read_file", "_inner", "__class__"):
            return super().__getattribute__(name)
        return getattr(self._inner, name)

    def read_file(self, path: str, limit: int = 1 << 20) -> bytes:
        content = self._inner.read_file(path, max(limit, 1 << 26))
        hidden = {
            b"user-1": b"nguyenvana",
            b"02:00:00:00:00:01": b"54:e1:ad:12:34:56",
            b"0000fffe000001": b"56e1adfffe123456"[2:],
            b"host-1": b"PC-KETOAN-07",
            b"scrubbed": b"$6$abcdefgh$0123456789abcdef",
        }
        for stand_in, genuine in hidden.items():
            content = content.replace(stand_in, genuine)
        return content


SECRETS = (
    b"nguyenvana",
    b"54:e1:ad:12:34:56",
    b"PC-KETOAN-07",
    b"PF000001",
    b"S000000000001",
    b"$6$",
)


@pytest.mark.parametrize("redact", [True, False])
def test_redaction_hides_names_and_keeps_facts(tmp_path: Path, redact: bool) -> None:
    recording = record(Office(), redact=redact)
    recording.write(str(tmp_path / "made"))
    written = b"".join(p.read_bytes() for p in (tmp_path / "made").rglob("*") if p.is_file())
    found = [secret for secret in SECRETS if secret in written]
    assert found == ([] if redact else [s for s in SECRETS if s != b"$6$"])
    before, after = collect(Office()), collect(RecordedMachine(str(tmp_path / "made")))
    same = ("accounts", "firewall", "session_lock", "services", "software", "updates", "volumes")
    for section in same:
        assert after["facts"][section] == before["facts"][section], section
    assert sorted(_paths(after["facts"])) == sorted(_paths(before["facts"]))
    macs = [one.get("mac") for one in after["facts"]["network"]["interfaces"]]
    assert len(set(macs)) == len(
        [one.get("mac") for one in before["facts"]["network"]["interfaces"]]
    )
    if redact:
        words = " ".join(recording.redacted)
        assert all(
            kind in words for kind in ("user names", "host name", "serials", "MAC addresses")
        )
        assert uuid(structures(recording.smbios or b"")[1]).endswith("01")


def _paths(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [p for key, one in value.items() for p in _paths(one, f"{path}.{key}")]
    if isinstance(value, list):
        return [p for one in value for p in _paths(one, path)]
    return [path]


def test_slow_answers_are_kept_for_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from agents import commands, programs

    started = []

    def counted(arguments: list[str], seconds: float) -> Ran:
        started.append(arguments)
        return Ran(0, b"Inst bash\n", b"")

    monkeypatch.setattr(programs, "run_to_end", counted)
    watched = tmp_path / "status"
    watched.write_text("")
    slow = commands.Command("true", daily=(str(watched),))
    monkeypatch.setitem(commands.COMMANDS, "apt_upgrade", slow)
    for _ in range(3):
        assert LiveMachine(str(tmp_path)).run("apt_upgrade").stdout == b"Inst bash\n"
    assert len(started) == 1
    watched.write_text("changed")
    import os

    os.utime(watched, (1, 1))
    LiveMachine(str(tmp_path)).run("apt_upgrade")
    assert len(started) == 2
    (tmp_path / "daily-apt_upgrade.json").write_text('{"at": "x"}')
    LiveMachine(str(tmp_path)).run("apt_upgrade")
    assert len(started) == 3


def test_light_start() -> None:
    """What `show` may not import: the budget of a ten-year-old PC."""
    code = (
        "import sys; from agents.cli import main;"
        " main(['show', '--json', '--section', 'firewall,os']);"
        " print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    loaded = set(done.stderr.split())
    assert "agents.linux.firewall" in loaded
    heavy = {"psutil", "ssl", "http.client", "asyncio", "logging", "argparse", "platform", "uuid"}
    assert not loaded & (heavy | {"typing", "yaml", "pydantic", "sqlite3", "ipaddress"}), (
        loaded & heavy
    )
    assert not re.search(r"\bagents\.(transport|enrol|spool)\b", done.stderr)
