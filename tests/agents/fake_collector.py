"""A collector that says what a test tells it to, over real TLS on loopback: for the agent's side.

The real one is tested in tests/server; this one can lie.
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from agents.message_signatures import ACKNOWLEDGEMENT, content_digest, key_id, public_key_of, sign
from tests.lab.server_asked import certify

SEED = hashlib.sha256(b"the fake collector's key").digest()
OTHER_SEED = hashlib.sha256(b"somebody else's key").digest()


@dataclass
class Said:
    """One answer; ``seed`` signs a 200."""

    status: int
    content: dict[str, Any]
    seed: bytes = SEED
    headers: dict[str, str] = field(default_factory=dict)
    signed_body: bytes | None = None  # signed in place of what is sent
    cut: int = 0  # bytes of the body that never come


def acknowledged(headers: dict[str, str], **lies: Any) -> Said:
    """The acknowledgement of the report that these headers name, but for the lies."""
    truth = {
        "agent": headers["rasoat-agent"],
        "epoch": int(headers["rasoat-epoch"]),
        "sequence": int(headers["rasoat-sequence"]),
        "digest": headers["content-digest"],
        "received_at": "2026-11-23T08:00:00Z",
    }
    return Said(200, {"acknowledged": {**truth, **lies}, "interval": 900})


@dataclass
class Fake:
    """A running fake: ``answer`` decides, ``seen`` remembers (headers, body) of every request."""

    folder: Path
    files: dict[str, str]  # of its CA, certificate and key
    url: str = ""
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[dict[str, str], bytes], Said | bytes | None] = lambda headers, _: (
        acknowledged(headers)
    )

    @property
    def sequences(self) -> list[int]:
        """The sequence numbers of the reports that came, in order."""
        return [int(headers["rasoat-sequence"]) for headers, _ in self.seen]

    def enrolment_file(self, **changes: Any) -> dict[str, Any]:
        """The content of an enrolment file of this fake, but for the changes."""
        ca = (self.folder / self.files["ca"]).read_text("ascii")
        der = ssl.PEM_cert_to_DER_cert(ca)
        later = datetime.now(timezone.utc) + timedelta(hours=1)
        return {
            "rasoat_enrolment": 1,
            "url": self.url,
            "ca": ca,
            "ca_sha256": hashlib.sha256(der).hexdigest(),
            "token": "a-token",
            "server_key": base64.b64encode(public_key_of(SEED)).decode("ascii"),
            "expires_at": later.strftime("%Y-%m-%dT%H:%M:%SZ"),
            **changes,
        }


@contextmanager
def fake_collector(folder: Path, *names: str, port: int = 0) -> Iterator[Fake]:
    """Run a fake whose CA lies in ``folder`` and whose certificate holds for ``names``."""
    folder.mkdir(exist_ok=True)
    files = certify(folder, list(names or ["127.0.0.1"]))
    fake = Fake(folder, files)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.seen.append((headers, body))
            said = fake.answer(headers, body)
            if said is None:  # the line goes dead
                self.close_connection = True
                return
            if isinstance(said, bytes):  # of the real app, as it stands
                self.wfile.write(said)
                return
            self.wfile.write(_response(said)[: -said.cut or None])
            self.close_connection = said.cut > 0

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / files["certificate"], folder / files["key"])
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # refused handshakes
    server.daemon_threads = True
    fake.url = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _response(said: Said) -> bytes:
    body = json.dumps(said.content).encode()
    headers = {"content-type": "application/json", "content-digest": content_digest(body)}
    if said.signed_body is not None:
        headers["content-digest"] = content_digest(said.signed_body)
    if said.status == 200:
        headers.update(sign(ACKNOWLEDGEMENT, {**headers, "@status": "200"}, said.seed, 1))
    headers.update({"content-length": str(len(body)), **said.headers})
    lines = [f"HTTP/1.1 {said.status} x", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def enrolled(body: bytes) -> dict[str, Any]:
    """The answer to an enrolment that is approved at once."""
    agent = key_id(base64.b64decode(json.loads(body)["public_key"]))
    return {"agent": agent, "epoch": 1, "status": "approved", "interval": 900}
