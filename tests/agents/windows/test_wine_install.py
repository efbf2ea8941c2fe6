"""install under Wine: the task of a real Windows Python, the rights of its files, a closed folder.

Wine's schtasks takes a task and shows none; its folders belong to the user who runs it, so that a
plain install is rightly refused there.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.agents.windows.test_task import faults
from tests.lab.wine import VERSIONS, Wine

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

#: install and uninstall where the rights of Wine's own folders are not looked at.
TRUSTING = """
import json, sys
from agents import install, status, trust, uninstall
from agents.administration import System
from agents.windows import private
trust.fault = lambda paths: ""
state = sys.argv[1]
codes = [install.main(["--state", state]), install.main(["--state", state])]
task = status.schedule(System())
rights = private.described(state)
codes.append(uninstall.main(["--state", state, "--purge"]))
print(json.dumps([codes, task, rights]))
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_the_task_of_a_windows_python(pc: Wine, version: str, tmp_path: Path) -> None:
    done = pc.python(version, "-X", "utf8", "-m", "agents", "install", "--print")
    assert done.returncode == 0, done.stderr.decode()
    first, _, xml = done.stdout.decode("utf-8").replace("\r\n", "\n").partition("\n")
    assert first == r"==> C:\ProgramData\rasoat-agent\rasoat-agent-task.xml"
    home = rf"C:\Program Files\Rà Soát {version}"
    assert rf'<Command>"{home}\python\python.exe"</Command>' in xml
    cache = r"pycache_prefix=C:\ProgramData\rasoat-agent\cache"
    assert rf'"-I" "-X" "{cache}" "{home}\app\agents\__main__.py" "run"' in xml
    assert faults(b"\xff\xfe" + xml.encode("utf-16-le"), tmp_path) == ""


@pytest.mark.parametrize("version", VERSIONS)
def test_the_command_of_the_task_runs(pc: Wine, version: str) -> None:
    home = rf"C:\Program Files\Rà Soát {version}"
    cache = r"pycache_prefix=C:\none\cache"
    words = ["-I", "-X", cache, rf"{home}\app\agents\__main__.py", "run", "--state", r"C:\none"]
    done = pc.python(version, *words)
    assert (done.returncode, b"holds no enrolment" in done.stderr) == (2, True)


@pytest.mark.parametrize("version", VERSIONS)
def test_folders_of_an_ordinary_user_are_refused(pc: Wine, version: str) -> None:
    done = pc.python(version, "-X", "utf8", "-m", "agents", "install")
    assert done.returncode == 3
    assert "it belongs to S-1-5-21-" in done.stderr.decode()
    done = pc.python(version, "-m", "agents", "install", "--lang", "vi")  # its code page has none
    assert "nó thuộc về S-1-5-21-" in done.stderr.decode("utf-8")
    assert not (pc.drive / "ProgramData" / "rasoat-agent").exists()


@pytest.mark.parametrize("version", VERSIONS)
def test_install_and_uninstall(pc: Wine, version: str) -> None:
    state = rf"C:\ProgramData\trạng thái {version}"
    pc.run("schtasks.exe", "/Query")  # starts Wine's service of tasks, which keeps its streams
    done = pc.python(version, "-X", "utf8", "-c", TRUSTING, state)
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode("utf-8").splitlines()
    assert [line for line in said if "rasoat-agent registered" in line] != []
    codes, task, rights = json.loads(said[-1])
    assert codes == [0, 0, 0]
    assert "(A;OICI;FA;;;SY)" in rights
    assert "WD)" not in rights  # Wine's folders are everybody's to read, until they are closed
    # What Wine does not show is unknown, neither there nor not there.
    assert (task["installed"], task["unknown"]["installed"]["reason"]) == (None, "unreadable")
    assert not (pc.drive / "ProgramData" / f"trạng thái {version}").exists()
