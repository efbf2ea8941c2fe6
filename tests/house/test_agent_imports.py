"""What the agent's run path loads: two third-party packages, and none of the slow modules."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

BANNED = {"requests", "httpx", "pydantic", "click", "yaml", "asyncio", "logging", "argparse"}
BANNED |= {"platform", "uuid", "concurrent.futures", "msgspec", "cryptography", "rich"}
#: psutil, and PyNaCl with what it stands on
THIRD_PARTY = {"psutil", "nacl", "_cffi_backend", "cffi", "pycparser"}

#: The run in a fresh Python: our code, then the names and homes of all that was loaded.
PROGRAM = """
import sys, io
sys.path.insert(0, {root!r})
before = set(sys.modules)
out, sys.stdout = sys.stdout, io.StringIO()
{work}
sys.stdout = out
import json
print(json.dumps({{
    name: getattr(module, "__file__", None) or ""
    for name, module in list(sys.modules.items()) if name not in before and module is not None
}}))
"""
SHOW = "from agents.cli import main\nassert main(['show', '--json']) in (0, 1)"
RUN = "from agents.cli import main\nassert main(['run', '--state', {state!r}]) in (2, 3)"
RUN += "\nimport agents.run, agents.transport, agents.identity, agents.spool, agents.collect"


def loaded(work: str) -> dict[str, str]:
    """module → file of all that a piece of work loads."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM.format(root=str(ROOT), work=work)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def third_party(modules: dict[str, str]) -> set[str]:
    """The packages that were loaded from site-packages, by the folder or file they lie in."""
    inside = [file.partition("site-packages/")[2] for file in modules.values()]
    return {re.split(r"[/.]", place)[0] for place in inside if place}


def ours(modules: dict[str, str]) -> set[str]:
    """The parts of this project that were loaded."""
    parts = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    return {name.partition(".")[0] for name in modules} & parts


@pytest.mark.parametrize("work", ["show", "run"])
def test_the_run_path_stays_light(work: str, tmp_path: Path) -> None:
    modules = loaded(SHOW if work == "show" else RUN.format(state=str(tmp_path / "state")))
    assert "agents.collect" in modules
    assert BANNED & modules.keys() == set()
    assert third_party(modules) <= THIRD_PARTY
    assert ours(modules) == {"agents"}


def test_run_signs_with_the_signing_library(tmp_path: Path) -> None:
    """Were signing to move, the law above would watch the wrong modules."""
    assert "nacl" in third_party(loaded(RUN.format(state=str(tmp_path / "state"))))


def test_a_heavy_import_is_seen() -> None:
    modules = loaded("import agents, yaml, logging")
    assert {"yaml", "logging"} <= BANNED & modules.keys()
    assert "yaml" in third_party(modules)
