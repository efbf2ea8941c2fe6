"""The monthly timer of docs/operations.md: systemd takes it, and its command is ours."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from rasoat.commands.report import report
from tests.conftest import ROOT
from tests.rasoat.timers import PROGRAM, analyze, exposure, units

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
WORST_EXPOSURE = 3.0  #: of systemd-analyze security; a bare service of root's has 9.6


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    found = units(PAGE, tmp_path)
    assert [Path(one).name for one in found] == ["rasoat-report.service", "rasoat-report.timer"]
    done = analyze("verify", "--man=no", *found)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SuccessExitStatus=1", "SuccesExitStatus=1"),
        ("OnCalendar=*-*-01 07:00", "OnCalendar=monthly at seven"),
    ],
)
def test_systemd_would_refuse_others(tmp_path: Path, old: str, new: str) -> None:
    assert old in PAGE
    done = analyze("verify", "--man=no", *units(PAGE, tmp_path, old, new))
    assert done.returncode != 0 or done.stderr != ""


def test_the_service_is_hardened(tmp_path: Path) -> None:
    assert 0 < exposure(units(PAGE, tmp_path)[0]) <= WORST_EXPOSURE


def test_the_services_command_is_ours() -> None:
    (line,) = re.findall(rf"^ExecStart={PROGRAM} --data (\S+) --lang vi (.*)$", PAGE, re.MULTILINE)
    words = shlex.split(line[1])
    assert words[0] == "report"
    assert report.make_context("report", words[1:]).params["faces"] == ("all",)
