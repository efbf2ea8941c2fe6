"""The limits before a report may touch the store, in the order of DESIGN §5, as plain functions.

Length, rate, key, signature, then unpacking, then the closed types: nothing is decompressed or
parsed before the signature over the raw bytes has been checked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from agents.message_signatures import (
    ENROL,
    KEY_BYTES,
    REPORT,
    SIGHTINGS,
    Profile,
    SignatureRefused,
    check_digest,
    is_key_id,
    key_id,
    verify,
)
from inventory import sections, sighting_types
from inventory.agents import Agent
from inventory.document import DocumentRefused, decode_report
from inventory.sighting_types import Document
from server import decompress
from server.rate import Rate
from server.refused import Refused
from server.settings import LONGEST_BODY, LONGEST_ENROLMENT

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")  # below 2**63
_SIGNATURE_FIELDS = ("signature-input", "signature")
#: Who may not report. One in quarantine may send: what it says is kept apart, and refused, later.
STATUS = {
    "pending": "this agent waits for an officer's approval: rasoat agent approve",
    "revoked": "this agent was revoked; an officer can enrol it again",
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request as it came, nothing read into it yet."""

    method: str
    target: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    peer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Which report a request says it carries."""

    agent: str
    epoch: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """A report whose signature and form are right."""

    claim: Claim
    headers: Mapping[str, str]
    digest: bytes  #: SHA-256 of the body as it travelled
    report: Any
    sections: Mapping[str, bytes]  #: the content of each section that it carries
    skew_seconds: int


class Wish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What an agent sends to be enrolled."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]
    public_key: Annotated[str, Meta(max_length=44)]  # 32 bytes in base64
    name: Annotated[str, Meta(min_length=1, max_length=253)]  # of a host, RFC 1035
    platform: Literal["windows", "linux", "macos"]


def admit_report(arrived: Arrived, rate: Rate, agent_of: Callable[[str], Agent | None]) -> Admitted:
    """Every limit in turn; what comes back may be stored.

    Raises:
        Refused: the first limit that does not hold.
    """
    opened = _opened(REPORT, arrived, rate, agent_of)
    report = decoded(opened.raw)
    digest = hashlib.sha256(arrived.body).digest()
    given = sections.given(opened.raw)
    skewed = skew(arrived, opened.created)
    return Admitted(opened.claim, opened.headers, digest, report, given, skewed)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sensor saw, its signature and form right."""

    claim: Claim
    headers: Mapping[str, str]
    document: Document


def admit_sightings(arrived: Arrived, rate: Rate, agent_of: Callable[[str], Agent | None]) -> Seen:
    """As `admit_report`, for what an agent saw of its network; an officer allowed it to say so.

    Raises:
        Refused: the first limit that does not hold.
    """
    opened = _opened(SIGHTINGS, arrived, rate, agent_of, check=_check_sensor)
    try:
        return Seen(opened.claim, opened.headers, sighting_types.decode(opened.raw))
    except DocumentRefused as why:
        raise Refused(422, "document_refused", str(why)) from None


@dataclass(frozen=True, slots=True)
class _Opened:
    claim: Claim
    headers: Mapping[str, str]
    created: int
    raw: bytes


def _opened(
    profile: Profile,
    arrived: Arrived,
    rate: Rate,
    agent_of: Callable[[str], Agent | None],
    check: Callable[[Agent], None] = lambda _: None,
) -> _Opened:
    """The limits in their order, up to the content in plain bytes."""
    check_length(len(arrived.body), LONGEST_BODY)
    headers = protocol_headers(arrived.headers, profile)
    claim = claimed(headers)
    rate.take(arrived.peer, claim.agent)
    agent = known_agent(agent_of(claim.agent))
    created = check_signed(profile, arrived, headers, agent.public_key)
    check_status(agent.status)
    check(agent)
    return _Opened(claim, headers, created, decompress.decompress(arrived.body))


def _check_sensor(agent: Agent) -> None:
    if not agent.sensor:
        raise Refused(
            403,
            "not_a_sensor",
            f"no officer has allowed this agent to report scans: rasoat agent sensor {agent.id}",
        )


def check_length(length: int, limit: int) -> None:
    """Refuse a body of more than ``limit`` bytes."""
    if length > limit:
        raise Refused(413, "too_long", f"the body is longer than {limit} bytes")


