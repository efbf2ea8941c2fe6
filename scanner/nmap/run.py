"""One nmap under way: fixed arguments, watched, ended when told.

The only place of the scanner that starts a program. What is scanned goes in by standard input as
addresses that `plan` made and checked; no text of anybody reaches the argument list.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from xml.parsers.expat import ExpatError

from scanner.heard import plain
from scanner.nmap.document import Document, seconds
from scanner.nmap.hosts import NotReadable, partial
from scanner.nmap.plan import Job
from scanner.partial import Partial
from scanner.problems import BadFile
from scanner.sighting import clean

METHOD = "nmap"
_GRACE = 2.0  #: seconds between asking a run to end and ending it
_PIECE = 1 << 16
_COMPLAINT = 300  #: characters of what nmap said of its trouble
TOGETHER = 32  #: hosts that one run speaks to at a time
PATIENCE = 20  #: seconds for one port; what fits the port answers within 12, the rest finds nothing
#: Connections by the kernel (no packets of nmap's own making), services, no ping, no name lookups.
#: Light: probes that fit the port, and the common ones; the quick identity pass came before.
FIXED = (
    *("-sT", "--unprivileged", "-sV", "--version-light", "-Pn", "-n", "--max-retries", "1"),
    *("--min-hostgroup", str(TOGETHER), "--min-parallelism", str(TOGETHER)),
    *("--stats-every", "1s", "-oX", "-", "-iL", "-"),
)


def arguments(program: str, job: Job, rate: float) -> list[str]:
    """The command of one run: constants, and numbers that this module wrote."""
    seconds_for_all = PATIENCE * -(-len(job.hosts) // TOGETHER)
    rates = ["--max-rate", str(max(1, int(rate)))] if rate else []
    versions = ["-6"] if job.version == 6 else []  # noqa: PLR2004
    limit = ["--host-timeout", f"{seconds_for_all}s"]
    return [program, *FIXED, *limit, *rates, *versions, "-p", str(job.port)]


class Run:
    """One nmap under way."""

    def __init__(self, argv: list[str], job: Job) -> None:
        self.job = job
        self._document = Document()
        self._fault = ""
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by result()
        try:
            self._process = self._started(argv)
        except OSError:
            self._complaints.close()
            raise
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _started(self, argv: list[str]) -> subprocess.Popen[bytes]:
        with tempfile.TemporaryFile() as hosts:
            hosts.write("".join(f"{ip}\n" for ip in self.job.hosts).encode("ascii"))
            hosts.seek(0)
            return subprocess.Popen(
                argv,
                stdin=hosts,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env=_environment(),
                start_new_session=True,  # ctrl-C is ours to pass on
            )

    @property
    def share(self) -> float:
        """How far it is, by its own word; 0 to 1."""
        return self._document.percent / 100

    @property
    def unexplained(self) -> int:
        """Hosts that nmap gave up on, because their time was over."""
        return sum(host.get("timedout") == "true" for host in self._document.hosts)

    def ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Ask it to end, and end it when it does not."""
        _signal(self._process, "SIGTERM")
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            _signal(self._process, "SIGKILL")
            self._process.wait()

    def result(self) -> tuple[list[Partial], str]:
        """(what it found, what went wrong or nothing); the run is over."""
        self._reader.join(_GRACE)
        found = []
        for host in self._document.hosts:
            try:
                found.append(partial(host, METHOD, seconds(host.get("endtime", "")) or time.time()))
            except NotReadable as fault:
                self._fault = self._fault or f"a host is not in nmap's form: {fault}"
        asked = set(map(str, self.job.hosts))
        return [one for one in found if one.ip in asked], self._trouble()

    def _trouble(self) -> str:
        with self._complaints:
            self._complaints.seek(0)
            said = clean(plain(self._complaints.read(_PIECE)), _COMPLAINT)
        if self._process.returncode == 0 and self._document.finished and not self._fault:
            return ""
        why = "; ".join(filter(None, (said, self._fault))) or "no word"
        return f"nmap ended with {self._process.returncode}: {why}"

    def _read(self) -> None:
        """In its own thread: the output as it comes, to its end whatever it is."""
        assert self._process.stdout is not None  # noqa: S101
        with self._process.stdout as output:
            while piece := os.read(output.fileno(), _PIECE):
                if not self._fault:
                    self._feed(piece)
        if not self._fault:
            self._feed(b"", last=True)

    def _feed(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._document.feed(piece, last=last)
        except (BadFile, ExpatError) as fault:
            self._fault = f"its XML: {fault}"


def _environment() -> dict[str, str]:
    """English, and nothing that could change what nmap does; Windows' programs need its folder."""
    return {"LC_ALL": "C"} | {k: v for k, v in os.environ.items() if k.upper() == "SYSTEMROOT"}


def _signal(process: subprocess.Popen[bytes], name: str) -> None:
    """To the run's own group where there are groups."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, getattr(signal, name))
        else:
            process.terminate()
