"""Reports that come on a stick: the checks of the HTTPS door, in its order, one after another.

What a file says is believed as little as what a line says. Only the time differs: a report that was
carried counts as received when its machine signed it, and never later than now, so that a stick
that lay in a drawer does not make old facts look fresh. The audit log notes the import itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from agents import carried
from agents.carried import BadFile, Message
from agents.message_signatures import REPORT, SignatureRefused, read_signature_input
from inventory import agents, intake
from inventory.agents import Agent
from inventory.intake import Receipt
from inventory.store import Store
from server import replies
from server.admission import Admitted, Arrived, admit_report
from server.collecting import TAKEN, acknowledgement, incoming, refused
from server.keys import Keys
from server.rate import Rate
from server.refused import Refused
from server.settings import Settings

PEER = "by hand"  #: what stands where a report's address would
_FIRST_LINE = "POST /api/v1/reports"
_CONFLICT = 409
_OF_THE_BYTES = (400, 401, 413, 415, 422)  #: refusals of what a file says, not of who says it


@dataclass
class Imported:
    """What became of one file; ``answers`` are for the machines that it came from."""

    outcomes: Counter[str] = field(default_factory=Counter)  #: stored, duplicate, refused
    refusals: list[tuple[str, Refused]] = field(default_factory=list)  #: (which report, why)
    answers: list[bytes] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        """Whether something in the file was not as its machine signed it, or is no report."""
        return any(why.status in _OF_THE_BYTES for _, why in self.refusals)


class Importer:
    """Takes files of reports into one store."""

    def __init__(self, store: Store, keys: Keys, settings: Settings | None = None) -> None:
        self._store, self._seed = store, keys.seed
        self._settings = settings or Settings()

    def take(self, content: bytes, source: str, by: str, now: datetime | None = None) -> Imported:
        """Take in one file; what is stored is on the disk when this returns.

        ``source`` is the file's name and ``by`` the person, for the audit log.

        Raises:
            BadFile: it is no file of reports, or was changed on the way; nothing was read from it.
            InventoryError: the store cannot be written.
        """
        pieces = carried.unpacked(carried.REPORTS, content)
        at = (now or datetime.now(UTC)).replace(microsecond=0)
        found = Imported()
        rate = Rate(self._settings.burst, self._settings.per_second)
        size = self._settings.batch
        for first in range(0, len(pieces), size):
            batch = enumerate(pieces[first : first + size], first + 1)
            admitted = [self._admitted(number, piece, rate, at, found) for number, piece in batch]
            self._store_batch([one for one in admitted if one is not None], found)
        detail = {"file": source, "sha256": sha256(content).hexdigest(), **found.outcomes}
        intake.note_import(self._store, by, detail, at)
        return found

    def _admitted(
        self, number: int, piece: bytes, rate: Rate, now: datetime, found: Imported
    ) -> tuple[Arrived, Admitted] | None:
        """One report past every limit of the door, or None and the refusal noted."""
        try:
            arrived = arrived_by_hand(piece, now)
            return arrived, admit_report(arrived, rate, self._agent)
        except Refused as why:
            _note(found, f"report {number} of the file", why)
            return None

    def _agent(self, name: str) -> Agent | None:
        return agents.get(self._store, name)

    def _store_batch(self, batch: Sequence[tuple[Arrived, Admitted]], found: Imported) -> None:
        receipts = intake.accept(self._store, [incoming(*one) for one in batch])
        for (arrived, admitted), receipt in zip(batch, receipts, strict=True):
            if receipt.outcome in TAKEN:
                found.outcomes[receipt.outcome] += 1
                said = acknowledgement(arrived, admitted, self._settings.interval)
                found.answers.append(self._answer(200, said))
            else:
                claim = admitted.claim
                name = f"report {claim.agent}/{claim.epoch}/{claim.sequence}"
                _note(found, name, refused(receipt))
                found.answers += self._told(admitted, receipt)

    def _told(self, admitted: Admitted, receipt: Receipt) -> list[bytes]:
        """The one refusal that an agent acts on: it must send a full report."""
        if receipt.code != "section_unknown":
            return []
        why, claim = refused(receipt), admitted.claim
        digest = admitted.headers["content-digest"]
        report = replies.Reported(claim.agent, claim.epoch, claim.sequence, digest)
        said = replies.RefusedByHand(replies.Refusal(why.code, why.message), report)
        return [self._answer(_CONFLICT, said)]

    def _answer(self, status: int, content: object) -> bytes:
        created = int(datetime.now(UTC).timestamp())
        headers, body = replies.signed_parts(self._seed, status, content, created)
        return Message(str(status), {"content-type": replies.JSON, **headers}, body).packed()


def _note(found: Imported, name: str, why: Refused) -> None:
    found.outcomes["refused"] += 1
    found.refusals.append((name, why))


def arrived_by_hand(piece: bytes, now: datetime) -> Arrived:
    """One piece of a file as a request that came through the door.

    Raises:
        Refused: it is no request for the door of reports.
    """
    try:
        found = carried.message(piece)
    except BadFile as fault:
        raise Refused(400, "bad_request", str(fault)) from None
    if found.first != _FIRST_LINE:
        raise Refused(400, "bad_request", "this is no request that carries a report")
    headers = [
        (name.encode("ascii"), value.encode("ascii")) for name, value in found.headers.items()
    ]
    method, _, target = found.first.partition(" ")
    return Arrived(method, target, headers, found.body, PEER, _signed_at(found, now))


def _signed_at(found: Message, now: datetime) -> datetime:
    """When the machine signed it, by its own clock; never later than ``now``."""
    try:
        signature = read_signature_input(REPORT, found.headers.get("signature-input", ""))
    except SignatureRefused:
        return now  # admission refuses it
    return datetime.fromtimestamp(min(signature.created, int(now.timestamp())), UTC)
