"""The timer and the task of docs/scan.md: systemd takes them, and their commands are ours."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from rasoat.commands.scan import scan
from tests.conftest import ROOT
from tests.rasoat.timers import PROGRAM, analyze, exposure, units

PAGE = (ROOT / "docs" / "scan.md").read_text("utf-8")
VIETNAMESE = (ROOT / "docs" / "vi" / "quet-mang.md").read_text("utf-8")
LONGEST_TASK = 261  #: characters that schtasks takes after /TR
WORST_EXPOSURE = 5.0  #: of systemd-analyze security; a bare service of root's has 9.6


def parsed(command: str) -> dict[str, object]:
    """The options of a `rasoat scan …` line, as the command itself reads them."""
    words = shlex.split(command)
    assert words[0] == "scan"
    return dict(scan.make_context("scan", words[1:]).params)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    found = units(PAGE, tmp_path)
    assert [Path(one).name for one in found] == ["rasoat-scan.service", "rasoat-scan.timer"]
    done = analyze("verify", "--man=no", *found)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Type=oneshot", "Type=sometimes"),
        ("ProtectSystem=strict", "ProtectSytem=strict"),
        ("OnCalendar=Mon..Fri 09:30", "OnCalendar=Mon..Fri 9h30"),
        ("TimeoutStartSec=2h", "TimeoutStartSec=long"),
    ],
)
def test_systemd_would_refuse_others(tmp_path: Path, old: str, new: str) -> None:
    assert old in PAGE
    done = analyze("verify", "--man=no", *units(PAGE, tmp_path, old, new))
    assert done.returncode != 0 or done.stderr != ""


def test_the_service_is_hardened(tmp_path: Path) -> None:
    assert 0 < exposure(units(PAGE, tmp_path)[0]) <= WORST_EXPOSURE


def test_the_services_command_is_ours() -> None:
    (line,) = re.findall(rf"^ExecStart={PROGRAM} (.*)$", PAGE, re.MULTILINE)
    options = parsed(line)
    assert (options["unit"], options["to"]) == ("UBND-01", "https://rasoat.office.example:8443")


@pytest.mark.parametrize("page", [PAGE, VIETNAMESE], ids=["en", "vi"])
def test_the_windows_tasks_command_is_ours_and_short_enough(page: str) -> None:
    (task,) = re.findall(r"```bat\nschtasks /Create .* /TR \"(.*)\"\n```", page)
    command = task.replace('\\"', '"')
    assert len(command) <= LONGEST_TASK
    program, _, rest = command.partition('.exe" ')
    assert program.startswith('"C:\\Program Files\\')
    assert parsed(rest.replace("\\", "/"))["unit"] == "UBND-01"
