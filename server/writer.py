"""The one thread that writes: reports that arrive together are committed together.

An answer leaves only after the commit that holds its report is durable. While one commit waits for
the disk the next batch gathers by itself; a short window gathers more.
"""

from __future__ import annotations

import queue
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Any

from inventory.intake import Incoming, Receipt
from server.refused import Refused

RETRY_AFTER = 30  #: seconds; a full disk is not freed sooner
LONGEST_WINDOW = 0.020  #: seconds that a report may wait for company

Accept = Callable[[Sequence[Incoming]], Sequence[Receipt]]


@dataclass(frozen=True, slots=True)
class _Report:
    incoming: Incoming
    future: Future[Receipt] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class _Work:
    function: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """A context manager; ``accept`` stores a batch in one durable transaction."""

    def __init__(self, accept: Accept, *, window: float, batch: int, waiting: int) -> None:
        """``window``: seconds; ``batch``: reports a commit; ``waiting``: jobs before 503."""
        self._accept = accept
        self._window = min(window, LONGEST_WINDOW)
        self._batch = batch
        self._jobs: queue.Queue[_Report | _Work | None] = queue.Queue(waiting)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def __enter__(self) -> None:
        """Start the thread."""
        self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what was taken, then stop."""
        self._jobs.put(None)
        self._thread.join()

    def report(self, incoming: Incoming) -> Future[Receipt]:
        """Store a report; the future's result comes after the commit.

        Raises:
            Refused: too much waits already.
        """
        job = _Report(incoming)
        self._put(job)
        return job.future

    def do(self, function: Callable[[], Any]) -> Future[Any]:
        """Run something else that writes, by itself; its result or exception is the future's.

        Raises:
            Refused: too much waits already.
        """
        job = _Work(function)
        self._put(job)
        return job.future

    def _put(self, job: _Report | _Work) -> None:
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise Refused(
                503, "busy", "too many reports wait for the disk; try again later", retry_after=5
            ) from None

    def _run(self) -> None:
        running = True
        while running:
            jobs = self._gathered()
            running = None not in jobs
            self._commit([job for job in jobs if isinstance(job, _Report)])
            for job in jobs:
                if isinstance(job, _Work):
                    _alone(job)

    def _gathered(self) -> list[_Report | _Work | None]:
        """The next job, and what comes within the window."""
        jobs = [self._jobs.get()]
        deadline = monotonic() + self._window
        while jobs[-1] is not None and len(jobs) < self._batch:
            left = deadline - monotonic()
            try:
                jobs.append(self._jobs.get(left > 0, left if left > 0 else None))
            except queue.Empty:
                break
        return jobs

    def _commit(self, batch: list[_Report]) -> None:
        if not batch:
            return
        try:
            receipts = self._accept([job.incoming for job in batch])
        except Exception:  # noqa: BLE001 - whatever the store cannot do, nothing is acknowledged
            traceback.print_exc(file=sys.stderr)
            for job in batch:
                job.future.set_exception(unavailable())
            return
        for job, receipt in zip(batch, receipts, strict=True):
            job.future.set_result(receipt)


def unavailable() -> Refused:
    """The store cannot write; the agent keeps its report."""
    return Refused(
        503, "cannot_store", "the collector cannot store now; try again", retry_after=RETRY_AFTER
    )


def _alone(job: _Work) -> None:
    try:
        job.future.set_result(job.function())
    except Exception as fault:  # noqa: BLE001 - it is the asker's, and raised there
        job.future.set_exception(fault)
