"""install, uninstall and status as programs, on a Linux whose system folders are the test's own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nacl
import psutil
import pytest

from agents import enrol
from agents.administration import System, place_all
from agents.cli import main
from agents.commands import ADMIN, COMMANDS
from agents.install import planned
from agents.problems import AgentProblem
from agents.schedule import PERIODS, Job, Placed, period
from agents.starter import parts
from tests.agents.fake_collector import Said, enrolled, fake_collector
from tests.conftest import ROOT, require

#: Stands for systemctl: notes its words; enables and disables as systemd does it offline.
SYSTEMCTL = """#!/bin/sh
echo "$*" >> %(log)s
[ ! -e %(log)s.refuse ] || { echo "systemctl says no" >&2; exit 1; }
units=/etc/systemd/system
case "$1" in
enable) mkdir -p $units/timers.target.wants
    ln -sf $units/rasoat-agent.timer $units/timers.target.wants/rasoat-agent.timer;;
disable) rm -f $units/timers.target.wants/rasoat-agent.timer;;
show) [ "$3" = rasoat-agent.timer ] || { echo ExecMainStatus=0; exit 0; }
    [ ! -e $units/timers.target.wants/rasoat-agent.timer ] || echo UnitFileState=enabled
    echo ActiveState=active;;
esac
"""


class Linux:
    """A mount namespace's view: /etc/systemd/system, /run and systemctl are the test's."""

    def __init__(self, folder: Path, outside: Path) -> None:
        self.folder, self.log = folder, outside / "systemctl.log"
        self.units = outside / "units"
        self.run_folder = outside / "run"
        self.units.mkdir()
        (self.run_folder / "systemd" / "system").mkdir(parents=True)
        self.systemctl = outside / "systemctl"
        self.systemctl.write_text(SYSTEMCTL % {"log": self.log}, "utf-8")
        self.systemctl.chmod(0o755)
        self.state = folder / "trạng thái & khác"

    def agent(self, *words: str, says: int = 0) -> str:
        """Run the agent there; its output, and what it said on stderr."""
        binds = [
            (self.units, "/etc/systemd/system"),
            (self.run_folder, "/run"),
            (self.systemctl, "/usr/bin/systemctl"),
        ]
        mounts = "".join(f'mount --bind "{source}" {target} && ' for source, target in binds)
        program = [sys.executable, "-I", "-B", str(self.folder / "agents" / "__main__.py")]
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", mounts + 'exec "$@"', "sh", *program, *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == says, done.stdout + done.stderr
        return done.stdout + done.stderr

    def install(self, *words: str, says: int = 0) -> str:
        starter = str(self.folder / "starter" / "rasoat-agent")
        return self.agent(
            "install", "--state", str(self.state), "--program", starter, *words, says=says
        )

    @property
    def calls(self) -> list[str]:
        return self.log.read_text("utf-8").splitlines() if self.log.exists() else []

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.units)) for path in self.units.rglob("*.*er*"))


@pytest.fixture
def linux(tmp_path: Path) -> Iterator[Linux]:
    require(
        "root, for a mount namespace", os.geteuid() == 0 and shutil.which("unshare") is not None
    )
    require("systemctl (systemd)", Path("/usr/bin/systemctl").exists())
    folder = Path(tempfile.mkdtemp(prefix="rasoat xã ", dir="/var/lib"))
    folder.chmod(0o755)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "agents", folder / "agents", ignore=ignored)
    (folder / "starter").mkdir()
    shutil.copy("/bin/true", folder / "starter" / "rasoat-agent")
    yield Linux(folder, tmp_path)
    shutil.rmtree(folder)


UNITS = ["rasoat-agent.service", "rasoat-agent.timer"]
INSTALLED = [*UNITS, "timers.target.wants/rasoat-agent.timer"]


def test_install_status_uninstall(linux: Linux) -> None:
    said = linux.install()
    assert "rasoat-agent.timer enabled and started" in said
    assert "not enrolled yet" in said
    assert linux.names() == sorted(INSTALLED)
    assert linux.state.stat().st_mode & 0o777 == 0o700
    unit = (linux.units / UNITS[0]).read_text("utf-8")
    assert f'ReadWritePaths="{linux.state}"\n' in unit
    assert linux.calls[:2] == ["daemon-reload", "enable --now rasoat-agent.timer"]

    before = {path.name: path.read_bytes() for path in linux.units.glob("*.*er*") if path.is_file()}
    again = linux.install()
    assert "is as it was" in again
    assert "written" not in again
    assert before == {
        path.name: path.read_bytes() for path in linux.units.glob("*.*er*") if path.is_file()
    }

    assert "rasoat-agent.timer removed" in linux.agent("uninstall", "--state", str(linux.state))
    assert linux.names() == []
    assert linux.state.is_dir()
    said = linux.agent("uninstall", "--state", str(linux.state))
    assert "no scheduled task was installed" in said


def test_the_same_in_vietnamese(linux: Linux, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASOAT_LANG", "vi")
    timer = "/etc/systemd/system/rasoat-agent.timer"
    assert linux.install().splitlines() == [
        f"đã đặt riêng tư {linux.state}",
        "đã ghi /etc/systemd/system/rasoat-agent.service",
        "đã ghi " + timer,
        "rasoat-agent.timer đã bật và đã chạy",
        "chưa ghi danh; chưa gửi gì trước khi chạy: rasoat-agent enrol FILE",
    ]
    again = linux.install().splitlines()
    assert again[0] == f"{linux.state} vẫn riêng tư như trước"
    assert again[2] == timer + " vẫn như trước"
    state = ("uninstall", "--state", str(linux.state))
    gone = linux.agent(*state).splitlines()
    assert (gone[0], gone[-1]) == (
        "đã gỡ " + timer,
        f"{linux.state} được giữ lại; --purge sẽ xóa",
    )
    assert linux.agent(*state).splitlines()[0] == "không có lịch chạy nào được cài"
    Path(f"{linux.log}.refuse").touch()
    assert "không thành công (mã thoát 1): systemctl says no" in linux.install(says=3)


@pytest.mark.parametrize("missing", INSTALLED)
def test_uninstall_works_when_half_is_missing(linux: Linux, missing: str) -> None:
    linux.install()
    (linux.units / missing).unlink()
    linux.agent("uninstall", "--state", str(linux.state))
    assert linux.names() == []


def test_a_refusing_systemd_leaves_nothing_lying(linux: Linux) -> None:
    Path(f"{linux.log}.refuse").touch()
    assert "systemctl says no" in linux.install(says=3)
    assert linux.names() == []


def test_a_disk_that_is_full_leaves_no_half_of_it(tmp_path: Path) -> None:
    full = tmp_path / "none" / "b"
    files = [Placed(str(tmp_path / "a"), b"1"), Placed(str(full), b"2")]
    with pytest.raises(AgentProblem, match="none"):
        place_all(System(), files)
    assert list(tmp_path.iterdir()) == []


def test_without_systemd_the_command_line_is_told(linux: Linux) -> None:
    (linux.run_folder / "systemd" / "system").rmdir()
    said = linux.install(says=3)
    assert "systemd does not run here" in said
    assert f"'{linux.folder}/starter/rasoat-agent' 'run' '--scheduled'" in said
    assert (linux.names(), linux.calls) == ([], [])


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_program_that_others_may_replace_is_refused(linux: Linux, mode: int) -> None:
    (linux.folder / "starter").chmod(mode)
    said = linux.install(says=3)
    assert f"{linux.folder}/starter: everybody may write to it" in said
    assert (linux.names(), linux.state.exists()) == ([], False)


def test_a_bad_enrolment_file_changes_no_schedule(linux: Linux) -> None:
    bad = linux.folder / "x.enrol"
    bad.write_text("{}", "utf-8")
    assert "not an enrolment file" in linux.install("--enrol", str(bad), "--remove-file", says=2)
    assert linux.names() == []
    assert bad.exists()


@pytest.mark.parametrize("remove", [True, False])
def test_enrolling_in_the_same_step(linux: Linux, tmp_path: Path, remove: bool) -> None:
    with fake_collector(tmp_path / "fake") as fake:
        fake.answer = lambda _, body: Said(200, enrolled(body))
        file = linux.folder / "x.enrol"
        file.write_text(json.dumps(fake.enrolment_file()), "utf-8")
        said = linux.install("--enrol", str(file), *(["--remove-file"] if remove else []))
    assert "enrolled as" in said
    assert "not enrolled yet" not in said
    assert ("still holds its token" in said, file.exists()) == (not remove, not remove)
    assert fake.enrolment_file()["token"] not in said
    unit = (linux.units / UNITS[0]).read_text("utf-8")
    assert "IPAddressDeny=any\nIPAddressAllow=127.0.0.1\n" in unit
    # The collector's interval is the timer's: 900 s.
    assert "OnCalendar=*-*-* *:00/15:00\n" in (linux.units / UNITS[1]).read_text("utf-8")


def test_a_collector_that_is_away_is_enrolled_at_by_the_first_run_that_reaches_it(
    linux: Linux, tmp_path: Path
) -> None:
    """A PC that is installed before its network is there, as by a group policy at start-up."""
    with fake_collector(tmp_path / "fake") as fake:
        content = fake.enrolment_file()
    file = linux.folder / "x.enrol"
    file.write_text(json.dumps(content), "utf-8")
    said = linux.install("--enrol", str(file), "--remove-file")
    assert "the first run that reaches it enrols this machine" in said
    assert "not enrolled yet" not in said
    assert (linux.names(), file.exists()) == (INSTALLED, False)
    waiting = linux.state / enrol.LATER_FILE
    assert waiting.stat().st_mode & 0o077 == 0
    assert content["token"] in waiting.read_text("utf-8")
    linux.agent("uninstall", "--state", str(linux.state))
    assert not waiting.exists(), "a token outlives the agent"


def test_a_looser_state_folder_is_closed_and_anothers_is_refused(linux: Linux) -> None:
    linux.state.mkdir(mode=0o755)
    assert "made private" in linux.install()
    assert linux.state.stat().st_mode & 0o777 == 0o700
    os.chown(linux.state, 1000, 1000)
    assert "somebody else's" in linux.install(says=3)


def test_code_that_others_left_in_the_state_folder_is_refused(linux: Linux) -> None:
    planted = linux.state / "cache" / "x.pyc"
    planted.parent.mkdir(parents=True)
    planted.touch()
    os.chown(planted, 1000, 1000)
    assert f"{planted}: it belongs to user 1000" in linux.install(says=3)
    assert linux.names() == []


def test_purge_deletes_a_state_folder_and_no_other(linux: Linux) -> None:
    linux.install()
    (linux.state / "lock").touch()
    linux.agent("uninstall", "--state", str(linux.state), "--purge")
    assert not linux.state.exists()
    linux.state.mkdir()
    (linux.state / "thesis.odt").touch()
    said = linux.agent("uninstall", "--state", str(linux.state), "--purge", says=2)
    assert "not an agent's state folder" in said
    assert (linux.state / "thesis.odt").exists()


def test_the_installed_interpreter_runs_isolated(linux: Linux) -> None:
    """The command line that a plain install schedules runs, whatever the environment says."""
    shown = linux.agent("install", "--print", "--state", str(linux.state))
    (line,) = [one for one in shown.splitlines() if one.startswith("ExecStart=")]
    words = shlex.split(line.partition("=")[2])
    assert words[1:4] == ["-I", "-X", f"pycache_prefix={linux.state}/cache"]
    assert words[-1] == "--at-once"
    done = subprocess.run(
        words,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PYTHONPATH": "/nonexistent", "PYTHONHOME": "/nonexistent"},
    )
    assert (done.returncode, "holds no enrolment" in done.stderr) == (2, True)


def test_a_bundles_interpreter_leaves_site_packages_out(linux: Linux) -> None:
    """psutil and nacl lie beside the agent: nothing else that is installed is looked at."""
    for module in (nacl, psutil):
        home = Path(str(module.__file__)).parent
        shutil.copytree(home, linux.folder / home.name)
    for backend in Path(str(psutil.__file__)).parent.parent.glob("_cffi_backend*"):
        shutil.copy(backend, linux.folder)
    shown = linux.agent("install", "--print", "--state", str(linux.state))
    (line,) = [one for one in shown.splitlines() if one.startswith("ExecStart=")]
    words = shlex.split(line.partition("=")[2])
    assert words[1:5] == ["-I", "-X", f"pycache_prefix={linux.state}/cache", "-S"]
    done = subprocess.run([*words[:6], "show", "--json"], check=False, capture_output=True)
    assert json.loads(done.stdout)["facts"]["os"]
    # It signs with the library that lies there.
    file = linux.folder / "x.enrol"
    with fake_collector(linux.folder / "fake") as fake:
        fake.answer = lambda _, body: Said(200, enrolled(body))
        file.write_text(json.dumps(fake.enrolment_file()), "utf-8")
        enrol = [*words[:6], "enrol", str(file), "--state", str(linux.state)]
        assert subprocess.run(enrol, check=False, capture_output=True).returncode == 0
    assert len(fake.seen) == 1
    # What was compiled lies in the state folder, and nothing beside the program.
    assert len(list((linux.state / "cache").rglob("cli.*.pyc"))) == 1
    assert list(linux.folder.glob("agents/__pycache__/*")) == []


def test_everything_that_is_executed_is_looked_at() -> None:
    looked_at = parts(planned({}))
    for module in (os, nacl, psutil):
        assert str(Path(str(module.__file__)).parent) in looked_at
    assert str(ROOT / "agents") in looked_at
    assert sys.executable in looked_at
    assert [one for one in looked_at if "_cffi_backend" in one] != []
    assert parts(planned({"--program": "/bin/true"})) == ["/bin"]


def test_print_changes_nothing(linux: Linux) -> None:
    shown = linux.install("--print")
    assert "==> /etc/systemd/system/rasoat-agent.timer" in shown
    assert (linux.names(), linux.calls, linux.state.exists()) == ([], [], False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["install", "now"], "'now'"),
        (["install", "--platform", "linux"], "--print alone"),
        (["install", "--print", "--platform", "beos"], "there are: windows, linux, macos"),
        (["install", "--remove-file"], "--enrol FILE"),
        (["install", "--print", "--program", "/nonexistent"], "not a program"),
        (["install", "--print", "--platform", "windows", "--program", "C:\\%x%"], "'%'"),
        (["uninstall", "now"], "'now'"),
    ],
)
def test_bad_usage(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "says"),
    [
        ("windows", r"C:\ProgramData\rasoat-agent\rasoat-agent-task.xml"),
        ("linux", "/etc/systemd/system/rasoat-agent.service"),
        ("macos", "/Library/LaunchDaemons/org.rasoat.agent.plist"),
    ],
)
def test_any_platforms_files_can_be_printed(
    platform: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install", "--print", "--platform", platform]) == 0
    assert "==> " + says in capsys.readouterr().out


def test_an_ordinary_user_may_not(tmp_path: Path) -> None:
    require("root, to become another user", os.geteuid() == 0)
    program = "import os, sys; sys.path.insert(0, sys.argv[1]); from agents import install\n"
    program += "import agents.administration, agents.trust, agents.uninstall, agents.identity\n"
    program += "import agents.run, agents.transport, socket, agents.linux.timer, encodings.idna\n"
    program += "os.setuid(65534); from agents.cli import main; sys.exit(main(sys.argv[2:]))"
    for command in ("install", "uninstall"):
        words = [command, "--state", str(tmp_path / "state")]
        done = subprocess.run(
            [sys.executable, "-I", "-c", program, str(ROOT), *words],
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, "only an administrator" in done.stderr) == (3, True), done.stderr
    assert not (tmp_path / "state").exists()


#: Prints what `status` would say of the schedule, without an enrolment.
SCHEDULE_ALONE = """
import json, os, sys
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from agents import status
from agents.administration import System
print(json.dumps(status.schedule(System())))
"""


def test_status_tells_of_the_schedule(linux: Linux) -> None:
    from agents import status

    (linux.folder / "agents" / "__main__.py").write_text(SCHEDULE_ALONE, "utf-8")
    before: dict[str, Any] = json.loads(linux.agent("schedule"))
    assert before["installed"] is False
    assert status.told(before) == ["task installed: no"]
    shutil.copy(ROOT / "agents" / "__main__.py", linux.folder / "agents")
    linux.install()
    (linux.folder / "agents" / "__main__.py").write_text(SCHEDULE_ALONE, "utf-8")
    after = json.loads(linux.agent("schedule"))
    assert (after["installed"], after["enabled"], after["last_run"]) == (True, True, None)
    assert status.told(after)[:2] == ["task installed: yes", "task enabled: yes"]


def test_what_is_unknown_of_a_task_is_told_with_its_reason() -> None:
    from agents.status import told

    entry = {"reason": "not_elevated", "detail": "ask an administrator"}
    found = dict.fromkeys(("installed", "enabled", "last_run", "last_result"))
    said = told({**found, "unknown": {"installed": entry}})
    assert said == ["task installed: unknown (not_elevated) ask an administrator"]


def test_collectors_cannot_start_what_changes_the_schedule() -> None:
    assert set(ADMIN) & set(COMMANDS) == set()
    assert len(ADMIN) >= 10


@pytest.mark.parametrize(("interval", "minutes"), [(0, 15), (60, 15), (3600, 60), (14400, 240)])
def test_the_servers_interval_is_rounded_down(interval: int, minutes: int) -> None:
    assert period(interval) == minutes
    assert period(7 * 86400) == PERIODS[-1]
    assert 0 <= Job("/x", (), "/s", interval, 10**9).offset < minutes * 60
