"""The spool: bounded, in order, durable; what is given up is counted; kill -9 doubles no number."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from agents import identity, run, state
from agents.identity import Identity
from agents.spool import Request, Spool, unpacked
from agents.state import State

KEY = bytes(range(32))
REQUEST = Request("/api/v1/reports", {"content-type": "x", "a": "b: c"}, b"\r\n\r\nbody\0\xff")
DOCUMENT = {"agent": {"version": "0.1.0"}, "facts": {}}


def begun(folder: Path) -> tuple[State, Spool, Identity]:
    new = state.new_state(str(folder), KEY, 1)
    new.save()
    return new, Spool(str(folder)), identity.load_or_create(str(folder))


def test_a_request_comes_back_byte_for_byte(tmp_path: Path) -> None:
    _, spool, _ = begun(tmp_path)
    spool.put(1, 1, REQUEST)
    back = spool.get(1, 1)
    assert back is not None
    assert vars(back) == vars(REQUEST)
    assert unpacked(back.packed()).packed() == REQUEST.packed()


@pytest.mark.parametrize("raw", [b"", b"GET / \r\n\r\n", b"POST /x\r\n", b"\xff\r\n\r\n"])
def test_what_is_no_request_is_none(tmp_path: Path, raw: bytes) -> None:
    _, spool, _ = begun(tmp_path)
    spool.put(1, 1, REQUEST)
    (tmp_path / "spool" / "1-1.report").write_bytes(raw)
    assert spool.get(1, 1) is None


def test_order_is_of_numbers_and_other_files_are_left_alone(tmp_path: Path) -> None:
    _, spool, _ = begun(tmp_path)
    for epoch, sequence in [(2, 1), (1, 10), (1, 9), (10, 1)]:
        spool.put(epoch, sequence, REQUEST)
    for name in ("1-2.report.new", "notes.txt", "01-1.report", "1-0.report"):
        (tmp_path / "spool" / name).write_bytes(b"")
    assert spool.waiting() == [(1, 9), (1, 10), (2, 1), (10, 1)]


def test_it_is_bounded_in_number_and_counts_what_it_gives_up(tmp_path: Path) -> None:
    progress, spool, who = begun(tmp_path)
    for _ in range(12):
        run.keep(who, progress, spool, DOCUMENT)
        spool.bound(progress, reports=5)
    assert spool.waiting() == [(1, n) for n in range(8, 13)]
    again = state.load_state(str(tmp_path))
    assert again is not None
    assert again.dropped == 7


def test_it_is_bounded_in_bytes_but_keeps_the_newest(tmp_path: Path) -> None:
    progress, spool, _ = begun(tmp_path)
    for sequence in (1, 2, 3):
        spool.put(1, sequence, Request("/x", {}, b"x" * 1000))
    assert spool.bound(progress, size=2500) == 1
    assert spool.bound(progress, size=10) == 1
    assert (spool.waiting(), progress.dropped) == ([(1, 3)], 2)


def test_a_report_says_how_many_were_given_up_and_how_many_wait(tmp_path: Path) -> None:
    import json
    import zlib

    progress, spool, who = begun(tmp_path)
    progress.dropped = 4
    run.keep(who, progress, spool, DOCUMENT)
    run.keep(who, progress, spool, DOCUMENT)
    request = spool.get(1, 2)
    assert request is not None
    document = json.loads(zlib.decompress(request.body, 31))
    assert document["agent"] == {"version": "0.1.0", "reports_dropped": 4, "reports_waiting": 1}


def agent_that_is_killed(folder: Path, log: Path) -> None:
    """Collects, keeps and sends without end; what it sends goes to ``log``."""
    progress = state.load_state(str(folder))
    who = identity.load(str(folder))
    assert progress is not None
    assert who is not None
    spool = Spool(str(folder))
    sent = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        moment = {"version": "0.1.0", "duration": random.random()}
        run.keep(who, progress, spool, {"agent": moment, "facts": {}})
        for report in spool.waiting():
            request = spool.get(*report)
            assert request is not None
            line = f"{report[1]} {request.headers['content-digest']}\n"
            os.write(sent, line.encode())
            spool.remove(*report)


def doubled(folder: Path, kills: int, floor: int) -> tuple[int, int]:
    """(numbers sent, numbers sent with two digests) over at least that many lives of one agent.

    A slow disk gets more lives, until ``floor`` numbers were sent.
    """
    chance = random.Random(7)
    log = folder / "sent"
    begun(folder)
    lives = 0
    while lives < kills or (lives < 10 * kills and len(log.read_text().splitlines()) < floor):
        lives += 1
        child = os.fork()
        if child == 0:
            random.seed()
            try:
                agent_that_is_killed(folder, log)
            finally:
                os._exit(1)
        time.sleep(chance.uniform(0.005, 0.05))
        os.kill(child, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL, "it ended by itself"
    digests = defaultdict(set)
    for line in log.read_text().splitlines():
        number, digest = line.split()
        digests[number].add(digest)
    return len(digests), sum(len(one) > 1 for one in digests.values())


@pytest.mark.slow
def test_kill_9_never_sends_one_number_with_two_digests(tmp_path: Path) -> None:
    sent, twice = doubled(tmp_path, kills=120, floor=300)
    assert sent >= 300
    assert twice == 0


@pytest.mark.slow
def test_a_number_saved_too_late_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an agent that writes its number down only after the report was made."""

    def late(self: State) -> int:
        sequence = self.next_sequence
        self.next_sequence += 1
        if sequence % 8 == 0:
            self.save()
        return sequence

    reserve: Callable[[State], int] = late
    monkeypatch.setattr(State, "reserve", reserve)
    assert doubled(tmp_path, kills=120, floor=100)[1] > 0
