"""Programs are run to their end, within limits, and nothing of them is left behind."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from agents import programs
from agents.outcome import Unknown

SH = "/bin/sh"
HANDLES = Path("/proc/self/fd")
LS_OWN = 4  #: handles below may be those that ls opens itself


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No handle stays open, no child stays, not even as a zombie."""
    before = sorted(path.name for path in HANDLES.iterdir()), children()
    yield
    assert (sorted(path.name for path in HANDLES.iterdir()), children()) == before


def children() -> list[int]:
    """This process's children, zombies among them."""
    return sorted(one.pid for one in psutil.Process().children())


def test_a_zombie_would_be_seen() -> None:
    process = subprocess.Popen(["/usr/bin/true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert process.pid in children()
    process.wait()


def refused(seconds: float, *words: str) -> Unknown:
    with pytest.raises(Unknown) as caught:
        programs.run_to_end(list(words), seconds)
    assert caught.value.detail.startswith(words[0])
    return caught.value


def test_both_outputs_and_the_exit_code_arrive() -> None:
    ran = programs.run_to_end([SH, "-c", "echo out; echo err >&2; exit 7"], 5)
    assert (ran.code, ran.stdout, ran.stderr) == (7, b"out\n", b"err\n")


def test_large_outputs_on_both_do_not_block_each_other() -> None:
    script = "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"
    ran = programs.run_to_end([SH, "-c", script], 20)
    assert (ran.code, len(ran.stdout), len(ran.stderr)) == (0, 1_000_000, 1_000_000)


def test_there_is_no_input_and_a_small_environment() -> None:
    assert programs.run_to_end(["/usr/bin/cat"], 5).stdout == b""
    ran = programs.run_to_end(["/usr/bin/env"], 5)
    names = sorted(row.split("=")[0] for row in ran.stdout.decode().split())
    assert names == ["LANG", "LC_ALL", "PATH", "TZ"]


def test_signals_that_python_ignores_are_as_programs_expect_them() -> None:
    ran = programs.run_to_end([SH, "-c", "kill -s PIPE $$; echo survived"], 5)
    assert (ran.code, ran.stdout) == (-13, b"")


def test_it_sees_no_other_handle_of_ours() -> None:
    pipe = os.pipe()
    try:
        ran = programs.run_to_end(["/usr/bin/ls", "/proc/self/fd"], 5)
    finally:
        for end in pipe:
            os.close(end)
    assert {b"0", b"1", b"2"} <= set(ran.stdout.split())
    assert not {str(end).encode() for end in pipe if end > LS_OWN} & set(ran.stdout.split())


@pytest.mark.parametrize(
    "script", ["sleep 30", "exec >&- 2>&-; sleep 30", "echo begun; exec sleep 30"]
)
def test_one_that_takes_too_long_is_killed(script: str) -> None:
    """Also one that closes its outputs and lives on."""
    assert refused(0.3, SH, "-c", script).reason == "timed_out"


def test_one_that_writes_too_much_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "OUTPUT_LIMIT", 100_000)
    assert refused(20, "/usr/bin/yes").reason == "unreadable"
    assert programs.run_to_end([SH, "-c", "head -c 100000 /dev/zero"], 5).code == 0


@pytest.mark.parametrize("program", ["/nowhere/at/all", "/etc", "/etc/passwd"])
def test_what_cannot_be_started_is_said(program: str) -> None:
    assert refused(5, program).reason == "unreadable"
