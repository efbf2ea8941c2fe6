"""Real agents, a line with real TLS, and behind it the real app over a real store."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents import identity, run, state
from agents.delivery import Outcome
from agents.identity import Identity
from agents.message_signatures import public_key_of
from agents.spool import Spool
from agents.state import Enrolment, State
from server import app, certificates, keys
from server.settings import Settings
from tests.agents.fake_collector import Fake, Said, fake_collector
from tests.server.door import Answer, Door, door, enrolled

BEGIN = datetime(2026, 10, 1, 0, 0, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The one clock of a simulated office; pauses move it on."""

    at: float = BEGIN.timestamp()
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Let time pass, and remember it."""
        self.slept.append(seconds)
        self.at += seconds

    def days(self, days: float) -> None:
        """Let days pass."""
        self.at += timedelta(days=days).total_seconds()

    def moment(self) -> datetime:
        """The same time, for the server."""
        return datetime.fromtimestamp(int(self.at), UTC)


def raw(answer: Answer) -> bytes:
    """An answer of the app as bytes on the line."""
    lines = [f"HTTP/1.1 {answer.status} x"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + answer.body


@dataclass
class Office:
    """One collector and the line to it; ``connected`` is the line's plug."""

    door: Door
    fake: Fake
    folder: Path
    connected: bool = True
    answers: list[int] = field(default_factory=list)  # the status of each

    def pass_on(self, headers: dict[str, str], body: bytes) -> bytes | None:
        """Hand a request to the app; None where the line is dead."""
        if not self.connected:
            return None
        answer = self.asked(headers, body)
        return raw(answer)

    def asked(self, headers: dict[str, str], body: bytes) -> Answer:
        """The app's answer, whatever becomes of it."""
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = self.door.ask(pairs, body)
        self.answers.append(answer.status)
        return answer

    def commit_in_silence(self, headers: dict[str, str], body: bytes) -> None:
        """Hand a request to the app, and lose its answer."""
        self.asked(headers, body)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a question to the database gives."""
        return list(self.door.store.reader().execute(sql).fetchall())

    def sequences(self) -> list[int]:
        """The sequences of the stored reports, in the order of arrival."""
        return [row[0] for row in self.rows("SELECT sequence FROM reports ORDER BY id")]


@dataclass
class Machine:
    """One enrolled agent and what it collects."""

    folder: str
    clock: Clock
    identity: Identity
    made: int = 0

    def run(self, facts: dict[str, Any], unknown: Any = None, **options: Any) -> Outcome:
        """One run that finds these facts."""
        self.made += 1
        document = {
            "catalogue": 1,
            "agent": {"version": "0.1.0"},
            "collected_at": self.clock.moment().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "facts": facts,
            "unknown": unknown or {},
        }
        settings = {"clock": self.clock, "sleep": self.clock.sleep, **options}
        return run.run(self.folder, collected=lambda: document, **settings)

    @property
    def state(self) -> State:
        """What it keeps."""
        kept = state.load_state(self.folder)
        assert kept is not None
        return kept

    @property
    def spool(self) -> Spool:
        """What waits."""
        return Spool(self.folder)


def enrol(office: Office, folder: Path, clock: Clock, *, approve: bool = True) -> Machine:
    """A machine of this office, its state in ``folder``."""
    folder.mkdir(mode=0o700, exist_ok=True)
    who = identity.load_or_create(str(folder))
    enrolled(office.door.store, who, approve=approve, name=folder.name)
    server_key = public_key_of(keys.prepare(office.folder).seed)
    ca = (office.fake.folder / certificates.CA_FILE).read_text("ascii")
    state.new_state(str(folder), server_key, 1).save()
    state.save_enrolment(str(folder), Enrolment(office.fake.url, ca, server_key))
    return Machine(str(folder), clock, who)


@contextmanager
def office(
    folder: Path, clock: Clock, patch: pytest.MonkeyPatch, settings: Settings | None = None
) -> Iterator[Office]:
    """An office whose server goes by ``clock``."""
    patch.setattr(app, "now", clock.moment)
    with door(folder / "data", settings) as one, fake_collector(folder / "line") as fake:
        made = Office(one, fake, folder / "data")
        fake.answer = made.pass_on
        yield made


def software(programs: int, seed: int = 0) -> list[dict[str, Any]]:
    """A list of programs that does not compress to nothing."""
    chance = random.Random(seed)
    return [
        {"name": f"program-{n}-{chance.getrandbits(40):x}", "version": f"{n}.{chance.random()}"}
        for n in range(programs)
    ]


__all__ = ["BEGIN", "Clock", "Machine", "Office", "Said", "enrol", "office", "software"]
