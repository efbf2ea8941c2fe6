"""No import runs work: importing a module opens no file, starts no program, touches no network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

WATCH = Path(__file__).parent / "import_watch.py"
PARTS = ("agents", "scanner", "inventory", "policies", "reports", "server", "rasoat")


def modules() -> list[str]:
    """Every module of the parts that can be imported on this platform."""
    found = []
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            pieces = path.relative_to(ROOT).with_suffix("").parts
            if pieces[-1] != "__main__" and pieces[:2] != ("agents", "windows"):
                found.append(".".join(pieces[:-1] if pieces[-1] == "__init__" else pieces))
    return found


def watched(root: Path, *names: str) -> dict[str, Any]:
    """What importing these modules did."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(WATCH), str(root), *names],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_no_import_runs_work() -> None:
    names = modules()
    assert len(names) >= 60
    answer = watched(ROOT, *names)
    assert answer == {"imported": names, "did": []}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("open('/etc/hostname').read()", "open"),
        ("from pathlib import Path\nPath('/etc/hostname').read_text()", "open"),
        ("import os\nos.listdir('/')", "os.listdir"),
        ("import subprocess\nsubprocess.run(['true'])", "subprocess.Popen"),
        ("import socket\nsocket.socket().close()", "socket."),
        ("import sqlite3\nsqlite3.connect(':memory:').close()", "sqlite3.connect"),
        ("class C:\n    x = open('/etc/hostname').close()", "open"),
    ],
)
def test_work_at_import_is_seen(tmp_path: Path, text: str, event: str) -> None:
    (tmp_path / "busy.py").write_text(text + "\n", encoding="utf-8")
    (tmp_path / "importer.py").write_text("import busy\n", encoding="utf-8")
    did = watched(tmp_path, "importer")["did"]
    if event == "socket." and not did:
        pytest.fail("a socket made at import was not seen")
    assert [line for line in did if line.startswith(f"busy.py: {event}")] != []


def test_work_of_a_function_that_nobody_calls_is_none(tmp_path: Path) -> None:
    (tmp_path / "idle.py").write_text("import json\ndef f():\n    return open('x')\n", "utf-8")
    assert watched(tmp_path, "idle")["did"] == []
