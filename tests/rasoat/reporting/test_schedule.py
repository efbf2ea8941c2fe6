"""The monthly timer of docs/operations.md: systemd takes it, and its command is ours."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from rasoat.commands.report import report
from tests.conftest import ROOT, require

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
PROGRAM = "/opt/rasoat/bin/rasoat"
WORST_EXPOSURE = 3.0  #: of systemd-analyze security; a bare service of root's has 9.6


def units(folder: Path, old: str = "", new: str = "") -> list[str]:
    """The units that the page shows, as files with a program that is there; their paths."""
    paths = []
    for name, text in re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```", PAGE, re.DOTALL):
        path = folder / name
        path.write_text(text.replace(PROGRAM, "/bin/true").replace(old, new or old), "utf-8")
        paths.append(str(path))
    return paths


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """One run of systemd-analyze; it needs no systemd that runs."""
    program = shutil.which("systemd-analyze")
    require("systemd-analyze (systemd)", program is not None)
    argv = [str(program), "--no-pager", *words]
    return subprocess.run(argv, check=False, capture_output=True, text=True)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    found = units(tmp_path)
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
    done = analyze("verify", "--man=no", *units(tmp_path, old, new))
    assert done.returncode != 0 or done.stderr != ""


def test_the_service_is_hardened(tmp_path: Path) -> None:
    done = analyze("security", "--offline=true", "--threshold=100", units(tmp_path)[0])
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    assert 0 < float(found[1]) <= WORST_EXPOSURE


def test_the_services_command_is_ours() -> None:
    (line,) = re.findall(rf"^ExecStart={PROGRAM} --data (\S+) --lang vi (.*)$", PAGE, re.MULTILINE)
    words = shlex.split(line[1])
    assert words[0] == "report"
    assert report.make_context("report", words[1:]).params["faces"] == ("all",)
