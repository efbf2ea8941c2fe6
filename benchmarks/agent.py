"""What one run of the agent costs, beside fusioninventory-inventory and a bare floor program.

    PYTHONPATH=. python benchmarks/agent.py [ROUNDS]

The agent collects every fact, signs the report and posts it over TLS to the real collector; it runs
as its scheduled task starts it (`python -I -S …/agents/__main__.py run`). The peer only makes its
inventory: it posts nothing. The floor posts a report that was collected and signed beforehand, over
TLS to the same collector, which takes it. All run in turn (A B C, A B C, …) in a network namespace
of their own that has a loopback and nothing else.

Printed: medians of wall time, CPU time and peak memory with all children, compressed payload; then
from one run under strace the programs started and the sockets that were told to listen; then each
ratio beside its target. Exit code 1 where a target is missed. The peer is Debian's package
fusioninventory-agent; without it its ratios are said not to be measured.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import py_compile
import re
import shutil
import signal
import site
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents import identity
from agents.spool import Spool
from agents.transport import signed_report

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 11
CLONE_NEWNET = 0x40000000  # linux/sched.h
SIOCSIFFLAGS, IFF_UP = 0x8914, 1  # linux/sockios.h, linux/if.h
PEER = "fusioninventory-inventory"
AGENT, FLOOR = "rasoat-agent run", "floor: a TLS post"
PORT = 18443
PACKAGES = ("psutil", "nacl", "cffi", "_cffi_backend*", "pycparser")


@dataclass(frozen=True)
class Sample:
    """One start: milliseconds, milliseconds, MB, bytes under zlib."""

    wall: float
    cpu: float
    memory: float
    payload: int


@dataclass(frozen=True)
class Target:
    """A bound: our figure over another's, or our figure alone."""

    what: str
    value: float | None
    at_most: float

    def line(self) -> str:
        """The target as it is printed."""
        if self.value is None:
            return f"{self.what:44}{'not measured':>12}{self.at_most:>10g}"
        met = "met" if self.value <= self.at_most else "MISSED"
        return f"{self.what:44}{self.value:12.2f}{self.at_most:>10g}  {met}"


def own_network() -> None:
    """Leave all networks for one with a loopback alone."""
    if ctypes.CDLL(None).unshare(CLONE_NEWNET) != 0:
        raise SystemExit("benchmarks/agent.py needs root: it cuts itself off from every network")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def layout(folder: Path) -> Path:
    """The agent as it is installed: its code and its two packages in one folder; its start."""
    folder.mkdir()
    (folder / "agents").symlink_to(ROOT / "agents")
    for place in map(Path, site.getsitepackages()):
        for pattern in PACKAGES:
            for found in place.glob(pattern):
                (folder / found.name).symlink_to(found)
    return folder / "agents" / "__main__.py"


def rasoat(data: Path, *words: str) -> None:
    """Run one command of the server's; what it prints is shown where it fails."""
    argv = [sys.executable, "-m", "rasoat", "--data", str(data), "--lang", "en", *words]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"rasoat {' '.join(words)}: {done.stdout}{done.stderr}")


@contextmanager
def collector(data: Path) -> Iterator[None]:
    """The real collector, on loopback."""
    argv = [sys.executable, "-m", "rasoat", "--data", str(data), "serve"]
    quiet = subprocess.DEVNULL
    serving = subprocess.Popen(argv, cwd=ROOT, stdout=quiet, stderr=quiet)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(30)


