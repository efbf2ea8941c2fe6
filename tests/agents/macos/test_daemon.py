"""The launchd daemon: its property list read back, and what is done with it."""

from __future__ import annotations

import plistlib
from typing import Any

import pytest

from agents.commands import ADMIN, Ran
from agents.macos import daemon
from agents.outcome import Unknown
from agents.problems import AgentProblem
from agents.schedule import PERIODS, Job, Placed, Unplaceable

STATE = "/Library/Application Support/rasoat-agent"


def job(program: str = "/Library/rasoat-agent/bin/python3", interval: int = 14400) -> Job:
    words = ("-I", "-B", "-S", "/Library/rasoat-agent/agents/__main__.py", "run", "--scheduled")
    return Job(program, (*words, "--state", STATE), STATE, interval, 5)


def listed(made: Job) -> dict[str, Any]:
    (placed,) = daemon.rendered(made)
    assert placed.path == "/Library/LaunchDaemons/org.rasoat.agent.plist"
    found: dict[str, Any] = plistlib.loads(placed.content)
    return found


@pytest.mark.parametrize("program", ["/opt/a", "/opt/Xã & <tổ> \"3\" 100% $x 'y'\\z/python"])
def test_the_list_comes_back_as_it_was_meant(program: str) -> None:
    made = job(program)
    found = listed(made)
    assert found["ProgramArguments"] == list(made.words)
    assert found["Label"] == daemon.LABEL
    assert (found["ProcessType"], found["LowPriorityIO"]) == ("Background", True)
    # It would listen, stay, or be started by others' files.
    assert not {"Sockets", "KeepAlive", "WatchPaths", "QueueDirectories"} & found.keys()


def test_the_names_fit_the_commands() -> None:
    assert ADMIN["daemon_on"].arguments == ("bootstrap", "system", daemon.PATH)
    assert ADMIN["daemon_off"].arguments == ("bootout", "system/" + daemon.LABEL)


@pytest.mark.parametrize("every", PERIODS)
def test_it_starts_every_so_many_minutes(every: int) -> None:
    moments = listed(job(interval=every * 60))["StartCalendarInterval"]
    minutes = sorted(
        hour * 60 + one["Minute"]
        for one in moments
        for hour in ([one["Hour"]] if "Hour" in one else range(24))
    )
    assert minutes == list(range(0, 1440, every))


@pytest.mark.parametrize("sign", ["\n", "\0", "\x1b", "\ud800"])
def test_a_control_character_is_refused(sign: str) -> None:
    with pytest.raises(Unplaceable, match="another folder"):
        daemon.rendered(job(f"/opt/a{sign}b"))


class Mac:
    """A Mac that holds files and a table of loaded daemons."""

    def __init__(self, refuses: str = "") -> None:
        self.files: dict[str, bytes] = {}
        self.loaded = False
        self.ran: list[str] = []
        self.refuses = refuses

    def exists(self, path: str) -> bool:
        return path in self.files

    def place(self, placed: Placed, mode: int = 0o644) -> bool:
        changed = self.files.get(placed.path) != placed.content
        self.files[placed.path] = placed.content
        return changed

    def remove(self, path: str) -> bool:
        return self.files.pop(path, None) is not None

    def run(self, name: str, folder: str | None = None) -> Ran:
        assert name in ADMIN
        self.ran.append(name)
        fails = name == self.refuses or (name != "daemon_on") != self.loaded
        if not fails and name != "daemon_show":
            self.loaded = name == "daemon_on"
        return Ran(5 if fails else 0, b"", b"Bootstrap failed: 5" if fails else b"")


def test_installing_twice_is_the_same_as_once() -> None:
    mac: Any = Mac()
    assert daemon.install(job(), mac) == [daemon.PATH + " written", "org.rasoat.agent loaded"]
    before = dict(mac.files)
    again = daemon.install(job(), mac)
    assert again == [daemon.PATH + " is as it was", "org.rasoat.agent loaded"]
    assert (mac.files, mac.loaded, mac.ran.count("daemon_on")) == (before, True, 1)


def test_another_interval_is_loaded_anew() -> None:
    mac: Any = Mac()
    daemon.install(job(), mac)
    daemon.install(job(interval=3600), mac)
    assert mac.ran[-2:] == ["daemon_off", "daemon_on"]


def test_a_refusal_leaves_nothing_lying() -> None:
    mac: Any = Mac(refuses="daemon_on")
    with pytest.raises(AgentProblem, match=r"loading the daemon failed.*Bootstrap failed"):
        daemon.install(job(), mac)
    assert mac.files == {}


def test_uninstall_works_when_half_is_missing() -> None:
    mac: Any = Mac()
    daemon.install(job(), mac)
    assert daemon.uninstall(STATE, mac) == [
        "org.rasoat.agent unloaded",
        daemon.PATH + " removed",
    ]
    assert (mac.files, mac.loaded) == ({}, False)
    assert daemon.uninstall(STATE, mac) == []
    mac.files[daemon.PATH] = b""
    assert daemon.uninstall(STATE, mac) == [daemon.PATH + " removed"]


def test_what_launchd_does_not_tell_is_unknown() -> None:
    mac: Any = Mac()
    machine: Any = None
    assert daemon.status(mac, machine) == {"installed": False}
    daemon.install(job(), mac)
    found = daemon.status(mac, machine)
    assert (found["installed"], found["enabled"], found["last_run"]) == (True, True, None)
    assert found["unknown"]["last_run"]["reason"] == "not_supported"
    mac.loaded = False
    assert daemon.status(mac, machine)["enabled"] is False


def test_no_launchctl_is_unknown() -> None:
    class Broken(Mac):
        def run(self, name: str, folder: str | None = None) -> Ran:
            raise Unknown("not_installed", "launchctl")

    mac: Any = Broken()
    mac.files[daemon.PATH] = b""
    machine: Any = None
    assert daemon.status(mac, machine)["unknown"]["enabled"]["reason"] == "not_installed"
