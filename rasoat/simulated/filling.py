"""Filling a store with a simulated district, by the functions that real reports come in through."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from agents.message_signatures import SIGHTINGS as SCAN
from agents.spool import Request
from agents.transport import SIGHTINGS, signed_report, signed_request
from inventory import agents, audit, intake, sections, sighting_types, sightings, tokens
from inventory.document import decode_report
from inventory.identity import settling
from inventory.intake import Incoming
from inventory.sightings import Arrival
from inventory.store import Store
from rasoat.simulated import MARK, handing_in
from rasoat.simulated.arriving import Report, agent_of, identity
from rasoat.simulated.block import Block
from rasoat.simulated.district import District
from rasoat.simulated.making import FIRST_HOST
from rasoat.simulated.marking import ACTION
from rasoat.simulated.scans import Scan
from server import evidence

_BATCH = 100  #: reports in one transaction
_EPOCH = 1


@dataclass(slots=True)
class Filled:
    """What came in, and what became of it: outcome → how many reports."""

    units: int = 0
    assets: int = 0
    agents: int = 0
    reports: Counter[str] = field(default_factory=Counter)
    scans: int = 0


def fill(store: Store, district: District) -> Filled:
    """Import units and register; then let agents enrol and report and sensors scan, as time passes.

    Both lie in the data folder as the workbooks that were imported.
    The store must be new: its audit log begins with the entry that says that all is simulated.
    """
    _mark(store, district)
    filled = Filled(
        units=handing_in.units(store, district, store.folder),
        assets=len(handing_in.register(store, district, store.folder).steps),
    )
    for block in district.blocks():
        _Filling(store, district, block, filled).run()
    settling.settle(store, district.now)
    return filled


def _mark(store: Store, district: District) -> None:
    with store.write() as db:
        if audit.head(db)[0]:
            raise ValueError("a simulated district never goes into a store that was used")
        detail = {"seed": district.seed, "machines": district.machines, "mark": MARK}
        audit.append(db, MARK, ACTION, detail, district.now)


class _Filling:
    """One district's events, from the first enrolment to the last report."""

    def __init__(self, store: Store, district: District, block: Block, filled: Filled) -> None:
        self._store, self._district, self._block, self._filled = store, district, block, filled
        self._enrolled: set[str] = set()
        self._tokens: dict[str, str] = {}
        self._waiting: list[Incoming] = []

    def run(self) -> None:
        """Everything, in the order of time."""
        for event in self._events():
            if isinstance(event, Report):
                self._report(event)
            else:
                self._flush()
                self._scan(event)
        self._flush()

    def _events(self) -> list[Report | Scan]:
        found: list[Report | Scan] = [
            *self._district.reports_of(self._block),
            *self._district.scans_of(self._block),
        ]
        return sorted(found, key=lambda one: one.at)

    def _report(self, one: Report) -> None:
        if one.key not in self._enrolled:
            self._enrol(one)
        self._waiting.append(incoming(self._district.seed, one))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        receipts = intake.accept(self._store, self._waiting)
        self._filled.reports.update(one.outcome for one in receipts)
        self._waiting = []

    def _enrol(self, one: Report) -> None:
        agents.enrol(
            self._store,
            token=self._token(one.unit, one.at),
            public_key=identity(self._district.seed, one.key).public_key,
            name=one.name,
            platform=one.platform,
            peer=_peer(one),
            now=one.at,
        )
        self._enrolled.add(one.key)
        self._filled.agents += 1

    def _token(self, unit: str, at: datetime) -> str:
        """One token for each unit, as an officer hands them out."""
        if unit not in self._tokens:
            self._tokens[unit] = tokens.create(
                self._store,
                approve=True,
                expires_at=self._district.now + timedelta(days=1),
                max_uses=len(self._block.pcs) * 2,
                unit=unit,
                by=MARK,
                now=at,
            )
        return self._tokens[unit]

    def _scan(self, one: Scan) -> None:
        raw = msgspec.json.encode(one.document)
        body = gzip.compress(raw, 1, mtime=0)
        arrival = self._arrival(one, body)
        sightings.accept(self._store, sighting_types.decode(raw), body, arrival)
        self._filled.scans += 1

    def _arrival(self, one: Scan, body: bytes) -> Arrival:
        received = one.at + timedelta(minutes=3)
        if not one.sensor:
            return Arrival(received, "")
        who, number = identity(self._district.seed, one.sensor), int(one.at.timestamp())
        agents.allow_sensor(self._store, who.agent, allowed=True, by=MARK, now=one.at)
        request = signed_request(SIGHTINGS, SCAN, who, (_EPOCH, number), body, number)
        peer = one.place.address(FIRST_HOST)
        return Arrival(received, peer, who.agent, _EPOCH, number, _signed(request))


def incoming(seed: int, one: Report) -> Incoming:
    """A report as it stands after admission, signed with the agent's key."""
    who, raw = identity(seed, one.key), one.raw
    body = gzip.compress(raw, 1, mtime=0)
    request = signed_report(who, _EPOCH, one.sequence, body, int(one.at.timestamp()))
    return Incoming(
        agent=agent_of(seed, one.key),
        epoch=_EPOCH,
        sequence=one.sequence,
        digest=hashlib.sha256(body).digest(),
        signed=_signed(request),
        body=body,
        report=decode_report(raw),
        received_at=one.at,
        peer=_peer(one),
        skew_seconds=0,
        sections=sections.given(raw),
    )


def _signed(request: Request) -> bytes:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return evidence.packed("POST", request.target, headers)


def _peer(one: Report) -> str:
    """The address that the report came from."""
    for interface in one.document["facts"]["network"]["interfaces"]:
        for address in interface["addresses"]:
            if "." in address["address"]:
                return str(address["address"])
    return ""
