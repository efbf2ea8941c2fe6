"""From a request that arrived to a signed answer: admit, commit, acknowledge, in that order."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

from litestar import Response

from inventory import agents, intake, sightings
from inventory.agents import Agent, TokenRefused
from inventory.intake import Incoming, Receipt
from inventory.sightings import Arrival
from inventory.store import Store
from server import evidence, replies
from server.admission import (
    STATUS,
    Admitted,
    Arrived,
    Seen,
    Wish,
    admit_enrolment,
    admit_report,
    admit_sightings,
)
from server.keys import Keys
from server.rate import Rate
from server.refused import Refused
from server.settings import Settings
from server.writer import Accept, Writer, unavailable

TAKEN = ("stored", "duplicate")  #: outcomes that are acknowledged
THREADS = 2  #: of admission: a body that is slow to unpack does not hold up the others' answers
_CLONED = (
    "two machines report with one key; an officer decides, and each machine is enrolled with a key "
    "of its own: rasoat-agent enrol FILE --new-key"
)
_REFUSED = {
    "epoch_ahead": (409, "this epoch is newer than the last enrolment; enrol this machine again"),
    "conflict": (409, f"another report has this number: {_CLONED}"),
    "quarantined": (403, _CLONED),
    "section_unknown": (409, "it names a section that is not known here; send a full report"),
    **{status: (403, message) for status, message in STATUS.items()},
}


class Collecting:
    """The work of the collector, apart from HTTP: one for each running app."""

    def __init__(
        self, store: Store, keys: Keys, settings: Settings, accept: Accept | None = None
    ) -> None:
        """``accept`` stores a batch; the inventory's own where it is None."""
        self._store = store
        self._seed = keys.seed
        self._settings = settings
        self._rate = Rate(settings.burst, settings.per_second)
        self._accept = accept or partial(intake.accept, store)
        self._pool = ThreadPoolExecutor(THREADS, "admission")

    def writer(self) -> Writer:
        """The writer of this app's life; `report` and `enrol` need it to be running."""
        limits = self._settings
        self._writer = Writer(
            self._accept, window=limits.window, batch=limits.batch, waiting=limits.queue
        )
        return self._writer

    def close(self) -> None:
        """Stop the threads of admission."""
        self._pool.shutdown()

    async def report(self, arrived: Arrived) -> Response[bytes]:
        """Admit and store one report; 200 means: committed with fsync.

        Raises:
            Refused: a limit does not hold, or the store cannot write.
        """
        admitted = await self._in_pool(admit_report, arrived, self._rate, self._agent)
        receipt: Receipt = await _result(self._writer.report(incoming(arrived, admitted)))
        if receipt.outcome not in TAKEN:
            raise refused(receipt)
        return self._signed(acknowledgement(arrived, admitted, self._settings.interval), arrived)

    async def sightings(self, arrived: Arrived) -> Response[bytes]:
        """Admit and store what a sensor saw; 200 means: committed with fsync.

        Raises:
            Refused: a limit does not hold, or the store cannot write.
        """
        seen = await self._in_pool(admit_sightings, arrived, self._rate, self._agent)
        receipt: Receipt = await self._stored(partial(_keep, self._store, seen, arrived))
        if receipt.outcome not in TAKEN:
            raise refused(receipt)
        return self._signed(acknowledgement(arrived, seen, self._settings.interval), arrived)

    async def _stored(self, work: Callable[[], Any]) -> Any:
        """What a piece of work that writes gives; nothing changed where the store cannot write."""
        try:
            return await _result(self._writer.do(work))
        except (Refused, TokenRefused):
            raise
        except Exception:  # noqa: BLE001 - whatever the store cannot do: nothing changed
            traceback.print_exc(file=sys.stderr)
            raise unavailable() from None

    async def enrol(self, arrived: Arrived) -> Response[bytes]:
        """Make an agent known, or refuse its token.

        Raises:
            Refused: a limit does not hold, the token is not good, or the store cannot write.
        """
        wish, public_key = await self._in_pool(admit_enrolment, arrived, self._rate)
        work = partial(_enrol, self._store, wish, public_key, arrived)
        try:
            agent: Agent = await self._stored(work)
        except TokenRefused as why:
            raise Refused(403, "token_refused", str(why)) from None
        return self._signed(
            replies.Enrolled(agent.id, agent.epoch, agent.status, self._settings.interval), arrived
        )

    def _agent(self, name: str) -> Agent | None:
        return agents.get(self._store, name)

    async def _in_pool(self, function: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, function, *arguments)

    def _signed(self, content: Any, arrived: Arrived) -> Response[bytes]:
        return replies.signed(self._seed, content, int(arrived.at.timestamp()))


def _enrol(store: Store, wish: Wish, public_key: bytes, arrived: Arrived) -> Agent:
    return agents.enrol(
        store,
        token=wish.token,
        public_key=public_key,
        name=wish.name,
        platform=wish.platform,
        peer=arrived.peer,
        now=arrived.at,
    )


def _keep(store: Store, seen: Seen, arrived: Arrived) -> Receipt:
    claim = seen.claim
    arrival = Arrival(
        arrived.at,
        arrived.peer,
        claim.agent,
        claim.epoch,
        claim.sequence,
        evidence.packed(arrived.method, arrived.target, seen.headers),
    )
    return sightings.accept(store, seen.document, arrived.body, arrival)


def incoming(arrived: Arrived, admitted: Admitted) -> Incoming:
    """What the inventory is given of an admitted report."""
    claim = admitted.claim
    return Incoming(
        agent=claim.agent,
        epoch=claim.epoch,
        sequence=claim.sequence,
        digest=admitted.digest,
        signed=evidence.packed(arrived.method, arrived.target, admitted.headers),
        body=arrived.body,
        report=admitted.report,
        received_at=arrived.at,
        peer=arrived.peer,
        skew_seconds=admitted.skew_seconds,
        sections=admitted.sections,
    )


def acknowledgement(
    arrived: Arrived, admitted: Admitted | Seen, interval: int
) -> replies.Acknowledgement:
    """What is said, signed, of a message that is committed."""
    claim = admitted.claim
    acknowledged = replies.Acknowledged(
        claim.agent,
        claim.epoch,
        claim.sequence,
        admitted.headers["content-digest"],
        arrived.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return replies.Acknowledgement(acknowledged, interval)


def refused(receipt: Receipt) -> Refused:
    """The inventory's refusal of a report, as its sender is told."""
    code = receipt.code if receipt.outcome == "refused" and receipt.code else receipt.outcome
    status, message = _REFUSED.get(code, (403, "the inventory does not take this report"))
    return Refused(status, code, message)


async def _result(future: Future[Any]) -> Any:
    """A result of the writer; a client that goes away meanwhile does not undo it."""
    return await asyncio.shield(asyncio.wrap_future(future))


def now() -> datetime:
    """The server's clock, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
