"""``GET /metrics``: the fleet's figures for Prometheus, for whoever has the token.

Nothing is judged or counted here: the answer is the file that ``rasoat metrics`` wrote last, which
says itself when the machines were judged. The store is not touched, so that a scrape costs the
intake of reports nothing but one small read of a file, and that only after the file has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State

from language.said import SaidError, said
from reports.metrics import FILE
from server import replies
from server.refused import Refused

CONTENT_TYPE = "text/plain; version=0.0.4"  #: the framework adds the charset
SHORTEST_TOKEN = 32  #: characters; those that we make have 43 (256 bits)
LONGEST_TOKEN = 512
MOST = 16 << 20  #: bytes of figures; those of 500 units and 200 rules are below 1 MiB
_SCHEME = "bearer "


class BadToken(SaidError, ValueError):
    """The token's file cannot be used; the message says why and what to do."""

    exit_code = 2


class Metrics:
    """The kept figures of one data folder, read anew when their file has changed."""

    def __init__(self, folder: Path, token: bytes) -> None:
        """``token``: its SHA-256, as `token_of` gives it."""
        self._file = folder / FILE
        self._token = token
        self._kept: tuple[tuple[int, int, int], bytes] | None = None

    def allowed(self, authorization: str) -> bool:
        """Whether a header ``Authorization`` carries the token; any other takes as long."""
        said = authorization.partition(" ")[2].strip()
        matches = hmac.compare_digest(_digest(said), self._token)
        return matches and authorization[: len(_SCHEME)].casefold() == _SCHEME

    def figures(self) -> bytes:
        """What ``rasoat metrics`` wrote last.

        Raises:
            Refused: nothing is kept yet, or it cannot be read.
        """
        try:
            found = self._file.stat()
            version = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._kept is None or self._kept[0] != version:
                self._kept = version, _read(self._file)
        except OSError:
            raise Refused(
                503, "not_judged", "no figures are kept; run on the server: rasoat metrics"
            ) from None
        return self._kept[1]


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        text = opened.read(MOST + 1)
    if len(text) > MOST:
        raise OSError(f"{file}: more than {MOST} bytes")
    return text


@get("/metrics", include_in_schema=False)
async def metrics(request: Request[Any, Any, State]) -> Response[bytes]:
    """The figures, or 401 without a word on whether there are any."""
    kept: Metrics = request.app.state.metrics
    if not kept.allowed(request.headers.get("authorization", "")):
        answer = replies.refusal(Refused(401, "unauthorized", "a bearer token is needed"))
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    text = await asyncio.to_thread(kept.figures)
    return Response(text, media_type=CONTENT_TYPE)


def token_of(file: Path) -> bytes:
    """The SHA-256 of the token in ``file``; a file that is not there is made, for its owner alone.

    Raises:
        BadToken: it is too short, not one line of plain characters, or everybody can read it.
        OSError: it cannot be read or made.
    """
    if not file.exists():
        _make(file)
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o007:
        raise BadToken(
            said("{file}: everybody on this machine can read the token; chmod o= {file}", file=file)
        )
    with file.open("rb") as opened:
        text = opened.read(LONGEST_TOKEN + 1).decode("latin-1").strip()
    if not SHORTEST_TOKEN <= len(text) <= LONGEST_TOKEN:
        raise BadToken(
            said(
                "{file}: a token has {least} to {most} characters; "
                "name a file that is not there, and one is made",
                file=file,
                least=SHORTEST_TOKEN,
                most=LONGEST_TOKEN,
            )
        )
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise BadToken(
            said(
                "{file}: a token is one line of letters, digits and signs, without blanks",
                file=file,
            )
        )
    return _digest(text)


def _make(file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as made:
        made.write(secrets.token_urlsafe(32) + "\n")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("latin-1", "replace")).digest()