def protocol_headers(pairs: Sequence[tuple[bytes, bytes]], profile: Profile) -> dict[str, str]:
    """The headers that the profile and its signature name, each there exactly once.

    Raises:
        Refused: one is missing, given twice, or the content is of another kind.
    """
    wanted = (*profile.fields, *_SIGNATURE_FIELDS)
    found: dict[str, str] = {}
    for raw_name, value in pairs:
        name = raw_name.decode("latin-1").lower()
        if name in found:
            raise Refused(400, "bad_header", f"the header {name} is given twice")
        if name in wanted:
            found[name] = value.decode("latin-1")
    _check_kind(found, profile)
    for name in wanted:
        if name not in found:
            raise Refused(401, "not_signed", f"the header {name} is missing")
    return found


def _check_kind(headers: Mapping[str, str], profile: Profile) -> None:
    expected = {"content-type": "application/json", "content-encoding": "gzip"}
    for name, kind in expected.items():
        if name in profile.fields and headers.get(name) != kind:
            raise Refused(415, "wrong_kind", f"{name} must be {kind}")


def claimed(headers: Mapping[str, str]) -> Claim:
    """The report that the headers name.

    Raises:
        Refused: one of them does not have the form of this protocol.
    """
    agent = headers["rasoat-agent"]
    if not is_key_id(agent):
        raise Refused(400, "bad_header", "rasoat-agent is no agent's id")
    numbers = []
    for name in ("rasoat-epoch", "rasoat-sequence"):
        if not _NUMBER.fullmatch(headers[name]):
            raise Refused(400, "bad_header", f"{name} is not a number from 1 on")
        numbers.append(int(headers[name]))
    return Claim(agent, *numbers)


def known_agent(agent: Agent | None) -> Agent:
    """The agent, if there is one of that id."""
    if agent is None:
        raise Refused(401, "unknown_agent", "no such agent; enrol this machine")
    return agent


def check_signed(
    profile: Profile, arrived: Arrived, headers: Mapping[str, str], public_key: bytes
) -> int:
    """Refuse a request that this key did not sign exactly as it stands, body included.

    Gives the time of the signature by the signer's clock, in seconds since 1970.
    """
    values = {**headers, "@method": arrived.method, "@request-target": arrived.target}
    try:
        signature = verify(profile, values, headers, public_key)
        check_digest(headers["content-digest"], arrived.body)
    except SignatureRefused as why:
        raise Refused(401, "bad_signature", str(why)) from None
    return signature.created


def check_status(status: str) -> None:
    """Refuse an agent that may not report; only its own key learns its status."""
    if status in STATUS:
        raise Refused(403, status, STATUS[status])


def decoded(raw: bytes) -> Any:
    """The report in its closed types."""
    try:
        return decode_report(raw)
    except DocumentRefused as why:
        raise Refused(422, "document_refused", str(why)) from None


def skew(arrived: Arrived, created: int) -> int:
    """Seconds that the machine's clock is ahead of ours, by the Date at which it sent the request.

    Not the report's own time: a report may have waited in the spool for days. Date is not signed
    and only ever recorded: the server's clock alone orders things. Without one, the time of the
    signature stands in.
    """
    dates = [value for name, value in arrived.headers if name.lower() == b"date"]
    now = arrived.at.timestamp()
    try:
        return round(parsedate_to_datetime(dates[0].decode("latin-1")).timestamp() - now)
    except (LookupError, ValueError, TypeError, OverflowError):
        return round(created - now)


def admit_enrolment(arrived: Arrived, rate: Rate) -> tuple[Wish, bytes]:
    """(the wish, the public key that signed it): the key proves that its holder asks.

    Raises:
        Refused: the first limit that does not hold.
    """
    check_length(len(arrived.body), LONGEST_ENROLMENT)
    headers = protocol_headers(arrived.headers, ENROL)
    rate.take(arrived.peer, "enrol")
    wish = _wish(arrived.body)
    public_key = _public_key(wish.public_key)
    check_signed(ENROL, arrived, headers, public_key)
    return wish, public_key


def _wish(body: bytes) -> Wish:
    try:
        return msgspec.json.decode(body, type=Wish)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as fault:
        raise Refused(
            422, "document_refused", f"the enrolment is not understood: {fault}"
        ) from None


def _public_key(text: str) -> bytes:
    try:
        public_key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        public_key = b""
    if len(public_key) != KEY_BYTES or not key_id(public_key):
        raise Refused(422, "document_refused", "public_key is not 32 bytes in base64")
    return public_key
