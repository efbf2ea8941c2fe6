"""The inventory beside plain SQLite: taking in, resolving, the list of devices, one's history.

A simulated district goes in by the functions that real reports, scans and registers come in by.
Every statement that they run is noted with its values, and run again at once by the standard
library's sqlite3 on a second database of the same tables and pragmas: the floor, the same reads
and writes and commits without a thought (no decoding, comparing, hashing, identity). The making of
the simulated machines is in no figure. Simulated data.

Run: python benchmarks/inventory.py [--machines 100000] [--runs 5]
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from inventory import agents, connection, devices, folder, history, intake, sightings, tokens
from inventory.identity import settling
from inventory.store import Store
from rasoat.simulated import filling, handing_in
from rasoat.simulated.district import district

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
EVER = datetime(2020, 1, 1, tzinfo=UTC)
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
DOORS = (
    *((agents, "enrol"), (tokens, "create"), (agents, "allow_sensor"), (intake, "accept")),
    *((sightings, "accept"), (handing_in, "import_units"), (handing_in, "take_in")),
    (settling, "settle"),
)
CURSOR: Any = connection._Cursor  # noqa: SLF001 - where every statement passes


def main() -> None:
    """Print the figures."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--machines", type=int, default=100_000)
    reading.add_argument("--runs", type=int, default=5)
    chosen = reading.parse_args()
    with tempfile.TemporaryDirectory(prefix="rasoat-bench-") as place:
        data = Path(place) / "data"
        with closing(Store.create(data)) as store, plain(Path(place) / "floor") as floor:
            clock = Clock(floor)
            with clock.at_the_doors():
                filling.fill(store, district(1, chosen.machines, NOW))
            known = devices.everything(store, NOW, facts=False)
            size = (data / folder.DATABASE).stat().st_size / 1e6
            print(f"{chosen.machines} simulated machines, {len(known)} devices, {size:.0f} MB")
            for kind, what in (
                ("import", "import (register, enrolment, reports, scans)"),
                ("resolve", "resolve (all waiting observations at once)"),
            ):
                line(what, clock.ours[kind], clock.floor[kind], clock.statements[kind])
            listed = clock.asked(lambda: devices.everything(store, NOW, facts=False), chosen.runs)
            line("list of all devices", *listed)
            busy = busiest(floor)
            told = clock.asked(
                lambda: (devices.show(store, busy), history.since(store, EVER, busy)),
                chosen.runs * 20,
            )
            line("one device: its page and its history", *told)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, the district's making included: {peak:.0f} MB")


def line(what: str, ours: float, floor: float, statements: int) -> None:
    """One line: seconds, the floor's, the ratio, how many statements both ran."""
    ratio = f"ratio {ours / floor:6.2f}"
    print(f"{what:46} {ours:9.4f} s  floor {floor:9.4f} s  {ratio}  ({statements} statements)")


@contextmanager
def plain(place: Path) -> Iterator[sqlite3.Connection]:
    """The standard library's connection to a second database of the same tables and pragmas."""
    Store.create(place).close()
    file = place / folder.DATABASE
    with closing(sqlite3.connect(file, isolation_level=None, cached_statements=256)) as made:
        for pragma in PRAGMAS:
            made.execute(f"PRAGMA {pragma}")
        yield made


def busiest(floor: sqlite3.Connection) -> str:
    """The device with the longest history."""
    row = floor.execute(
        "SELECT o.device FROM changes c JOIN observations o ON o.own = c.device "
        "GROUP BY o.device ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    return str(row[0])


class Clock:
    """Times the inventory's calls, and the same statements again on the floor."""

    def __init__(self, floor: sqlite3.Connection) -> None:
        self._floor = floor
        self._journal: list[tuple[str, tuple[Any, ...]]] = []
        self.ours: dict[str, float] = {"import": 0.0, "resolve": 0.0}
        self.floor: dict[str, float] = {"import": 0.0, "resolve": 0.0}
        self.statements: Counter[str] = Counter()

    @contextmanager
    def at_the_doors(self) -> Iterator[None]:
        """With a clock on every function through which something comes in."""
        before = {(module, name): getattr(module, name) for module, name in DOORS}
        for (module, name), call in before.items():
            setattr(module, name, self._clocked(name, call))
        try:
            yield
        finally:
            for (module, name), call in before.items():
                setattr(module, name, call)

    def _clocked(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        kind = "resolve" if name == "settle" else "import"

        def timed(*arguments: Any, **named: Any) -> Any:
            with self._noted():
                begin = time.perf_counter()
                given = call(*arguments, **named)
                self.ours[kind] += time.perf_counter() - begin
            self.statements[kind] += len(self._journal)
            self.floor[kind] += self._again()
            return given

        return timed

    def asked(self, call: Callable[[], object], runs: int) -> tuple[float, float, int]:
        """The medians of a call and of its statements alone, and how many those are.

        In the processor's time: nothing waits for a disk here, and who else is busy does not count.
        """
        call()  # its first time reads the file: the floor's second would not
        ours, floor = [], []
        for _ in range(runs):
            with self._noted():
                begin = time.process_time()
                call()
                ours.append(time.process_time() - begin)
            floor.append(self._again(time.process_time))
        return statistics.median(ours), statistics.median(floor), len(self._journal)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Note every statement with its values."""
        self._journal = []
        before = {name: getattr(CURSOR, name) for name in ("execute", "executemany")}
        for name, call in before.items():
            setattr(CURSOR, name, self._noting(name, call))
        try:
            yield
        finally:
            for name, call in before.items():
                setattr(CURSOR, name, call)

    def _noting(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(cursor: Any, sql: str, *values: Any) -> Any:
            if name == "executemany":
                values = (list(values[0]),)
            self._journal.append((name, (sql, *values)))
            return call(cursor, sql, *values)

        return noted

    def _again(self, clock: Callable[[], float] = time.perf_counter) -> float:
        """Seconds of the noted statements on the floor."""
        run: dict[str, Callable[..., sqlite3.Cursor]] = {
            "execute": self._floor.execute,
            "executemany": self._floor.executemany,
        }
        begin = clock()
        for name, arguments in self._journal:
            cursor = run[name](*arguments)
            if cursor.description:
                cursor.fetchall()
        return clock() - begin


if __name__ == "__main__":
    main()
