"""The writer: many reports, few commits; nothing is answered before it is durable."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.intake import Incoming, Receipt
from server.refused import Refused
from server.writer import Writer


def incoming(sequence: int) -> Incoming:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Incoming("a" * 26, 1, sequence, b"", b"", b"", None, at, "192.0.2.1", 0)


class Slow:
    """A store whose commits take a while."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.batches: list[list[int]] = []
        self.threads: set[str] = set()
        self.committed: set[int] = set()

    def __call__(self, batch: Sequence[Incoming]) -> list[Receipt]:
        self.threads.add(threading.current_thread().name)
        time.sleep(self.seconds)
        self.batches.append([one.sequence for one in batch])
        self.committed.update(self.batches[-1])
        return [Receipt("stored") for _ in batch]


def writer(accept: Any, **changes: Any) -> Writer:
    return Writer(accept, **{"window": 0.005, "batch": 50, "waiting": 1000, **changes})


def test_reports_that_come_together_share_commits() -> None:
    store = Slow(0.01)
    early: list[int] = []
    with (one := writer(store)):

        def answered(sequence: int) -> Any:
            def check(_: Future[Receipt]) -> None:
                if sequence not in store.committed:
                    early.append(sequence)

            return check

        futures = []
        for sequence in range(400):
            future = one.report(incoming(sequence))
            future.add_done_callback(answered(sequence))
            futures.append(future)
        assert {future.result(10).outcome for future in futures} == {"stored"}
    assert early == []
    assert sorted(n for batch in store.batches for n in batch) == list(range(400))
    assert len(store.batches) <= 12
    assert max(map(len, store.batches)) == 50
    assert store.threads == {"writer"}


def test_a_single_report_does_not_wait_beyond_the_window() -> None:
    with (one := writer(Slow(0), window=1000.0)):
        assert one.report(incoming(1)).result(30).outcome == "stored"


def test_a_store_that_fails_acknowledges_nothing_and_lives_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failing = True

    def accept(batch: Sequence[Incoming]) -> list[Receipt]:
        if failing:
            raise OSError(28, "No space left on device")
        return [Receipt("stored") for _ in batch]

    with (one := writer(accept)):
        futures = [one.report(incoming(n)) for n in range(3)]
        for future in futures:
            with pytest.raises(Refused) as caught:
                future.result(10)
            assert (caught.value.status, caught.value.retry_after) == (503, 30)
        failing = False
        assert one.report(incoming(4)).result(10).outcome == "stored"
    assert "No space left on device" in capsys.readouterr().err


def test_too_much_waiting_is_refused_at_once() -> None:
    with (one := writer(Slow(0.2), batch=1, waiting=3)):
        refused = 0
        for n in range(20):
            try:
                one.report(incoming(n))
            except Refused as why:
                refused += why.status == 503
        assert refused >= 15


def test_other_work_runs_alone_and_its_error_is_the_askers() -> None:
    def fails() -> None:
        raise LookupError("no such thing")

    with (one := writer(Slow(0))):
        assert one.do(lambda: 42).result(10) == 42
        with pytest.raises(LookupError, match="no such thing"):
            one.do(fails).result(10)
        assert one.do(lambda: threading.current_thread().name).result(10) == "writer"


def test_stopping_finishes_what_was_taken() -> None:
    store = Slow(0.02)
    with (one := writer(store, batch=10)):
        futures = [one.report(incoming(n)) for n in range(60)]
    assert all(future.done() for future in futures)
    assert len(store.committed) == 60
