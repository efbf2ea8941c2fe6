"""Reports per second through the real path: TLS, signature, decoding, one durable commit.

In the same run, with the same signed requests of this machine's own facts: the collector over a
store that keeps nothing (the floor of everything but the store), and the disk alone (commits of
one small row, and of one write with fsync). Run: python benchmarks/ingest.py [reports per client]
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.collect import collect
from agents.enrol import enrol
from agents.machine import this_machine
from agents.run import compressed, enrolled
from agents.spool import Request
from agents.transport import OK, Connection, signed_report
from inventory import audit, tokens
from inventory.intake import Incoming, Receipt
from inventory.store import Store
from server.enrolment_file import enrolment_file
from server.run import Collector
from server.settings import Settings
from server.writer import Accept

CLIENTS = 8
FORK = multiprocessing.get_context("fork")
SETTINGS = Settings(burst=10**9)


def main() -> None:
    """Print the figures."""
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    document = collect(this_machine())
    size = len(compressed(json.dumps(document).encode()))
    print(f"{CLIENTS} clients, {each} reports each, {size} bytes packed, {os.cpu_count()} cores")
    kept = through(document, each, None, 1_000_000)
    floor = through(document, each, nothing_kept, 1_000_000)
    fresh = through(document, each, None, 1)
    show("TLS, one connection a client, stored with fsync", kept, floor)
    show("the same, nothing stored (floor)", floor, floor)
    show("TLS, a new connection for each report, stored", fresh, floor)
    with tempfile.TemporaryDirectory(prefix="rasoat-bench-") as folder:
        show("the store alone: single commits of one row", commits(Path(folder) / "data"), floor)
        show("the disk alone: write 4 KiB and fsync", fsyncs(Path(folder) / "file"), floor)


def show(what: str, rate: float, floor: float) -> None:
    """One line: a rate, and its ratio to the floor's."""
    print(f"{what:52} {rate:8.0f} /s   {rate / floor:5.2f} of the floor")


def nothing_kept(batch: Sequence[Incoming]) -> list[Receipt]:
    """A store that keeps nothing."""
    return [Receipt("stored") for _ in batch]


def through(document: dict[str, Any], each: int, accept: Accept | None, per_line: int) -> float:
    """Reports a second through a collector in its own process; ``per_line``: a connection's."""
    with tempfile.TemporaryDirectory(prefix="rasoat-bench-") as place:
        folder = Path(place)
        Store.create(folder / "data").close()
        near, far = FORK.Pipe()
        server = FORK.Process(target=serve, args=(folder / "data", accept, far), daemon=True)
        server.start()
        url = near.recv()
        ready = [client_of(folder / f"pc-{n}", url, folder, document, each) for n in range(CLIENTS)]
        seconds = raced([partial(send, *one, per_line) for one in ready])
        near.send("stop")
        server.join()
        if accept is None:
            check(folder / "data", CLIENTS * each)
    return CLIENTS * each / seconds


def serve(folder: Path, accept: Accept | None, pipe: Pipe) -> None:
    """The collector's process."""
    with Collector(folder, settings=SETTINGS, accept=accept) as running:
        pipe.send(running.url)
        pipe.recv()


def client_of(
    state: Path, url: str, folder: Path, document: dict[str, Any], each: int
) -> tuple[Any, list[Request]]:
    """An enrolled agent and its signed requests, made before the clock runs."""
    later = datetime.now(UTC) + timedelta(hours=1)
    store = Store.open(folder / "data")
    token = tokens.create(
        store, approve=True, expires_at=later, max_uses=1, unit=None, by="benchmark"
    )
    store.close()
    enrol(str(state), enrolment_file(folder / "data", url, token, later), state.name)
    enrolment, identity, progress = enrolled(str(state))
    requests = []
    for sequence in range(1, each + 1):
        hardware = {**document["facts"].get("hardware", {}), "model": f"model {sequence}"}
        varied = {**document, "facts": {**document["facts"], "hardware": hardware}}
        body = compressed(json.dumps(varied).encode())
        now = int(time.time())
        requests.append(signed_report(identity, progress.epoch, sequence, body, now))
    return enrolment, requests


def send(enrolment: Any, requests: list[Request], per_line: int) -> None:
    """Send every request and verify every acknowledgement."""
    connection = Connection(enrolment)
    for count, request in enumerate(requests, 1):
        answer = connection.report(request)
        if answer.status != OK:
            raise SystemExit(f"{answer.status} {answer.refusal}")
        if count % per_line == 0:
            connection.close()
    connection.close()


def raced(works: list[Callable[[], None]]) -> float:
    """Seconds from the common start until the last process is done."""
    start = FORK.Barrier(len(works) + 1)

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()

    racers = [FORK.Process(target=run, args=(work,)) for work in works]
    for racer in racers:
        racer.start()
    start.wait()
    begun = time.perf_counter()
    for racer in racers:
        racer.join()
    seconds = time.perf_counter() - begun
    if any(racer.exitcode for racer in racers):
        raise SystemExit("a client failed")
    return seconds


def check(folder: Path, expected: int) -> None:
    """Every report is stored: a rate of reports that are not there is none."""
    store = Store.open(folder, read_only=True)
    stored = store.reader().execute("SELECT count(*) FROM reports").fetchone()[0]
    store.close()
    if stored != expected:
        raise SystemExit(f"{stored} of {expected} reports are stored")


def commits(folder: Path, count: int = 500) -> float:
    """Single durable transactions a second."""
    store = Store.create(folder)
    begun = time.perf_counter()
    for number in range(count):
        with store.write() as db:
            audit.append(db, "benchmark", "commit", {"n": number}, datetime.now(UTC))
    seconds = time.perf_counter() - begun
    store.close()
    return count / seconds


def fsyncs(path: Path, count: int = 500) -> float:
    """Writes of 4 KiB with fsync a second."""
    with path.open("wb", buffering=0) as file:
        begun = time.perf_counter()
        for _ in range(count):
            file.write(bytes(4096))
            os.fsync(file.fileno())
        return count / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
