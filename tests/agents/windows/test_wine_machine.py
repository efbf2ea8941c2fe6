"""The whole agent under Wine: what it shows, and a report that the real collector accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.run import Collector
from tests.agents.windows.office import accepted, agent, collecting, leaves, shown, token_file
from tests.lab.wine import VERSIONS, Wine, windows

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

CURRENT_VERSION = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion]
"ProductName"="Windows 10 Pro"
"CurrentBuild"="{build}"
"CurrentMajorVersionNumber"=dword:0000000a
"CurrentMinorVersionNumber"=dword:00000000
"UBR"=dword:00001130
"DisplayVersion"="{release}"
"EditionID"="{edition}"
"InstallationType"="Client"
"InstallDate"=dword:65a0f2c0
"""
TEN = {"build": "19045", "release": "22H2", "edition": "Professional"}
ELEVEN = {"build": "26100", "release": "24H2", "edition": "EnterpriseS"}


@pytest.fixture(scope="module", autouse=True)
def version_key(pc: Wine) -> Iterator[None]:
    """Other tests may rely on the version that Wine itself says."""
    with pc.kept(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"):
        yield


def imported(pc: Wine, fixture: dict[str, str]) -> None:
    pc.imported(CURRENT_VERSION.format(**fixture))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_it_shows_is_a_report_that_the_server_understands(pc: Wine, version: str) -> None:
    imported(pc, TEN)
    document = shown(pc, version)
    assert leaves(document["facts"]) >= 50
    assert document["agent"]["python"].startswith(version + ".")
    assert document["agent"]["elevated"] is True


@pytest.mark.parametrize("version", VERSIONS)
def test_the_system_is_what_the_fixture_says(pc: Wine, version: str) -> None:
    imported(pc, TEN)
    ten = shown(pc, version, "--section", "os")["facts"]["os"]
    imported(pc, ELEVEN)
    eleven = shown(pc, version, "--section", "os")["facts"]["os"]
    names = ("name", "version", "lifecycle", "build", "update_build_revision", "installed_at")
    assert [ten[name] for name in names] == [
        "Windows 10",
        "10.0.19045.4400",
        "windows-10-22h2-pro",
        19045,
        4400,
        "2024-01-12T08:05:20Z",
    ]
    # ProductName says "Windows 10 Pro" of both.
    assert (eleven["name"], eleven["lifecycle"]) == ("Windows 11", "windows-11-24h2-ltsc")


@pytest.mark.parametrize("version", VERSIONS)
def test_letters_that_no_code_page_has_go_through_a_pipe(pc: Wine, version: str) -> None:
    imported(pc, {**TEN, "release": "Bản mới 東京"})
    facts = shown(pc, version, "--section", "os")["facts"]["os"]
    assert facts["release"] == "Bản mới 東京"
    told = agent(pc, version, "show", "--section", "os")
    assert "release: Bản mới 東京" in told


def test_the_calls_agree_with_what_this_machine_says_of_itself(pc: Wine) -> None:
    """Wine passes these questions on to the system below it."""
    facts = shown(pc, "3.13", "--section", "hardware,volumes,network")["facts"]
    pages = next(
        line for line in Path("/proc/meminfo").read_text("utf-8").splitlines() if "MemTotal" in line
    )
    below = int(pages.split()[1]) * 1024
    assert facts["hardware"]["memory"]["total"] == pytest.approx(below, abs=1 << 20)
    threads = Path("/proc/cpuinfo").read_text("utf-8").count("processor\t:")
    assert facts["hardware"]["cpu"]["threads"] == threads
    assert facts["hardware"]["cpu"]["cores"] >= facts["hardware"]["cpu"]["sockets"] >= 1
    (system,) = (volume for volume in facts["volumes"] if volume["system"])
    assert (system["mount"], system["removable"]) == ("C:\\", False)
    assert 0 < system["free"] < system["size"]
    addresses = {
        one["address"] for card in facts["network"]["interfaces"] for one in card["addresses"]
    }
    assert "127.0.0.1" in addresses


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    with collecting(tmp_path / "dữ liệu") as running:
        yield running


@pytest.mark.parametrize("version", VERSIONS)
def test_a_report_reaches_the_real_collector(
    pc: Wine, version: str, collector: Collector, tmp_path: Path
) -> None:
    """Enrolment, signature, TLS, spool and acknowledgement, all on Windows' own Python."""
    imported(pc, TEN)
    token_file(collector, tmp_path / "enrol.json")
    state = rf"C:\ProgramData\rasoat {version}"
    enrolled = agent(pc, version, "enrol", windows(tmp_path / "enrol.json"), "--state", state)
    assert enrolled.startswith("enrolled as ")
    said = [agent(pc, version, "run", "--state", state) for _ in range(2)]
    assert ["waiting 0" in line for line in said] == [True, True], said
    first, *others = accepted(collector)
    assert len(others) == 1
    assert first["facts"]["os"]["lifecycle"] == "windows-10-22h2-pro"
    assert leaves(first["facts"]) >= 50
    status = json.loads(agent(pc, version, "status", "--json", "--state", state))
    assert (status["last_sequence"], status["reports_waiting"]) == (2, 0)


def test_a_collector_with_another_ca_gets_nothing(
    pc: Wine, collector: Collector, tmp_path: Path
) -> None:
    """The control: the same two commands, and the reports stay where they are."""
    state = r"C:\ProgramData\rasoat elsewhere"
    token_file(collector, tmp_path / "enrol.json")
    agent(pc, "3.8", "enrol", windows(tmp_path / "enrol.json"), "--state", state)
    with collecting(tmp_path / "other") as other:
        server = pc.drive / "ProgramData" / "rasoat elsewhere" / "server.json"
        kept = json.loads(server.read_text("utf-8"))
        server.write_text(json.dumps({**kept, "url": other.url}), encoding="utf-8")
        done = pc.python("3.8", "-m", "agents", "run", "--state", state)
        assert (done.returncode, b"waiting 1" in done.stdout) == (3, True), done.stdout
        assert b"certificate" in done.stdout
        assert accepted(other) == accepted(collector) == []


STRANGER = """
import sys
from agents.windows import private
print(private.strangers(sys.argv[1]))
"""


def strangers(pc: Wine, path: str) -> str:
    script = pc.folder / "strangers.py"
    script.write_text(STRANGER, encoding="utf-8")
    done = pc.python("3.8", windows(script), path)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def test_the_key_is_for_the_system_and_its_administrators_alone(
    pc: Wine, collector: Collector, tmp_path: Path
) -> None:
    """Wine keeps access lists as the mode of the file below, so it shows who is let in at all."""
    state = pc.drive / "ProgramData" / "rasoat key"
    token_file(collector, tmp_path / "enrol.json")
    agent(pc, "3.8", "enrol", windows(tmp_path / "enrol.json"), "--state", windows(state))
    assert strangers(pc, windows(state)) == strangers(pc, windows(state / "key")) == "[]"
    assert (state / "key").stat().st_mode & 0o007 == 0
    (state / "key").chmod(0o644)
    assert strangers(pc, windows(state / "key")) == "['WD']", "the control: everybody is seen"
    done = pc.python("3.8", "-m", "agents", "run", "--state", windows(state))
    assert (done.returncode, b"can be read by others (WD)" in done.stderr) == (3, True)


LOCKING = """
import sys
from agents.machine import this_machine
from agents.lock import Lock
from agents.problems import AgentProblem
with Lock(sys.argv[1]):
    try:
        with Lock(sys.argv[1]):
            print("two at once")
    except AgentProblem as fault:
        print(fault)
with Lock(sys.argv[1]):
    print("again", type(this_machine()).__name__)
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_two_never_work_in_one_folder(pc: Wine, version: str) -> None:
    script = pc.folder / "lock.py"
    script.write_text(LOCKING, encoding="utf-8")
    done = pc.python(version, windows(script), rf"C:\ProgramData\khóa {version}")
    assert done.returncode == 0, done.stderr.decode()
    refused, again = done.stdout.decode("utf-8", "replace").splitlines()
    assert "another run is at work" in refused
    assert again == "again WindowsMachine"
