"""The laboratory as a person uses it: up, entered, scanned, ctrl-C, gone."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT, require
from tests.lab.namespaces import possible

pytestmark = [pytest.mark.netns, pytest.mark.slow]


def spaces(process: subprocess.Popen[str]) -> list[str]:
    """The names of the namespaces that a process of ours made."""
    said = subprocess.run(["ip", "-j", "netns", "list"], check=True, capture_output=True).stdout
    names = [one["name"] for one in json.loads(said or b"[]")]
    return [name for name in names if name.startswith(f"rst{process.pid}-")]


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_it_is_up_says_how_to_enter_and_leaves_nothing(ended_by: signal.Signals) -> None:
    require("network namespaces", possible())
    argv = [sys.executable, "-m", "tests.lab", "--hosts", "30", "--network", "10.66.0.0/24"]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(5)]
        try:
            assert said[0].startswith("30 simulated hosts on 10.66.0.0/24")
            assert len(spaces(process)) == 3
            command = [*shlex.split(said[2].removeprefix("scan it:")), "--json", "--fast"]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            *found, _last = done.stdout.splitlines()
            assert len(found) == 30 + 2  # the router, and the scanner itself
        finally:
            process.send_signal(ended_by)
        assert process.wait(20) == 0
    assert spaces(process) == []
