"""TCP connections that are only tried: the kernel's own handshake tells what a port does.

Needs no rights. The kernel repeats a lost SYN by itself after a second (RFC 6298), so a timeout
longer than that has asked twice.
"""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from scanner.scanning import Scanning

SECONDS = 1.3  #: for one try: a second SYN leaves after one second
AT_ONCE = 200  #: tries under way; old routers and desktop systems have room for so many
PER_HOST = 4  #: tries under way to one host
_STATES = {0: "open", errno.ECONNREFUSED: "closed"}
#: What the kernel makes of ICMP "destination unreachable" (Linux icmp(7), RFC 1122 §4.2.3.9).
_REFUSED = {
    errno.EHOSTUNREACH: "filtered",
    errno.ENETUNREACH: "filtered",
    errno.EACCES: "filtered",
    errno.EPERM: "filtered",
    errno.ENOPROTOOPT: "filtered",
}
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  #: SO_LINGER: no half-closed connections stay behind
_POLL = 0.1  #: seconds between two looks at the stop flag


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one try: open, closed, filtered or silent."""

    ip: str
    port: int
    state: str


def connects(
    scanning: Scanning,
    technique: str,
    pairs: Iterable[tuple[str, int]],
    *,
    seconds: float = SECONDS,
    at_once: int = AT_ONCE,
) -> Iterator[Tried]:
    """Try to connect to each (address, port), many at once but few to one host, each try paced.

    Raises:
        NotAllowed: an address is outside the networks of the scan; it was not tried.
    """
    yield from _Tries(scanning, technique, deque(pairs), seconds, at_once).run()


class _Tries:
    def __init__(
        self,
        scanning: Scanning,
        technique: str,
        waiting: deque[tuple[str, int]],
        seconds: float,
        at_once: int,
    ) -> None:
        self._scanning, self._technique = scanning, technique
        self._waiting, self._seconds, self._at_once = waiting, seconds, at_once
        self._under_way: dict[socket.socket, tuple[str, int, float]] = {}
        self._of_host: Counter[str] = Counter()
        self._selector = selectors.DefaultSelector()

    def run(self) -> Iterator[Tried]:
        try:
            while (self._waiting or self._under_way) and not self._scanning.stop.is_set():
                yield from self._start()
                yield from self._finish()
        finally:
            for one in list(self._under_way):
                self._end(one)
            self._selector.close()

    def _start(self) -> Iterator[Tried]:
        """Begin as many tries as may be under way; a host that is busy waits for its turn."""
        for _ in range(len(self._waiting)):
            if len(self._under_way) >= self._at_once:
                return
            ip, port = self._waiting.popleft()
            if self._of_host[ip] >= PER_HOST:
                self._waiting.append((ip, port))
            elif failed := self._try(ip, port):
                yield failed

    def _try(self, ip: str, port: int) -> Tried | None:
        """Begin one try; what it came to where the kernel knows at once."""
        address = ip_address(ip)
        self._scanning.networks.check(address)
        self._scanning.pace.take()
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004
        one = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
        self._scanning.ledger.connect(self._technique)
        code = one.connect_ex((ip, port))
        if code not in (errno.EINPROGRESS, 0):
            one.close()
            return Tried(ip, port, _state(code))
        self._under_way[one] = (ip, port, time.monotonic() + self._seconds)
        self._of_host[ip] += 1
        self._selector.register(one, selectors.EVENT_WRITE)
        return None

    def _finish(self) -> Iterator[Tried]:
        for key, _ in self._selector.select(_POLL):
            one = key.fileobj
            assert isinstance(one, socket.socket)  # noqa: S101 - what was registered
            code = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            ip, port, _until = self._end(one)
            yield Tried(ip, port, _state(code))
        now = time.monotonic()
        for one in [one for one, (_, _, until) in self._under_way.items() if until <= now]:
            ip, port, _until = self._end(one)
            yield Tried(ip, port, "silent")

    def _end(self, one: socket.socket) -> tuple[str, int, float]:
        self._selector.unregister(one)
        one.close()
        what = self._under_way.pop(one)
        self._of_host[what[0]] -= 1
        return what


def _state(code: int) -> str:
    return _STATES.get(code) or _REFUSED.get(code, "silent")
