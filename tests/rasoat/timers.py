"""Units of systemd that a page of the docs shows, as files, and what systemd says of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import require

PROGRAM = "/opt/rasoat/bin/rasoat"


def units(page: str, folder: Path, old: str = "", new: str = "") -> list[str]:
    """The units that a page shows, as files with a program that is there; their paths."""
    paths = []
    for name, text in re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```", page, re.DOTALL):
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


def exposure(unit: str) -> float:
    """How exposed systemd calls a service: a bare one of root's has 9.6."""
    done = analyze("security", "--offline=true", "--threshold=100", unit)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    return float(found[1])
