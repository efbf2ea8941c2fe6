"""The agent's own limits, in processes of their own: priority, memory, time, one run at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents import lock, state
from agents.limits import LONGEST_RUN, MOST_MEMORY, NICEST
from agents.problems import AgentProblem
from agents.schedule import RUN_LIMIT
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX's limits")

HOLDER = """
import sys, time
from agents import lock
with lock.Lock(sys.argv[1]):
    print('held', flush=True)
    time.sleep(50)
"""


def ran(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own that runs ``program``."""
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_run_is_last_in_line_and_so_is_what_it_starts() -> None:
    done = ran(
        "import os, json, resource, subprocess\n"
        "from agents import limits\n"
        "limits.apply()\n"
        "inside = subprocess.run(['nice'], capture_output=True, check=True).stdout\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_DATA)\n"
        "print(json.dumps([os.nice(0), int(inside), soft]))"
    )
    assert json.loads(done.stdout) == [NICEST, NICEST, MOST_MEMORY], done.stderr


def test_memory_has_an_end_and_it_costs_a_section() -> None:
    done = ran(
        "import sys, types\n"
        "from agents import collect, limits, machine\n"
        "class Quiet(machine.Machine):\n"
        "    platform = 'linux'\n"
        "    def elevated(self): return True\n"
        "    def now(self): return 0.0\n"
        "greedy = types.ModuleType('greedy')\n"
        "greedy.probe = lambda _: bytearray(int(sys.argv[1]))\n"
        "greedy.parse = lambda _: collect.Facts()\n"
        "sys.modules['greedy'] = greedy\n"
        "collect.COLLECTORS['linux'] = {'os': 'greedy'}\n"
        "limits.apply()\n"
        "print(collect.collect(Quiet())['unknown'].get('os', {}).get('detail'))",
        str(MOST_MEMORY),
    )
    assert done.stdout.startswith("MemoryError"), done


def test_the_control_less_memory_is_given() -> None:
    program = "from agents import limits\nlimits.apply()\nprint(len(bytearray(1 << 26)))"
    assert ran(program).stdout == f"{1 << 26}\n"


def test_a_real_run_fits_under_the_cap(tmp_path: Path) -> None:
    """This machine's collectors, and what they start, with the limits on."""
    done = ran(
        "import json, resource\n"
        "from agents import collect, limits, machine\n"
        "limits.apply()\n"
        "found = collect.collect(machine.this_machine())\n"
        "print(json.dumps([found['agent']['sections_failed'], len(found['facts'])]))"
    )
    failed, read = json.loads(done.stdout)
    assert (failed, read >= 8) == (0, True), done.stderr


def test_a_run_that_hangs_is_ended_and_keeps_what_is_on_disk(tmp_path: Path) -> None:
    state.new_state(str(tmp_path), bytes(32), 1).save()
    begun = time.monotonic()
    done = ran(
        "import sys, time\n"
        "from agents import limits, lock\n"
        "from agents.spool import Request, Spool\n"
        "with limits.Watch(0.5), lock.Lock(sys.argv[1]):\n"
        "    Spool(sys.argv[1]).put(1, 1, Request('/x', {'a': 'b'}, b'body'))\n"
        "    time.sleep(50)\n",
        str(tmp_path),
    )
    assert done.returncode == 3
    assert "ended after 0 s; what was collected waits on disk" in done.stderr
    assert time.monotonic() - begun < 30
    with lock.Lock(str(tmp_path)):
        assert (tmp_path / "spool" / "1-1.report").exists()


def test_a_run_in_time_is_left_alone() -> None:
    program = "from agents import limits\nimport time\n"
    program += "with limits.Watch(0.2):\n    pass\ntime.sleep(0.5)\nprint('whole')"
    assert ran(program).stdout == "whole\n"


def test_the_agent_ends_itself_before_the_task_does() -> None:
    assert LONGEST_RUN < RUN_LIMIT


def test_a_killed_run_leaves_no_lock_behind(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLDER,
            str(tmp_path),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AgentProblem, match="another run is at work"), lock.Lock(str(tmp_path)):
            pass
        os.kill(holder.pid, signal.SIGKILL)
    assert (tmp_path / "lock").exists(), "the file is stale, and harmless"
    with lock.Lock(str(tmp_path)):
        pass


def test_the_command_takes_the_limits_and_a_call_does_not(tmp_path: Path) -> None:
    """A server or a test that runs an agent in its own process keeps its own priority."""
    program = (
        "import os, sys\n"
        "from agents.cli import main\n"
        "words = ['run', '--state', sys.argv[1]]\n"
        "sys.argv[1:] = words\n"
        "assert main({}) == 2\n"
        "print(os.nice(0))"
    )
    assert ran(program.format(""), str(tmp_path)).stdout == f"{NICEST}\n"
    ours = os.nice(0)  # whoever runs the tests may have been nice already
    assert ran(program.format("words"), str(tmp_path)).stdout == f"{ours}\n"
