"""Run by test_kill: has everything imported, and forks a collector for each line on stdin.

Arguments: data folder, port, "honest" or "lying". Prints "up PID" when a collector answers and
"dead STATUS" when it has ended. "lying" acknowledges before the commit: the control, and the only
place where that exists.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from inventory import intake
from inventory.document import DocumentRefused, decode_report
from inventory.intake import Incoming, Receipt
from inventory.store import Store
from server.run import Collector
from server.settings import Settings
from server.writer import Accept

LATE = 0.05  #: seconds between a lie and the commit


def lying(store: Store) -> Accept:
    """Says "stored" at once and stores later, as if fsync were a formality."""
    batches: queue.Queue[Sequence[Incoming]] = queue.Queue()

    def commit() -> None:
        while True:
            batch = batches.get()
            time.sleep(LATE)
            intake.accept(store, batch)

    def accept(batch: Sequence[Incoming]) -> list[Receipt]:
        batches.put(batch)
        return [Receipt("stored") for _ in batch]

    threading.Thread(target=commit, daemon=True).start()
    return accept


def collect(folder: Path, port: int, mode: str) -> None:
    """One life of a collector; ends by a signal."""
    accept = lying(Store.open(folder)) if mode == "lying" else None
    settings = Settings(burst=10**9)
    collector = Collector(folder, port=port, settings=settings, accept=accept)
    collector.open()
    collector.serve(up)


def up(_: str) -> None:
    """Tell that connections are answered."""
    os.write(1, b"up %d\n" % os.getpid())


def main() -> None:
    """Fork until stdin ends."""
    folder, port, mode = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    with contextlib.suppress(DocumentRefused):
        decode_report(b"{}")  # builds the closed types once, before any fork
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                collect(folder, port, mode)
            finally:
                os._exit(0)
        status = os.waitpid(child, 0)[1]
        with contextlib.suppress(BrokenPipeError):
            os.write(1, b"dead %d\n" % os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
