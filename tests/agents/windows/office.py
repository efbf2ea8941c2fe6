"""An agent under Wine and a real collector beside it, for the tests that need both."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from inventory import tokens
from inventory.document import decode_report
from inventory.store import Store
from server.enrolment_file import enrolment_file
from server.run import Collector
from tests.lab.wine import Wine


def shown(pc: Wine, version: str, *options: str) -> dict[str, Any]:
    """What `show --json` says, once the server's types have taken it."""
    done = pc.python(version, "-W", "error", "-m", "agents", "show", "--json", *options)
    assert done.returncode == 0, (done.returncode, done.stdout[-300:], done.stderr.decode())
    decode_report(done.stdout)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def agent(pc: Wine, version: str, *words: str) -> str:
    """What the agent says on stdout, once it has done what it was told."""
    done = pc.python(version, "-W", "error", "-m", "agents", *words)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()


@contextmanager
def collecting(folder: Path) -> Iterator[Collector]:
    """A collector with an inventory of its own."""
    Store.create(folder).close()
    with Collector(folder) as running:
        yield running


def token_file(collector: Collector, path: Path) -> None:
    """An enrolment file for one agent, approved at once."""
    later = datetime.now(UTC) + timedelta(hours=1)
    store = Store.open(collector.folder)
    token = tokens.create(
        store, approve=True, expires_at=later, max_uses=1, unit=None, by="officer"
    )
    store.close()
    file = enrolment_file(collector.folder, collector.url, token, later)
    path.write_text(json.dumps(file), encoding="utf-8")


def accepted(collector: Collector) -> list[dict[str, Any]]:
    """The documents of every report that the collector has, oldest first."""
    store = Store.open(collector.folder)
    bodies = store.reader().execute("SELECT body FROM reports ORDER BY id").fetchall()
    store.close()
    return [json.loads(gzip.decompress(body)) for (body,) in bodies]


def leaves(value: Any) -> int:
    """How many single values there are below a value."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1
