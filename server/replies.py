"""What the collector answers: closed JSON objects; what an agent relies on is signed."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from agents.message_signatures import ACKNOWLEDGEMENT, content_digest, sign
from server.refused import Refused

JSON = "application/json"
LONGEST_MESSAGE = 300  #: characters; it may repeat what the peer sent


class Acknowledged(msgspec.Struct, frozen=True):
    """One report is committed, with fsync."""

    agent: str
    epoch: int
    sequence: int
    digest: str
    received_at: str


class Acknowledgement(msgspec.Struct, frozen=True):
    """The answer to a report; ``interval`` in seconds."""

    acknowledged: Acknowledged
    interval: int


class Enrolled(msgspec.Struct, frozen=True):
    """The answer to an enrolment; ``interval`` in seconds."""

    agent: str
    epoch: int
    status: str
    interval: int


class Refusal(msgspec.Struct, frozen=True):
    """Why a request was not carried out."""

    code: str
    message: str


class RefusedAnswer(msgspec.Struct, frozen=True):
    """The answer to a request that was not carried out."""

    refused: Refusal


class Reported(msgspec.Struct, frozen=True):
    """Which report an answer that travels by hand is about."""

    agent: str
    epoch: int
    sequence: int
    digest: str


class RefusedByHand(msgspec.Struct, frozen=True):
    """A refusal that an agent may act on although no line proves whence it came."""

    refused: Refusal
    report: Reported


def signed(seed: bytes, content: Any, created: int) -> Response[bytes]:
    """A 200 signed by the collector's key; ``created`` in seconds since 1970."""
    headers, body = signed_parts(seed, 200, content, created)
    return Response(body, status_code=200, media_type=JSON, headers=headers)


def signed_parts(
    seed: bytes, status: int, content: Any, created: int
) -> tuple[dict[str, str], bytes]:
    """(headers but for content-type, body) of an answer signed by the collector's key."""
    body = msgspec.json.encode(content)
    headers = {"content-digest": content_digest(body)}
    values = {**headers, "@status": str(status), "content-type": JSON}
    return headers | sign(ACKNOWLEDGEMENT, values, seed, created), body


def refusal(why: Refused) -> Response[bytes]:
    """A refusal: nothing has changed. The connection ends where the body was not read."""
    headers = {}
    if why.retry_after is not None:
        headers["retry-after"] = str(why.retry_after)
    if why.status == 413:  # noqa: PLR2004 - RFC 9110 §15.5.14: the rest of the body is unread
        headers["connection"] = "close"
    body = msgspec.json.encode(RefusedAnswer(Refusal(why.code, _short(why.message))))
    return Response(body, status_code=why.status, media_type=JSON, headers=headers)


def _short(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"
