"""kill -9 of the collector during ingest: what was acknowledged is there, once, and whole."""

from __future__ import annotations

import mmap
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.enrol import enrol
from agents.message_signatures import content_digest
from inventory import tokens
from inventory.store import Store
from inventory.verify import verify
from server.enrolment_file import enrolment_file
from server.evidence import check_signature
from server.run import Collector
from tests.conftest import ROOT

CLIENTS = 8
KILLS = 200
ACKNOWLEDGED = 5_000
HERE = Path(__file__).parent


@dataclass
class Field:
    """A data folder with eight enrolled agents, and the processes that use it."""

    folder: Path
    port: int
    board: mmap.mmap
    clients: list[subprocess.Popen[str]] = field(default_factory=list)
    in_flight: list[int] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    @property
    def under_way(self) -> int:
        """How many clients wait for an answer now."""
        return sum(self.board[1:])

    def acknowledged(self) -> dict[tuple[str, int], str]:
        """(agent, sequence) → digest, by the clients' own word."""
        found = {}
        for place, agent in enumerate(self.agents, 1):
            log = self.folder.parent / f"log-{place}"
            for line in log.read_text().splitlines() if log.exists() else ():
                sequence, digest = line.split()
                assert (agent, int(sequence)) not in found, "one report acknowledged as two"
                found[agent, int(sequence)] = digest
        return found

    def stored(self) -> dict[tuple[str, int], str]:
        """(agent, sequence) → digest, by the store."""
        store = Store.open(self.folder, read_only=True)
        rows = list(store.reader().execute("SELECT agent, sequence, body FROM reports"))
        apart = store.reader().execute("SELECT count(*) FROM quarantined_reports").fetchone()[0]
        store.close()
        found = {(agent, sequence): content_digest(body) for agent, sequence, body in rows}
        assert (len(found), apart) == (len(rows), 0), "a report is stored twice, or set apart"
        return found


def popen(*words: str, **options: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, *words], env=environment, text=True, **options)


@contextmanager
def prepared(folder: Path) -> Iterator[Field]:
    """Agents enrolled and clients running; they wait for a collector."""
    store = Store.create(folder / "data")
    later = datetime.now(UTC) + timedelta(hours=1)
    text = tokens.create(
        store, approve=True, expires_at=later, max_uses=CLIENTS, unit=None, by="a test"
    )
    store.close()
    (folder / "board").write_bytes(bytes(CLIENTS + 1))
    with (folder / "board").open("r+b") as file:
        one = Field(folder / "data", 0, mmap.mmap(file.fileno(), 0))
    with Collector(one.folder) as collector:
        one.port = collector.port
        file_ = enrolment_file(one.folder, collector.url, text, later)
        for place in range(1, CLIENTS + 1):
            one.agents.append(enrol(str(folder / f"agent-{place}"), file_, f"pc-{place}")["agent"])
    for place in range(1, CLIENTS + 1):
        words = [str(folder / f"agent-{place}"), str(folder / f"log-{place}")]
        client = popen(str(HERE / "client.py"), *words, str(folder / "board"), str(place))
        one.clients.append(client)
    try:
        yield one
    finally:
        for client in one.clients:
            client.kill()
            client.wait()


@contextmanager
def fork_server(one: Field, mode: str) -> Iterator[Callable[[], int]]:
    """Gives a function that starts a collector and returns its process id once it answers."""
    words = [str(HERE / "fork_server.py"), str(one.folder), str(one.port), mode]
    lives: list[int] = []
    with popen(*words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as forks:
        assert forks.stdin is not None
        assert forks.stdout is not None
        orders, words_back = forks.stdin, forks.stdout

        def start() -> int:
            if lives:
                assert words_back.readline() == f"dead {-signal.SIGKILL}\n"
            orders.write("go\n")
            orders.flush()
            up, _, pid = words_back.readline().partition(" ")
            assert up == "up", "the collector did not start again"
            lives.append(int(pid))
            return lives[-1]

        try:
            yield start
        finally:
            if lives:
                os.kill(lives[-1], signal.SIGTERM)
            orders.close()


def killed_again_and_again(one: Field, kills: int, reports: int, mode: str, seed: int) -> None:
    """That many lives of a collector, each ended by SIGKILL while clients wait for answers.

    A slow machine gets more lives, until ``reports`` are acknowledged.
    """
    chance = random.Random(seed)
    with fork_server(one, mode) as start:
        while len(one.in_flight) < kills or len(one.acknowledged()) < reports:
            assert len(one.in_flight) < 4 * kills, "too few reports are acknowledged"
            life = start()
            time.sleep(chance.uniform(0.03, 0.35))
            deadline = time.monotonic() + 1
            while not one.under_way and time.monotonic() < deadline:
                pass
            one.in_flight.append(one.under_way)
            assert [client.poll() for client in one.clients] == [None] * CLIENTS
            os.kill(life, signal.SIGKILL)
        start()
        one.board[0] = 1  # the last life answers what is still under way
        for client in one.clients:
            assert client.wait(60) == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    with prepared(tmp_path) as one:
        killed_again_and_again(one, KILLS, ACKNOWLEDGED, "honest", seed=1)
    acknowledged, stored = one.acknowledged(), one.stored()
    lost = {key for key, digest in acknowledged.items() if stored.get(key) != digest}
    assert lost == set()
    assert len(acknowledged) >= ACKNOWLEDGED
    kills = len(one.in_flight)
    assert kills >= KILLS
    assert sum(count > 0 for count in one.in_flight) >= 0.95 * kills, "the kills hit no ingest"
    store = Store.open(one.folder, read_only=True)
    verification = verify(store, check_signature=check_signature)
    store.close()
    assert verification.clean, verification
    sys.stdout.write(
        f"{len(acknowledged)} acknowledged, {len(stored)} stored, {kills} kills with "
        f"{sum(one.in_flight) / kills:.1f} of {CLIENTS} requests in flight on average\n"
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_acknowledging_before_the_commit_is_caught(tmp_path: Path) -> None:
    """The control: the same harness over a writer that lies finds reports that are gone."""
    with prepared(tmp_path) as one:
        killed_again_and_again(one, 15, 100, "lying", seed=2)
    acknowledged, stored = one.acknowledged(), one.stored()
    lost = {key for key, digest in acknowledged.items() if stored.get(key) != digest}
    assert len(acknowledged) > 100
    assert len(lost) > 0
