"""The agent on Python 3.8, Windows 7's last: installed from the pins, run, and understood."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from inventory.document import decode_report
from tests.conftest import ROOT, require
from tools.old_python import make, python38, python_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PARTS = ("agents", "scanner", "inventory", "policies", "reports", "server", "rasoat")
QUIET = ["-m", "pip", "--disable-pip-version-check", "--quiet"]


def run(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """One program, its output kept; a failure shows what it said."""
    done = subprocess.run(
        command,
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A 3.8 with what an agent's PC has: requirements/agent.txt, by its hashes, and no more."""
    base = python38()
    require("Python 3.8", base is not None)
    folder = tmp_path_factory.mktemp("agent 3.8")
    make(str(base), folder, ("agent.txt",))
    return str(python_of(folder))


def test_the_agent_runs_on_3_8_and_the_server_understands_it(old: str) -> None:
    done = run(old, "-W", "error", "-m", "agents", "show", "--json")
    assert done.returncode == 0, done.stderr
    report = decode_report(done.stdout.encode())
    assert report.catalogue >= 1


def test_an_agent_install_pulls_only_its_own_packages(old: str) -> None:
    listed = run(old, *QUIET[:-1], "list", "--format=freeze").stdout.lower().split()
    names = {line.partition("==")[0] for line in listed} - {"pip", "setuptools", "wheel"}
    assert names == {"psutil", "pynacl", "cffi", "pycparser"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The distribution as an office would install it, built from a copy of the checkout."""
    try:
        present = int(version("setuptools").partition(".")[0]) >= 77
    except PackageNotFoundError:
        present = False
    require("setuptools 77 or newer (requirements/dev.txt)", present)
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".*", "tests", "data", "rasoat-data", "build", "__pycache__")
    shutil.copytree(ROOT, folder / "source", ignore=ignored)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = run(*build, cwd=folder / "source")
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("rasoat-*.whl"))


def test_the_wheel_carries_the_data_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = [
        path.relative_to(ROOT).as_posix()
        for part in PARTS
        for path in (ROOT / part).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".po"}  # .po: what .mo is made of
    ]
    assert len(data) >= 10
    assert set(data) <= names
    assert [name for name in names if name.startswith(("tests", "tools", "benchmarks"))] == []


def test_the_wheel_gives_3_8_a_working_rasoat_agent(old: str, wheel: Path, tmp_path: Path) -> None:
    done = run(old, *QUIET, "install", "--no-deps", "--target", str(tmp_path / "site"), str(wheel))
    assert done.returncode == 0, done.stderr
    program = str(tmp_path / "site" / "bin" / "rasoat-agent")
    shown = run(old, program, "show", "--json", cwd=tmp_path, PYTHONPATH=str(tmp_path / "site"))
    decode_report(shown.stdout.encode())
    # The server's command is there as well; on an agent's PC it says what it needs.
    other = subprocess.run(
        [old, "-m", "rasoat"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
    )
    assert (other.returncode, "3.11" in other.stderr) == (3, True)
