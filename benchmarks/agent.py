"""The agent's cost against fusioninventory-inventory and bare floor programs, in one run.

    python benchmarks/agent.py [ROUNDS]

All programs run in turn (A B C D, A B C D, …) inside one network namespace without any interface
but a loopback that is down, so none of them can send a packet. Printed are medians: wall time, CPU
time and peak memory of each with its children, and the size of its output under gzip. The peer is
Debian's package fusioninventory-agent; without it the ratios to it are left out and said to be so.
"""

from __future__ import annotations

import ctypes
import gzip
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 11
CLONE_NEWNET = 0x40000000  #: linux/sched.h
PEER = "fusioninventory-inventory"
START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    " import agents.cli; sys.exit(agents.cli.main())"
)

Sample = tuple[float, float, float, int]


def programs() -> dict[str, list[str]]:
    """What is measured, by the name that is printed."""
    agent = [sys.executable, "-I", "-c", START, str(ROOT), "show", "--json"]
    found = {"rasoat-agent show --json": agent}
    peer = shutil.which(PEER)
    if peer is not None:
        found[PEER] = [peer]
    found["floor: python -I -S -c pass"] = [sys.executable, "-I", "-S", "-c", "pass"]
    found["floor: true"] = [shutil.which("true") or "/bin/true"]
    return found


def without_network() -> bool:
    """Leave all networks for the rest of this run; False where that is not permitted."""
    return bool(ctypes.CDLL(None).unshare(CLONE_NEWNET) == 0)


def measured(argv: list[str]) -> Sample:
    """Wall and CPU milliseconds, peak megabytes, and bytes of the gzipped output, of one start."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd="/")
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            err.seek(0)
            raise SystemExit(f"{argv[0]} ended with {process.returncode}: {err.read()[-500:]!r}")
        out.seek(0)
        size = len(gzip.compress(out.read(), 9))
    return (wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024, size)


def main(rounds: int) -> None:
    """Measure, and print the table and the ratios."""
    if not without_network():
        raise SystemExit("benchmarks/agent.py needs root: it cuts itself off from every network")
    contenders = programs()
    for argv in contenders.values():
        measured(argv)  # once unmeasured: caches of disk and bytecode are warm for all
    samples: dict[str, list[Sample]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, argv in contenders.items():
            samples[name].append(measured(argv))
    medians = {
        name: tuple(statistics.median(column) for column in zip(*rows, strict=True))
        for name, rows in samples.items()
    }
    print(f"medians of {rounds} rounds, in turn; no network")
    print(f"{'':32}{'wall ms':>9}{'CPU ms':>9}{'RSS MB':>9}{'gzip B':>9}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # a child's peak starts there
    for name, (wall, cpu, memory, size) in medians.items():
        seen = f"{memory:9.1f}" if memory > own * 1.02 else f"{f'< {own:.0f}':>9}"
        print(f"{name:32}{wall:9.1f}{cpu:9.1f}{seen}{size:9.0f}")
    ours, *others = medians
    for other in others:
        ratios = [mine / theirs for mine, theirs in zip(medians[ours], medians[other], strict=True)]
        print(f"ours / {other:25}" + "".join(f"{ratio:9.2f}" for ratio in ratios[:2]), end="")
        print("".join(f"{ratio:9.2f}" for ratio in ratios[2:]) if other == PEER else "")
    if PEER not in contenders:
        print(f"{PEER} is not installed (apt-get install fusioninventory-agent): not compared")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
