"""What tests of firewalls share: a copy of ufw's own files, and an agent without rights."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT, require


def ufw_files(folder: Path) -> dict[Path, str]:
    """ufw's own files, copied into ``folder``: the machine's stay as they are.

    Gives the binds under which ufw inside a namespace sees the copies.
    """
    require("ufw", Path("/etc/ufw/ufw.conf").exists())
    shutil.copytree("/etc/ufw", folder / "ufw")
    shutil.copy("/etc/default/ufw", folder / "default")
    return {folder / "ufw": "/etc/ufw", folder / "default": "/etc/default/ufw"}


@contextmanager
def plain_users_agent() -> Iterator[list[str]]:
    """A command line that runs the agent, from a copy, as a user without rights."""
    require("setpriv", shutil.which("setpriv") is not None)
    folder = Path(tempfile.mkdtemp(prefix="rasoat-agents-"))
    try:
        shutil.copytree(
            ROOT / "agents", folder / "agents", ignore=shutil.ignore_patterns("__pycache__")
        )
        subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
        yield _first_that_runs(folder)
    finally:
        shutil.rmtree(folder)


def _first_that_runs(folder: Path) -> list[str]:
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"]
    start = (
        "import sys; sys.path.insert(0, sys.argv.pop(1));"
        " import agents.cli; sys.exit(agents.cli.main())"
    )
    for python in (sys.executable, "/usr/bin/python3"):
        argv = [*user, python, "-c", "import sys; sys.exit(sys.version_info < (3, 8))"]
        if subprocess.run(argv, check=False, capture_output=True, cwd="/").returncode == 0:
            return [*user, python, "-I", "-c", start, str(folder)]
    require("a Python that other users may run", present=False)
    raise AssertionError("not reached")
