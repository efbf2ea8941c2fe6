"""`make run` from a folder with spaces and a Vietnamese name: a report, or an honest failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, require

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout, with this environment standing for the one that make would build."""
    require("make", shutil.which("make") is not None)
    folder = tmp_path_factory.mktemp("Xã Bảo Hà, tổ 3") / "rà soát"
    ignored = shutil.ignore_patterns(".venv", ".git", ".*_cache", "data", "rasoat-data")
    shutil.copytree(ROOT, folder, ignore=ignored)
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (folder / ".venv" / "run.stamp").touch()
    return folder


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`make run` with the environment taken as built."""
    return subprocess.run(
        ["make", "--no-print-directory", "--assume-old=.venv/run.stamp", "run", *words],
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_make_run_leaves_a_report_in_a_vietnamese_folder(checkout: Path) -> None:
    done = make(checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    reports = list((checkout / "data" / "reports").rglob("*.html"))
    assert reports != []
    assert "<html" in reports[0].read_text("utf-8")


def test_make_run_goes_on_where_it_stopped(checkout: Path) -> None:
    assert make(checkout).returncode == 0


def test_make_run_fails_on_a_folder_that_is_not_ours(checkout: Path) -> None:
    (checkout / "khác").mkdir()
    (checkout / "khác" / "sổ.txt").write_text("không phải của rasoat", encoding="utf-8")
    done = make(checkout, "DATA=khác")
    assert done.returncode != 0
    assert [path.name for path in (checkout / "khác").iterdir()] == ["sổ.txt"]


def test_make_run_fails_when_rasoat_breaks(checkout: Path) -> None:
    """Python's own exit code for a crash is 1, which must not pass for "something fails"."""
    broken = checkout / "rasoat" / "commands" / "up.py"
    kept = broken.read_text("utf-8")
    broken.write_text("raise RuntimeError('broken on purpose')\n", encoding="utf-8")
    try:
        assert make(checkout).returncode != 0
    finally:
        broken.write_text(kept, encoding="utf-8")
