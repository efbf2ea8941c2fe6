"""One TCP connection that never waits: told when its socket is ready, it takes its next step."""

from __future__ import annotations

import errno
import selectors
import socket
import ssl
import time
from functools import cache

from scanner.pace import Pace
from scanner.wire.talks import Job, Outcome, Say

MOST_BYTES = 64 << 10  #: bytes that one job reads, whatever is sent
CONNECT_SECONDS = 2.0  #: for the connection to stand; the port is known to be open
TALK_SECONDS = 5.0  #: for a whole talk, from its first byte; until then its job's patience counts
QUIET = 1.5  #: seconds without another byte after which a talk that has begun is over
TRICKLE = 1024  #: bytes; who sends less than this in all the time, and never pauses, is a tarpit
_PIECE = 8 << 10  #: bytes that are read at once
_CONNECT_PACKETS = 2  #: that this side sends for a connection: SYN, ACK
_CLOSE_PACKETS = 2  #: FIN, and ACK for the other side's
_TLS_PACKETS = 3  #: that this side sends for a handshake
_UNDER_WAY = frozenset(
    (errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", errno.EAGAIN))
)
_REFUSED = frozenset((errno.ECONNREFUSED, getattr(errno, "WSAECONNREFUSED", errno.ECONNREFUSED)))


class Connection:
    """The connection of one job."""

    def __init__(self, job: Job, pace: Pace, zone: int = 0) -> None:
        """Begin to connect; ``zone`` is the interface of a link-local address."""
        self.job = job
        self._pace = pace
        self._talk = job.talk()
        self._step = self._connecting
        self._out = bytearray()
        self._final = False
        self._received = bytearray()
        self._certificate, self._tls = b"", ""
        self._take(_CONNECT_PACKETS)
        self._began = time.monotonic()
        self._stands = self._first = self._last = 0.0
        family = socket.AF_INET6 if ":" in job.ip else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self.events = selectors.EVENT_WRITE
        target = (job.ip, job.port, 0, zone) if ":" in job.ip else (job.ip, job.port)
        self._fault = self.socket.connect_ex(target)

    def advance(self) -> str | None:
        """Take the steps that are possible now; how it ended, or None while it goes on."""
        try:
            return self._step()
        except ssl.SSLWantReadError:
            self.events = selectors.EVENT_READ
        except ssl.SSLWantWriteError:
            self.events = selectors.EVENT_WRITE
        except (BlockingIOError, InterruptedError):
            pass
        except (OSError, ValueError):  # ssl says ValueError of a peer that left in its handshake
            return "closed" if self._step == self._talking else "no_tls"
        return None

    def fileno(self) -> int:
        """The socket's number, the same before and after TLS."""
        return self.socket.fileno()

    def failed_at_once(self) -> bool:
        """Whether the system refused to begin (no route, no address)."""
        return self._fault not in _UNDER_WAY and self._fault != 0

    def overdue(self, now: float) -> str | None:
        """How it ends when its time is over, or None."""
        if not self._stands:
            return "unreachable" if now > self._began + CONNECT_SECONDS else None
        if not self._received:
            return "timed_out" if now > self._stands + self.job.patience else None
        if now > self._first + TALK_SECONDS:
            return "tarpit" if len(self._received) < TRICKLE else "timed_out"
        return "quiet" if now > self._last + QUIET else None

    def close(self) -> None:
        """Give the socket back."""
        self._talk.close()
        if self._stands:
            self._take(_CLOSE_PACKETS)
        self.socket.close()

    def outcome(self, end: str) -> Outcome:
        """What is known of it."""
        taken = time.monotonic() - self._began
        received = bytes(self._received[:MOST_BYTES])
        return Outcome(
            self.job, end, received, self._certificate, self._tls, time.time(), round(taken, 3)
        )

    def _connecting(self) -> str | None:
        fault = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if fault:
            return "refused" if fault in _REFUSED else "unreachable"
        self._stands = time.monotonic()
        return self._do(next(self._talk))

    def _do(self, say: Say) -> str | None:
        self._out += say.data
        self._final = say.last
        if say.tls:
            self._take(_TLS_PACKETS)
            self.socket = _context().wrap_socket(self.socket, do_handshake_on_connect=False)
            self._step = self._shaking
        else:
            self._step = self._talking
        return self._step()

    def _shaking(self) -> str | None:
        secured = self.socket
        assert isinstance(secured, ssl.SSLSocket)  # noqa: S101 - for the type checker: _do made it
        secured.do_handshake()
        self._certificate = secured.getpeercert(binary_form=True) or b""
        self._tls = secured.version() or ""
        self._step = self._talking
        return self._talking()

    def _talking(self) -> str | None:
        while self._out:
            self.events = selectors.EVENT_WRITE
            self._take(1)
            del self._out[: self.socket.send(self._out)]
        if self._final:
            return "done"
        self.events = selectors.EVENT_READ
        while True:
            piece = self.socket.recv(_PIECE)
            if not piece:
                return "closed"
            self._take(1)
            self._last = time.monotonic()
            self._first = self._first or self._last
            self._received += piece
            if len(self._received) > MOST_BYTES:
                return "endless"
            try:
                say = self._talk.send(piece)
            except StopIteration:
                return "done"
            if say != Say():
                return self._do(say)

    def _take(self, packets: int) -> None:
        for _ in range(packets):
            self._pace.take()


@cache
def _context() -> ssl.SSLContext:
    """TLS that any device can speak: who it is gets read off, nothing secret is ever said."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 4)
    return context
