"""The agent's exchange of HTTP: what an answer may be, and what is refused."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agents.http_exchange import BadAnswer, Exchange


class Plain:
    """Stands in for a TLS context: hands the socket on as it is."""

    def wrap_socket(self, plain: socket.socket, server_hostname: bytes) -> socket.socket:
        assert server_hostname == b"127.0.0.1"
        return plain


@pytest.fixture
def said() -> Iterator[Callable[[bytes], Exchange]]:
    """A server that says given bytes to whatever comes, and a connection to it."""
    servers: list[socket.socket] = []
    opened: list[Exchange] = []
    threads: list[threading.Thread] = []

    def start(words: bytes) -> Exchange:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def serve() -> None:
            # Nobody may come at all: then the end of the test closes the server.
            with contextlib.suppress(OSError), server.accept()[0] as one:
                asked = b""
                while b"\r\n\r\n" not in asked:
                    piece = one.recv(1 << 16)
                    if not piece:
                        return
                    asked += piece
                for piece in (words[:7], words[7:]):
                    one.sendall(piece)
                    time.sleep(0.01)

        threads.append(threading.Thread(target=serve, daemon=True))
        threads[-1].start()
        context: Any = Plain()
        opened.append(Exchange("127.0.0.1", server.getsockname()[1], context, 5.0))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
    for server in servers:
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)  # ends a thread that waits in accept
        server.close()
    for thread in threads:
        thread.join(10)


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (OK + b"Content-Length: 2\r\n\r\nok", b"ok"),
        (OK + b"content-length: 0\r\nconnection: close\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"content-length: 2\r\n\r\nok", b"ok"),
    ],
)
def test_an_answer(said: Callable[[bytes], Exchange], words: bytes, body: bytes) -> None:
    connection = said(words)
    assert connection.post("/x", {"a": "b"}, b"body", 10).body == body
    assert connection.kept == (b"close" not in words)


@pytest.mark.parametrize(
    ("words", "fault", "why"),
    [
        (OK + b"Content-Length: 5\r\n\r\nok", ConnectionError, "cut short"),
        (OK + b"Content-Length: 11\r\n\r\n", BadAnswer, "too long"),
        (OK + b"Content-Length: -1\r\n\r\n", BadAnswer, "length"),
        (OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk", BadAnswer, "length"),
        (OK + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nok", BadAnswer, "length"),
        (OK + b"\r\n", BadAnswer, "length"),
        (OK + b"a: b\r\n folded\r\n\r\n", BadAnswer, "no header"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", BadAnswer, "not HTTP"),
        (b"HTTP/2 200 OK\r\n\r\n", BadAnswer, "not HTTP"),
        (b"x" * 40_000 + b"y" * 40_000, BadAnswer, "too long"),
        (b"", ConnectionError, "none came"),
    ],
)
def test_what_is_no_answer_is_refused(
    said: Callable[[bytes], Exchange], words: bytes, fault: type[Exception], why: str
) -> None:
    with pytest.raises(fault, match=why):
        said(words).post("/x", {}, b"", 10)


@pytest.mark.parametrize("header", [{"a": "b\r\nc: d"}, {"a b": "c"}, {"a": "ố"}])
def test_a_header_that_would_be_two_is_not_sent(
    said: Callable[[bytes], Exchange], header: dict[str, str]
) -> None:
    with pytest.raises(BadAnswer, match="cannot be sent"):
        said(OK + b"content-length: 0\r\n\r\n").post("/x", header, b"", 10)
