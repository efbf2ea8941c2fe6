"""Small TCP services on loopback for tests, honest and hostile; all end with the `with`."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Say = Callable[["Talked", socket.socket], None]


@dataclass
class Talked:
    """What a service saw: connections, how many at the same time, bytes either way."""

    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    connections: int = 0
    most_at_once: int = 0
    sent: int = 0
    received: bytes = b""

    def send(self, one: socket.socket, data: bytes) -> None:
        """Send, and count."""
        self.sent += one.send(data)

    def hear(self, one: socket.socket) -> bytes:
        """Receive, and keep."""
        data = one.recv(65536)
        self.received += data
        return data


@contextmanager
def service(
    say: Say, ip: str = "127.0.0.1", *, port: int = 0, seen: Talked | None = None
) -> Iterator[Talked]:
    """A TCP service on loopback that runs ``say`` for every connection."""
    seen = seen or Talked()
    with socket.create_server((ip, port), backlog=64) as door:
        seen.port = door.getsockname()[1]
        door.settimeout(0.05)
        threads: list[threading.Thread] = []

        def one(conversation: socket.socket) -> None:
            with conversation, suppress(OSError):
                conversation.settimeout(0.5)
                say(seen, conversation)

        def accept() -> None:
            standing: list[socket.socket] = []
            while not seen.over.is_set():
                try:
                    conversation, _ = door.accept()
                except OSError:
                    continue
                standing = [*filter(_stands, standing), conversation]
                seen.connections += 1
                seen.most_at_once = max(seen.most_at_once, len(standing))
                threads.append(threading.Thread(target=one, args=(conversation,)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield seen
        finally:
            seen.over.set()
            for thread in (accepting, *threads):
                thread.join(10)


def _stands(conversation: socket.socket) -> bool:
    """Whether neither side has left: asked of the kernel, which knows before our threads do."""
    if conversation.fileno() == -1:
        return False
    left = select.poll()
    left.register(conversation, select.POLLRDHUP)
    return not left.poll(0)


def says(data: bytes) -> Say:
    """Greets, and leaves."""

    def say(seen: Talked, one: socket.socket) -> None:
        seen.send(one, data)

    return say


def answers(data: bytes) -> Say:
    """Waits for a question, answers, and leaves."""

    def say(seen: Talked, one: socket.socket) -> None:
        seen.hear(one)
        seen.send(one, data)

    return say


def silent(seen: Talked, one: socket.socket) -> None:
    """Takes the connection and says nothing."""
    while not seen.over.wait(0.05):
        try:
            if not seen.hear(one):
                return
        except TimeoutError:
            continue


def trickles(seen: Talked, one: socket.socket) -> None:
    """A tarpit: a byte now and then."""
    while not seen.over.wait(0.05):
        seen.send(one, b"x")


def endless(seen: Talked, one: socket.socket) -> None:
    """Sends as fast as it can, for ever."""
    while not seen.over.is_set():
        seen.send(one, b"A" * 65536)


def secured(certificate: str, say: Say) -> Say:
    """The same behind TLS; ``certificate`` is a file with certificate and key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def shaken(seen: Talked, one: socket.socket) -> None:
        try:
            with context.wrap_socket(one, server_side=True) as inside:
                say(seen, inside)
        except ssl.SSLError:
            return

    return shaken
