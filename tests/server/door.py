"""The real ASGI app over a real store, asked with raw requests: every byte is the test's own."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agents.identity import Identity
from agents.transport import signed_report
from inventory import agents as known
from inventory import tokens
from inventory.store import Store
from server import keys
from server.app import create_app
from server.settings import Settings
from server.writer import Accept

Pairs = Sequence[tuple[bytes, bytes]]
CREATED = int(datetime.now(UTC).timestamp())
SMALL = {
    "catalogue": 1,
    "agent": {"version": "0.1.0"},
    "collected_at": "2026-11-23T08:00:00Z",
    "facts": {"os": {"family": "linux"}},
    "unknown": {},
}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The body as JSON."""
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def code(self) -> str:
        """The code of a refusal, "" of anything else."""
        return str(self.content.get("refused", {}).get("code", ""))

    @property
    def message(self) -> str:
        """The message of a refusal."""
        return str(self.content["refused"]["message"])


def identity(name: str = "pc-1") -> Identity:
    """An agent's identity, the same for the same name."""
    return Identity(hashlib.sha256(name.encode()).digest())


def report(
    who: Identity,
    document: Any = None,
    *,
    epoch: int = 1,
    sequence: int = 1,
    raw: bytes | None = None,
    body: bytes | None = None,
) -> tuple[Pairs, bytes]:
    """(headers, body) of a report, rightly signed: of a document, of raw JSON, or of any body."""
    if body is None:
        raw = json.dumps(document or SMALL).encode() if raw is None else raw
        body = gzip.compress(raw, mtime=0)
    request = signed_report(who, epoch, sequence, body, CREATED)
    pairs = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    return [*pairs, (b"content-length", str(len(body)).encode())], body


def enrolled(store: Store, who: Identity, *, approve: bool = True, name: str = "pc-1") -> None:
    """Make an agent known to the store, with a token made for it."""
    now = datetime.now(UTC)
    token = tokens.create(
        store,
        approve=approve,
        expires_at=now + timedelta(hours=1),
        max_uses=1,
        unit=None,
        by="a test",
    )
    known.enrol(
        store,
        token=token,
        public_key=who.public_key,
        name=name,
        platform="linux",
        peer="127.0.0.1",
        now=now,
    )


def state_of(store: Store) -> dict[str, list[Any]]:
    """Every row of every table: equal before and after means that nothing has changed."""
    db = store.reader()
    return {name: list(db.execute(f'SELECT * FROM "{name}"')) for name in db.table_names()}  # noqa: S608


class Door:
    """A running app; `ask` sends one request past the network."""

    def __init__(self, app: Any, store: Store, folder: Path) -> None:
        self.app, self.store, self.folder = app, store, folder
        self.loop = asyncio.new_event_loop()
        self.peer = "192.0.2.10"

    def ask(
        self,
        pairs: Pairs,
        body: bytes | Iterable[bytes],
        target: str | bytes = "/api/v1/reports",
        method: str = "POST",
    ) -> Answer:
        """One request; a body in pieces comes as a chunked one would."""
        pieces = [body] if isinstance(body, bytes) else body
        raw = target.encode() if isinstance(target, str) else target
        path, _, query = raw.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": path.decode("latin-1"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": list(pairs),
            "client": (self.peer, 40000),
            "server": ("127.0.0.1", 8443),
        }
        asked = _asked(self.app, scope, iter(pieces))
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result(60)

    def report(self, who: Identity, document: Any = None, **options: Any) -> Answer:
        """Send one rightly signed report."""
        return self.ask(*report(who, document, **options))


async def _asked(app: Any, scope: dict[str, Any], pieces: Iterator[bytes]) -> Answer:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], headers, body)


@contextmanager
def door(
    folder: Path, settings: Settings | None = None, accept: Accept | None = None
) -> Iterator[Door]:
    """The app over a new store in ``folder``, its lifespan running."""
    store = Store.create(folder)
    app = create_app(store, keys.prepare(folder), settings or Settings(burst=10**9), accept)
    one = Door(app, store, folder)
    begun, end = threading.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            begun.set()
            await end.wait()

    thread = threading.Thread(target=lambda: one.loop.run_until_complete(live()))
    thread.start()
    if not begun.wait(20):
        raise TimeoutError("the app did not start")
    try:
        yield one
    finally:
        one.loop.call_soon_threadsafe(end.set)
        thread.join()
        one.loop.close()
        store.close()