def measured(argv: list[str], payload: int | None = None) -> Sample:
    """One start; its payload is what it prints, unless it is known."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd="/")
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            raise SystemExit(
                f"{argv} ended with {process.returncode}: {out.read()!r}{err.read()!r}"
            )
        size = len(zlib.compress(out.read(), 6)) if payload is None else payload
    cpu = usage.ru_utime + usage.ru_stime
    return Sample(wall * 1e3, cpu * 1e3, usage.ru_maxrss / 1024, size)


def peak_alone(argv: list[str]) -> float:
    """Peak MB of a program: a child's begins with its starter's, so the starter is a small one."""
    script = (
        "import os,sys\n"
        "pid=os.posix_spawn(sys.argv[1],sys.argv[1:],os.environ,file_actions="
        "[(os.POSIX_SPAWN_OPEN,1,'/dev/null',os.O_WRONLY,0)])\n"
        "_,status,usage=os.wait4(pid,0)\n"
        "print(usage.ru_maxrss, file=sys.stderr)\n"
    )
    starter = [sys.executable, "-I", "-S", "-c", script, *argv]
    done = subprocess.run(starter, capture_output=True, text=True, check=True, cwd="/")
    return int(done.stderr.split()[-1]) / 1024


def traced(argv: list[str]) -> tuple[int, int]:
    """(programs started by it, calls of listen) of one start, by strace."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as log:
        watched = ["strace", "-f", "-q", "-o", log.name, "-e", "trace=execve,listen", *argv]
        subprocess.run(watched, capture_output=True, check=True, cwd="/")
        calls = log.read()
    started = len(re.findall(r"execve\(.*\) = 0$", calls, re.MULTILINE)) - 1
    return started, len(re.findall(r"\blisten\(", calls))


def full_report(argv: list[str], state: Path) -> bytes:
    """A full report's body, as it waits in the spool while the collector is away."""
    subprocess.run(argv, capture_output=True, check=False, cwd="/")
    spool = Spool(str(state))
    request = spool.get(*spool.waiting()[-1])
    if request is None:
        raise SystemExit("the agent kept no report")
    return request.body


