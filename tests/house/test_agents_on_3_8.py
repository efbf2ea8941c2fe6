"""The agent's own tests on Python 3.8, and that none of them stays away without a reason."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.agents.conftest import NOT_ON_3_8
from tests.conftest import ROOT, require
from tests.lab.server_asked import PRESENT_PYTHON
from tools.old_python import HOME, python_of

TESTS = ROOT / "tests" / "agents"
PYTHON = python_of(HOME)
#: what does not run on 3.8: the parts of the server, and packages that only the present Pythons get
PRESENT_ALONE = {"inventory", "policies", "reports", "server", "rasoat", "scanner"} | {
    "cryptography",
    "http_message_signatures",
}
FLOOR = 0.9  #: of the agent's tests must pass on 3.8; the others are Wine's, which has its own 3.8


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports when it is imported itself."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reached(path: Path, seen: set[Path]) -> set[str]:
    """The first words of all modules that a test file needs, through files of tests/ too."""
    found: set[str] = set()
    seen.add(path)
    for name in imports(path):
        file = ROOT / (name.replace(".", "/") + ".py")
        if name.startswith("tests.") and file.is_file() and file not in seen:
            found |= reached(file, seen)
        found.add(name.partition(".")[0])
    return found


def test_only_what_needs_the_present_python_stays_away() -> None:
    needing = {
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("test_*.py")
        if reached(path, set()) & PRESENT_ALONE
    }
    assert needing == set(NOT_ON_3_8)
    assert len(list(TESTS.rglob("test_*.py"))) > 8 * len(needing) > 0


def counted(python: str, report: Path, *options: str) -> dict[str, int]:
    """How the agent's tests went on a Python: tests, failures, errors, skipped."""
    command = [python, "-W", "error", "-m", "pytest", "tests/agents", "-q", f"--junitxml={report}"]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment = {**ours, PRESENT_PYTHON: sys.executable}
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert report.is_file(), done.stdout + done.stderr
    suite = ET.parse(report).getroot()[0]  # noqa: S314 - our own pytest wrote it
    counts = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    assert done.returncode in (0, 5), done.stdout[-20_000:] + done.stderr
    return counts


def of_agents() -> int:
    """How many tests of the agent there are on the present Python."""
    command = [sys.executable, "-m", "pytest", "tests/agents", "-q", "--collect-only", "-p"]
    done = subprocess.run(
        [*command, "no:cacheprovider"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return sum("::" in row for row in done.stdout.splitlines())


def enough(counts: dict[str, int], wanted: int) -> bool:
    """Whether so many passed that the suite can be said to have run."""
    passed = counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"]
    return passed >= FLOOR * wanted > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_agents_tests_pass_on_3_8(tmp_path: Path) -> None:
    require("Python 3.8 with the agent's packages (tools/old_python.py)", PYTHON.is_file())
    wanted = of_agents()
    whole = counted(str(PYTHON), tmp_path / "all.xml", "-n", "2", "-m", "not wine")
    assert (whole["failures"], whole["errors"]) == (0, 0)
    assert enough(whole, wanted), (whole, wanted)
    # The control: a suite of which next to nothing runs is seen.
    few = counted(str(PYTHON), tmp_path / "few.xml", "-k", "test_a_zombie_would_be_seen")
    assert (few["tests"], enough(few, wanted)) == (1, False)
