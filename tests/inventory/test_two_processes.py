"""Several processes on one database: one writes at a time, and nobody loses what was committed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from inventory import audit
from inventory.errors import StoreBusy
from inventory.store import Store
from tests.conftest import ROOT
from tests.inventory.office import at

#: Another process: opens the store, writes entries one by one, says each after its commit, closes.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from inventory import audit
from inventory.store import Store
folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = Store.open(folder)
for number in range(count):
    with store.write() as db:
        audit.append(db, name, str(number), {}, datetime.now(UTC))
    print(number, flush=True)
store.close()
"""
#: As above, and waits for a line before it closes.
CLOSER = WRITER.replace("store.close()", "sys.stdin.readline(); store.close(); print('closed')")
#: As above, and goes on until the file that is named instead of a count is there.
ENDLESS = WRITER.replace(", count =", ", stop =").replace("int(sys.argv[3])", "Path(sys.argv[3])")
ENDLESS = ENDLESS.replace(
    "for number in range(count):",
    "for number in itertools.takewhile(lambda _: not stop.exists(), itertools.count()):",
).replace("import sys", "import itertools, sys")
#: Reads alone.
READER = """
import sys
from pathlib import Path
from inventory import audit
from inventory.store import Store
store = Store.open(Path(sys.argv[1]), read_only=True)
print(len(list(audit.read(store.reader()))))
store.close()
"""


def process(
    folder: Path, name: str, count: int | Path, code: str = WRITER
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), name, str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(one: subprocess.Popen[str]) -> list[str]:
    out, err = one.communicate(timeout=100)
    assert one.returncode == 0, err
    return out.split()


def entry(store: Store, name: str) -> None:
    with store.write() as db:
        audit.append(db, "here", name, {}, at(0))


def said(store: Store) -> list[str]:
    return [one.action for one in audit.read(store.reader())]


def test_a_second_opening_here_does_not_let_another_process_take_the_log_away(store: Store) -> None:
    """POSIX locks end when *any* handle of the file is closed by the process; SQLite's own do not.

    `rasoat up` opens the store twice: once for its collector, once for its own commands.
    """
    entry(store, "one")
    Store.open(store.folder).close()
    assert finished(process(store.folder, "there", 1)) == ["0"]
    assert (store.folder / "inventory.db-wal").exists(), "the log was deleted under this process"
    entry(store, "three")
    assert finished(process(store.folder, "there", 1)) == ["0"]
    assert said(store) == ["one", "0", "three", "0"]
    store.close()
    again = Store.open(store.folder)
    assert said(again) == ["one", "0", "three", "0"]
    again.close()


def test_any_other_opening_of_the_file_would(store: Store) -> None:
    """The control: the log is deleted under this process, and its next commit goes nowhere."""
    entry(store, "one")
    (store.folder / "inventory.db").open("rb").close()
    assert finished(process(store.folder, "there", 1)) == ["0"]
    assert not (store.folder / "inventory.db-wal").exists()
    entry(store, "lost")
    assert finished(process(store.folder, "", 0, READER)) == ["2"]


def test_writers_of_two_processes_take_turns(store: Store, tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    both = [process(store.folder, name, stop, ENDLESS) for name in ("a", "b")]
    deadline, here, met = time.monotonic() + 60, 0, 0
    while met < 10 and time.monotonic() < deadline:
        entry(store, "here")
        here += 1
        actors = [one.actor for one in audit.read(store.reader())]
        met = sum(one != two for one, two in pairwise(actors)) if {"a", "b"} <= {*actors} else 0
    stop.touch()
    told = [len(finished(one)) for one in both]
    assert met >= 10, "they hardly met: the test has proved nothing"
    entries = list(audit.read(store.reader()))
    assert list(audit.problems(store.reader())) == []
    assert [sum(one.actor == name for one in entries) for name in ("a", "b", "here")] == [
        *(*told, here)
    ]


def test_while_one_writes_others_wait_and_readers_read(store: Store) -> None:
    entry(store, "before")
    with store.write() as db:
        audit.append(db, "here", "during", {}, at(0))
        waiting = process(store.folder, "there", 1)
        assert finished(process(store.folder, "", 0, READER)) == ["1"], "sees what is committed"
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1.5)  # the reader, started later, took less from start to end
    assert finished(waiting) == ["0"]
    assert said(store) == ["before", "during", "0"]


def test_the_close_of_a_writer_waits_too(store: Store) -> None:
    """It checkpoints, which is a write to the database file."""
    closing = process(store.folder, "there", 1, CLOSER)
    assert closing.stdout is not None
    assert closing.stdin is not None
    assert closing.stdout.readline() == "0\n"
    with store.write():
        closing.stdin.write("go\n")
        closing.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            closing.wait(1.0)
    assert finished(closing) == ["closed"]


def test_who_waits_too_long_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Store.open(store.folder)
    monkeypatch.setattr(other._lock, "timeout", 0.2)
    with store.write(), pytest.raises(StoreBusy, match=r"inventory\.db.*try again"), other.write():
        pytest.fail("two transactions at once")
    with other.write() as db:
        audit.append(db, "other", "after", {}, at(0))
    other.close()
    assert said(store) == ["after"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_writer_killed_at_any_moment_loses_nothing_that_it_said(store: Store) -> None:
    """kill -9, 40 times, at random moments: what was printed is there, the chain holds."""
    chance, printed, kills = random.Random(2), 0, 0
    for _ in range(40):
        one = process(store.folder, "killed", 100_000)
        assert one.stdout is not None
        one.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        os.kill(one.pid, signal.SIGKILL)
        rest = one.communicate(timeout=60)[0]
        assert one.returncode == -signal.SIGKILL
        kills, printed = kills + 1, printed + 1 + len(rest.splitlines())
        entry(store, "after")  # the lock of the dead one is free, and its half is undone
    entries = list(audit.read(store.reader()))
    assert list(audit.problems(store.reader())) == []
    kept = sum(one.actor == "killed" for one in entries)
    assert printed <= kept <= printed + kills, "at most the last one of each was not said yet"
    assert (kills, printed >= 100) == (40, True)
    store.close()
    Store.open(store.folder).close()  # whole, by SQLite's own check
