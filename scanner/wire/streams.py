"""TCP conversations: one connection at a time to a host, many hosts at once, all of it bounded.

Every destination is checked against the scan's networks, every connection is paced and counted.
What a host can cost: `HOST_SECONDS` and one job more, `connection.MOST_BYTES` of memory.
"""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address, ip_address

from language.said import said
from scanner.interfaces import attached_to
from scanner.problems import NotAllowed
from scanner.scanning import Scanning
from scanner.wire.connection import Connection
from scanner.wire.talks import Job, Outcome

MOST_AT_ONCE = 128  #: hosts that are spoken to at the same time
HOST_SECONDS = 20.0  #: of jobs of one host; what is left then is not begun
_AT_A_TIME = 8  #: connections that are begun before those that stand are served
_POLL = 0.05  #: seconds between two looks at the stop flag and the clocks
#: Ports that print or act on whatever comes: never a byte, and so no connection either.
#: Raw printing 9100 to 9107 (AppSocket), LPD 515 (RFC 1179).
FRAGILE = frozenset((515, *range(9100, 9108)))


def converse(scanning: Scanning, technique: str, jobs: Iterable[Job]) -> Iterator[Outcome]:
    """The outcome of every job, in the order in which they end.

    Raises:
        NotAllowed: a job goes outside the networks, or to a port that must not be spoken to;
            nothing was sent.
    """
    conversations = _Conversations(scanning, technique, jobs)
    try:
        yield from conversations.run()
    finally:
        conversations.close()


class _Conversations:
    def __init__(self, scanning: Scanning, technique: str, jobs: Iterable[Job]) -> None:
        self._scanning, self._technique = scanning, technique
        self._waiting: dict[str, deque[Job]] = {}
        for job in jobs:
            self._check(job)
            self._waiting.setdefault(job.ip, deque()).append(job)
        self._total = sum(map(len, self._waiting.values()))
        self._idle = deque(self._waiting)  #: hosts with jobs and no connection
        self._live: dict[str, Connection] = {}
        self._spent = dict.fromkeys(self._waiting, 0.0)  #: host → seconds of its jobs
        self._selector = selectors.DefaultSelector()

    def _check(self, job: Job) -> None:
        self._scanning.networks.check(ip_address(job.ip))
        if job.port in FRAGILE:
            raise NotAllowed(
                said(
                    "{ip} port {port}: a printer prints what is sent there",
                    ip=job.ip,
                    port=job.port,
                )
            )

    def run(self) -> Iterator[Outcome]:
        done = 0
        while self._idle or self._live:
            turn = self._stopped() if self._scanning.stop.is_set() else self._turn()
            for outcome in turn:
                done += 1
                self._scanning.progress(self._technique, done, self._total)
                yield outcome

    def close(self) -> None:
        for one in self._live.values():
            one.close()
        self._selector.close()

    def _turn(self) -> Iterator[Outcome]:
        for _ in range(min(_AT_A_TIME, len(self._idle), MOST_AT_ONCE - len(self._live))):
            yield from self._begin(self._idle.popleft())
        waits = 0.0 if self._idle and len(self._live) < MOST_AT_ONCE else _POLL
        for key, _ in self._selector.select(waits) if self._live else ():
            one: Connection = key.data
            if end := one.advance():
                yield self._ended(one, end)
            elif one.events != key.events:
                self._selector.modify(key.fd, one.events, one)
        now = time.monotonic()
        for one in list(self._live.values()):
            if end := one.overdue(now):
                yield self._ended(one, end)

    def _begin(self, ip: str) -> Iterator[Outcome]:
        """The next job of a host; the ones that its time does not allow end here."""
        while self._spent[ip] >= HOST_SECONDS and self._waiting[ip]:
            self._scanning.lost(self._technique, "timed_out", f"{ip} took {HOST_SECONDS:g} s")
            yield Outcome(self._waiting[ip].popleft(), "not_begun", at=time.time())
        if not self._waiting[ip]:
            return
        self._scanning.ledger.connect(self._technique)
        one = Connection(self._waiting[ip].popleft(), self._scanning.pace, self._zone(ip))
        self._live[ip] = one
        self._selector.register(one.fileno(), one.events, one)
        if one.failed_at_once():
            yield self._ended(one, "unreachable")

    def _ended(self, one: Connection, end: str) -> Outcome:
        ip = one.job.ip
        self._selector.unregister(one.fileno())
        one.close()
        del self._live[ip]
        outcome = one.outcome(end)
        self._spent[ip] += outcome.seconds
        if self._waiting[ip]:
            self._idle.append(ip)
        return outcome

    def _stopped(self) -> Iterator[Outcome]:
        for one in list(self._live.values()):
            yield self._ended(one, "stopped")
        for jobs in self._waiting.values():
            yield from (Outcome(job, "stopped", at=time.time()) for job in jobs)
            jobs.clear()
        self._idle.clear()

    def _zone(self, ip: str) -> int:
        """The interface of a link-local address, which means nothing without one (RFC 4007)."""
        address = ip_address(ip)
        if not isinstance(address, IPv6Address) or not address.is_link_local:
            return 0
        card = attached_to(address, self._scanning.interfaces)
        return card.index if card else 0