class Fleet:
    """Freshly enrolled agents: the first report of each is full, whatever it leaves out later.

    What the agent keeps for a day (the simulated upgrade) is handed on from one to the next, as on
    every run but a day's first.
    """

    def __init__(self, folder: Path, start: Path) -> None:
        self.folder = folder
        self.start = start
        self.file = folder / "bench.enrol"
        self.count = 0
        self.kept: Path | None = None

    def argv(self, *, kept: bool = True) -> tuple[list[str], Path]:
        """(the command of a run, its state folder) of a new agent."""
        self.count += 1
        state = self.folder / f"state-{self.count}"
        self._agent("enrol", str(self.file), "--state", str(state), "--name", f"PC-{self.count}")
        if kept and self.kept is not None:
            for answer in self.kept.glob("daily-*.json"):
                shutil.copy(answer, state)
        elif self.kept is None:
            self.kept = state
        return [sys.executable, "-I", "-S", str(self.start), "run", "--state", str(state)], state

    def _agent(self, *words: str) -> None:
        argv = [sys.executable, "-I", "-S", str(self.start), *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode != 0:
            raise SystemExit(f"rasoat-agent {' '.join(words)}: {done.stdout}{done.stderr}")


def prepared(folder: Path) -> Fleet:
    """A collector's data folder, an enrolment file for many, and the agent as it is installed."""
    data, many = folder / "data", str(ROUNDS * 10)
    rasoat(data, "up", "--once", "--port", str(PORT))
    fleet = Fleet(folder, layout(folder / "installed"))
    rasoat(data, "agent", "token", "--approve", "--uses", many, "--out", str(fleet.file))
    return fleet


class Floor:
    """The floor program, compiled; every post of it is a new report that the collector takes."""

    def __init__(self, fleet: Fleet, body: bytes) -> None:
        content = json.loads(fleet.file.read_text("utf-8"))
        compiled, ca = fleet.folder / "floor.pyc", fleet.folder / "ca.pem"
        self.request = fleet.folder / "request"
        py_compile.compile(str(ROOT / "benchmarks/floor.py"), cfile=str(compiled), doraise=True)
        ca.write_text(content["ca"], "ascii")
        self.host = urllib.parse.urlsplit(content["url"]).hostname or "127.0.0.1"
        words = [self.host, str(PORT), str(ca), str(self.request)]
        self.command = [sys.executable, "-I", "-S", str(compiled), *words]
        _, state = fleet.argv()
        self.identity = identity.load(str(state))
        self.body = body
        self.sequence = 0

    def argv(self) -> list[str]:
        """The command of the next post, whose request is signed and ready."""
        if self.identity is None:
            raise SystemExit("the floor's agent has no key")
        self.sequence += 1
        now = int(time.time())
        signed = signed_report(self.identity, 1, self.sequence, self.body, now)
        rows = [f"POST {signed.target} HTTP/1.1", f"host: {self.host}:{PORT}"]
        rows += [f"{name}: {value}" for name, value in signed.headers.items()]
        rows += [f"content-length: {len(self.body)}", "", ""]
        self.request.write_bytes("\r\n".join(rows).encode("ascii") + self.body)
        return self.command


def medians(samples: list[Sample], memory: float) -> Sample:
    """The medians of several starts; their memory is measured apart."""
    wall, cpu = (
        statistics.median(getattr(one, name) for one in samples) for name in ("wall", "cpu")
    )
    return Sample(wall, cpu, memory, samples[0].payload)


def compared(fleet: Fleet, rounds: int, body: bytes) -> dict[str, Sample]:
    """The medians of all, started in turn."""
    bare, payload = Floor(fleet, body), len(body)
    peer = shutil.which(PEER)
    found: dict[str, list[Sample]] = {}
    for turn in range(rounds + 1):
        for name, argv, size in (
            (AGENT, fleet.argv()[0], payload),
            (PEER, [peer] if peer else [], None),
            (FLOOR, bare.argv(), payload),
        ):
            if argv:
                sample = measured(argv, size)
                if turn:  # the first round warms the caches of disk and bytecode for all
                    found.setdefault(name, []).append(sample)
    argvs = {AGENT: fleet.argv()[0], PEER: [peer or ""], FLOOR: bare.argv()}
    return {name: medians(rows, peak_alone(argvs[name])) for name, rows in found.items()}


def targets(figures: dict[str, Sample], started: int, daily: int, listens: int) -> list[Target]:
    """Every bound of the agent, and how it is kept."""
    ours, bare, peer = figures[AGENT], figures[FLOOR], figures.get(PEER)

    def ratio(name: str, other: Sample | None) -> float | None:
        return getattr(ours, name) / getattr(other, name) if other else None

    return [
        Target(f"wall / {PEER}", ratio("wall", peer), 0.25),
        Target(f"CPU / {PEER}", ratio("cpu", peer), 0.25),
        Target(f"memory / {PEER}", ratio("memory", peer), 0.45),
        Target(f"payload / {PEER}", ratio("payload", peer), 0.60),
        Target("wall / floor", ratio("wall", bare), 2.5),
        Target("CPU / floor", ratio("cpu", bare), 2.5),
        Target("peak memory, MB", ours.memory, 32),
        Target("programs started", started, 3),
        Target("programs started, a day's first run (children)", daily, 9),
        Target("sockets told to listen", listens, 0),
    ]


def main(rounds: int) -> int:
    """Measure, and print the table and the targets; 1 where one is missed."""
    own_network()
    with tempfile.TemporaryDirectory(prefix="rasoat-bench-") as name:
        fleet = prepared(Path(name))
        with collector(fleet.folder / "data"):
            argv, state = fleet.argv()
        body = full_report(argv, state)
        with collector(fleet.folder / "data"):
            figures = compared(fleet, rounds, body)
            started, listens = traced(fleet.argv()[0])
            daily, _ = traced(fleet.argv(kept=False)[0])
    print(
        f"medians of {rounds} rounds, in turn; loopback only; every program's peak measured apart"
    )
    print(f"{'':32}{'wall ms':>9}{'CPU ms':>9}{'RSS MB':>9}{'zlib B':>9}")
    for program, row in figures.items():
        print(f"{program:32}{row.wall:9.1f}{row.cpu:9.1f}{row.memory:9.1f}{row.payload:9d}")
    rows = targets(figures, started, daily, listens)
    print(f"\n{'':44}{'seen':>12}{'at most':>10}")
    for target in rows:
        print(target.line())
    return int(any(one.value is not None and one.value > one.at_most for one in rows))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
