"""nmap on ports that are known to be open: which run when, how far they are, when it is enough."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from scanner.nmap.plan import Job, OpenPorts, plan
from scanner.nmap.run import METHOD, PATIENCE, Run, arguments
from scanner.partial import Partial
from scanner.scanning import Scanning

LIMIT = 900.0  #: seconds of all runs together
AT_ONCE, FAST_AT_ONCE = 4, 12  #: runs at the same time; politely, of different hosts
CONNECTIONS = 2  #: that nmap makes to a port at least: is it open, and what is it
_TICK = 0.1  #: seconds between two looks at the runs and at the stop flag
PROGRAMS = (
    *("/usr/bin/nmap", "/usr/local/bin/nmap", "/opt/homebrew/bin/nmap", "/opt/local/bin/nmap"),
    r"C:\Program Files (x86)\Nmap\nmap.exe",
    r"C:\Program Files\Nmap\nmap.exe",
)


def services(scanning: Scanning, open_ports: OpenPorts, *, limit: float = LIMIT) -> list[Partial]:
    """What nmap knows of these open TCP ports; what it could not do is in the scan's losses.

    ``limit`` is in seconds. A scan without a rate (`--fast`) speaks to a host on many ports at
    once; else it is one connection a host.

    Raises:
        BadTarget: a key is no address, or a port no port; nothing was started.
        NotAllowed: an address is outside the scan's networks; nothing was started.
    """
    planned = plan(open_ports, scanning.networks)
    if planned.fragile:
        which = f"{len(planned.fragile)} hosts that print what comes, such as {planned.fragile[0]}"
        scanning.lost(METHOD, "fragile", which)
    if planned.link_local:
        which = f"{len(planned.link_local)} link-local addresses, such as {planned.link_local[0]}"
        scanning.lost(METHOD, "not_supported", which)
    program = _program(scanning) if planned.jobs else None
    return _Runs(scanning, program, planned.jobs, limit).finish() if program else []


def _program(scanning: Scanning) -> str | None:
    """Where nmap is; None when it cannot be used, which is then among the losses."""
    if find_spec("nmap") is None:
        scanning.lost(METHOD, "no_program", "python-nmap is missing: pip install 'rasoat[scan]'")
        return None
    for path in PROGRAMS:
        if Path(path).is_file() and os.access(path, os.X_OK):
            return path
    scanning.lost(METHOD, "no_program", f"nmap is not installed at {PROGRAMS[0]} or elsewhere")
    return None


class _Runs:
    """The runs of one scan: some at a time, no two of them of the same host."""

    def __init__(self, scanning: Scanning, program: str, jobs: Sequence[Job], limit: float) -> None:
        self._scanning, self._program, self._limit = scanning, program, limit
        self._waiting = sorted(jobs, key=lambda job: -len(job.hosts))
        self._live: list[Run] = []
        self._found: list[Partial] = []
        self._unexplained = 0  #: services that nmap could not name in their time
        self._done, self._told, self._total = 0, 0, sum(len(job.hosts) for job in jobs)

    def finish(self) -> list[Partial]:
        until = time.monotonic() + self._limit
        try:
            while (self._waiting or self._live) and not self._over(until):
                self._start()
                self._scanning.stop.wait(_TICK)
                self._collect()
        finally:
            for run in self._live:
                run.end()
                self._take(run, ended=False)
        if self._unexplained:
            detail = f"{self._unexplained} services did not say what they are within {PATIENCE} s"
            self._scanning.lost(METHOD, "unexplained", detail)
        return self._found

    def _over(self, until: float) -> bool:
        """Whether to stop before the work is done, which is then a stated loss."""
        left = self._total - self._done
        if self._scanning.stop.is_set():
            self._scanning.lost(METHOD, "stopped", f"{left} of {self._total} ports not asked")
        elif time.monotonic() > until:
            detail = f"{left} of {self._total} ports not asked in {self._limit:g} s"
            self._scanning.lost(METHOD, "timed_out", detail)
        else:
            return False
        return True

    def _start(self) -> None:
        polite = bool(self._scanning.pace.rate)
        busy = {ip for run in self._live for ip in run.job.hosts}
        for job in list(self._waiting):
            if len(self._live) >= (AT_ONCE if polite else FAST_AT_ONCE):
                return
            if not polite or busy.isdisjoint(job.hosts):
                self._waiting.remove(job)
                busy.update(job.hosts)
                self._begin(job)

    def _begin(self, job: Job) -> None:
        argv = arguments(self._program, job, self._scanning.pace.rate / AT_ONCE)
        try:
            self._live.append(Run(argv, job))
        except OSError as fault:
            self._done += len(job.hosts)
            self._scanning.lost(METHOD, "no_program", f"{self._program}: {fault.strerror}")
            return
        for _ in range(CONNECTIONS * len(job.hosts)):
            self._scanning.ledger.connect(METHOD)

    def _collect(self) -> None:
        under_way = 0.0
        for run in list(self._live):
            if run.ended():
                self._live.remove(run)
                self._done += len(run.job.hosts)
                self._take(run, ended=True)
            else:
                under_way += run.share * len(run.job.hosts)
        if (done := self._done + int(under_way)) != self._told:
            self._told = done
            self._scanning.progress(METHOD, done, self._total)

    def _take(self, run: Run, *, ended: bool) -> None:
        partials, trouble = run.result()
        self._found += partials
        self._unexplained += run.unexplained
        if trouble and ended:
            self._scanning.lost(METHOD, "failed", trouble)
