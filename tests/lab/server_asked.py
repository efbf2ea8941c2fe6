"""The server's word in the agents' tests, on any Python that the agents run on.

The server needs 3.11. On an older Python its words come from one beside, which the environment
variable RASOAT_PRESENT_PYTHON names.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PRESENT = sys.version_info >= (3, 11)  #: whether the server's own code runs on this Python
PRESENT_PYTHON = "RASOAT_PRESENT_PYTHON"


def asked(question: str, *arguments: Any) -> Any:
    """One answer of `tests.lab.server_answers`; what the server refuses raises ValueError."""
    if PRESENT:
        from tests.lab.server_answers import QUESTIONS

        return QUESTIONS[question](*arguments)
    process = _beside()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([question, *arguments]) + "\n")
    process.stdin.flush()
    said = json.loads(process.stdout.readline())
    if "refused" in said:
        raise ValueError(said["refused"])
    return said["answer"]


@functools.lru_cache(maxsize=None)
def _beside() -> subprocess.Popen[str]:
    """The Python that has the server's packages, answering until this process ends."""
    command = [os.environ[PRESENT_PYTHON], "-m", "tests.lab.server_answers"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    atexit.register(process.communicate)
    return process


def report_of(document: Any) -> Any:
    """The report that the server's own types make of a document; ValueError where they do not."""
    return asked("report", json.dumps(document))


def reasons() -> tuple[str, ...]:
    """Why an agent may say that it does not know, by the catalogue."""
    return tuple(asked("reasons"))


def leaves() -> list[Any]:
    """Every fact of the catalogue that holds a value of its own: path, platforms, witness."""
    found: list[Any] = asked("leaves")
    return found


def certify(folder: Path, names: list[str]) -> dict[str, str]:
    """Make a CA and a collector's certificate there; the file names of ca, certificate and key."""
    files: dict[str, str] = asked("certify", str(folder), names)
    return files
