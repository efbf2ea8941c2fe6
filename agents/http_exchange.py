"""One connection of HTTP/1.1 over TLS, and of HTTP only what a collector's answers need (RFC 9112).

`http.client` would cost a third of a whole run's imports, for a parser of e-mail headers. Whatever
this reader does not know (chunked bodies, folded lines, no length) is refused, never guessed.
"""

from __future__ import annotations

import re
import socket

from agents.words import SaidError, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from typing import Any, Mapping

PIECE = 1 << 16  #: bytes asked for at once
LONGEST_HEAD = 32 << 10  #: bytes of a status line and its headers
_HTTPS = 443
_STATUS = re.compile(rb"HTTP/1\.([01]) ([0-9]{3})(?: [^\r\n]*)?")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH = re.compile(r"[0-9]{1,12}")
_INTERIM, _FIRST_FINAL = 100, 200


class BadAnswer(SaidError):
    """What came is no answer that this client understands; the message says why."""


class Response:
    """A status, headers by their small names, a body."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Exchange:
    """A connection that is opened at the first request and kept while the server keeps it."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, seconds: float) -> None:
        self._host = host
        self._port = port
        self._context = context
        self._seconds = seconds  #: the longest wait for each piece
        self._socket: ssl.SSLSocket | None = None
        self._rest = b""

    @property
    def kept(self) -> bool:
        """Whether an earlier request left the connection open."""
        return self._socket is not None

    def close(self) -> None:
        """Close it; a later request opens it again."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def post(self, target: str, headers: Mapping[str, str], body: bytes, longest: int) -> Response:
        """Send one request and read its answer, whose body has ``longest`` bytes at most.

        Raises:
            BadAnswer: the answer is none, or too long.
            ConnectionError: the connection ended before or within the answer.
            OSError: no connection, or no answer in time; of TLS where the certificate is wrong.
        """
        if self._socket is None:
            self._socket = self._connected()
        self._socket.sendall(self._head(target, headers, len(body)) + body)
        version, status, found = self._answered_head()
        while _INTERIM <= status < _FIRST_FINAL:
            version, status, found = self._answered_head()
        answer = Response(status, found, self._body(found, longest))
        if version == b"0" or "close" in found.get("connection", "").lower():
            self.close()
        return answer

    def _connected(self) -> ssl.SSLSocket:
        """Bytes for a name, so that Python does not load its tables of international names."""
        name: Any = self._host.encode("ascii")
        plain = socket.create_connection((name, self._port), self._seconds)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self._context.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def _head(self, target: str, headers: Mapping[str, str], length: int) -> bytes:
        host = "[%s]" % self._host if ":" in self._host else self._host
        rows = ["POST %s HTTP/1.1" % target, "host: " + host]
        if self._port != _HTTPS:
            rows[1] += ":%d" % self._port
        rows += ["accept-encoding: identity", "content-length: %d" % length]
        for name, value in headers.items():
            if not _NAME.fullmatch(name) or not value.isprintable() or not value.isascii():
                raise BadAnswer(said("the report's header %r cannot be sent", name))
            rows.append("%s: %s" % (name, value))
        return ("\r\n".join(rows) + "\r\n\r\n").encode("ascii")

    def _more(self) -> None:
        """Read on; raises ConnectionError at the end."""
        piece = self._socket.recv(PIECE) if self._socket is not None else b""
        if not piece:
            raise ConnectionError(said("the answer was cut short, or none came"))
        self._rest += piece

    def _answered_head(self) -> tuple[bytes, int, dict[str, str]]:
        """(minor version, status, headers)."""
        while b"\r\n\r\n" not in self._rest:
            if len(self._rest) > LONGEST_HEAD:
                raise BadAnswer(said("the answer's head is too long"))
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *rows = head.split(b"\r\n")
        status = _STATUS.fullmatch(first)
        if status is None:
            raise BadAnswer(said("the answer is not HTTP: %r", first[:40]))
        return status[1], int(status[2]), _headers(rows)

    def _body(self, headers: dict[str, str], longest: int) -> bytes:
        length = headers.get("content-length", "")
        if "transfer-encoding" in headers or not _LENGTH.fullmatch(length):
            raise BadAnswer(said("the answer does not say its length"))
        if int(length) > longest:
            raise BadAnswer(said("the answer is too long"))
        while len(self._rest) < int(length):
            self._more()
        body, self._rest = self._rest[: int(length)], self._rest[int(length) :]
        return body


def _headers(rows: list[bytes]) -> dict[str, str]:
    """Headers by their small names; values of one name are joined by commas (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for row in rows:
        name, colon, value = row.decode("latin-1").partition(":")
        if not colon or not _NAME.fullmatch(name):
            raise BadAnswer(said("the answer has a line that is no header: %r", row[:40]))
        name, value = name.lower(), value.strip(" \t")
        found[name] = "%s, %s" % (found[name], value) if name in found else value
    return found
