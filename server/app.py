"""The HTTP face of the collector: two endpoints, closed answers, one OpenAPI document."""

from __future__ import annotations

import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec

from inventory.errors import InventoryError
from inventory.store import Store
from server import openapi, replies
from server.admission import Arrived
from server.collecting import Collecting, now
from server.keys import Keys
from server.metrics import Metrics, metrics
from server.refused import Refused
from server.settings import LONGEST_BODY, LONGEST_ENROLMENT, Settings
from server.writer import Accept, unavailable

Asked = Request[Any, Any, State]

_REFUSALS = {
    400: "A header is malformed",
    401: "Not signed as demanded, or by nobody we know",
    403: "The agent is pending, revoked or quarantined, or the token is not good",
    409: "Another report has this number, the epoch is ahead, or a section is not known",
    413: "Too long, packed or unpacked",
    415: "Not JSON, or not gzip",
    422: "The document is refused; the message names the field",
    429: "Too often; see Retry-After",
    503: "Cannot be stored now; see Retry-After",
}


def create_app(
    store: Store, keys: Keys, settings: Settings | None = None, accept: Accept | None = None
) -> Litestar:
    """The collector over one store.

    ``accept`` stores a batch of reports durably; the inventory's own where it is None.
    """
    settings = settings or Settings()
    collecting = Collecting(store, keys, settings, accept)
    token = settings.metrics_token

    @asynccontextmanager
    async def living(_: Litestar) -> AsyncIterator[None]:
        with collecting.writer():
            yield
        collecting.close()

    return Litestar(
        [report, enrol, sightings, *([metrics] if token else [])],
        lifespan=[living],
        state=State({"collecting": collecting, "metrics": Metrics(store.folder, token)}),
        openapi_config=openapi.config(),
        exception_handlers={
            Refused: _refused,
            InventoryError: _store_failed,
            HTTPException: _http,
            Exception: _fault,
        },
        debug=False,
        logging_config=None,
        request_max_body_size=None,  # `_arrived` counts, before anything else is done
    )


def _answers(content: type[Any], words: str) -> dict[int, ResponseSpec]:
    refusals = {
        status: ResponseSpec(replies.RefusedAnswer, generate_examples=False, description=why)
        for status, why in _REFUSALS.items()
    }
    return {200: ResponseSpec(content, generate_examples=False, description=words), **refusals}


@post(
    "/api/v1/reports",
    status_code=200,
    summary="Send one signed report",
    responses=_answers(replies.Acknowledgement, "Committed with fsync; signed by the collector"),
)
async def report(request: Asked) -> Response[bytes]:
    """One gzip-packed document, signed over method, target, digest, agent, epoch and sequence."""
    collecting: Collecting = request.app.state.collecting
    return await collecting.report(await _arrived(request, LONGEST_BODY))


@post(
    "/api/v1/sightings",
    status_code=200,
    summary="Send what a sensor saw of its network",
    responses=_answers(replies.Acknowledgement, "Committed with fsync; signed by the collector"),
)
async def sightings(request: Asked) -> Response[bytes]:
    """One gzip-packed scan, signed as a report is; of agents that an officer made sensors."""
    collecting: Collecting = request.app.state.collecting
    return await collecting.sightings(await _arrived(request, LONGEST_BODY))


@post(
    "/api/v1/enrol",
    status_code=200,
    summary="Make an agent's key known",
    responses=_answers(replies.Enrolled, "Enrolled; signed by the collector"),
)
async def enrol(request: Asked) -> Response[bytes]:
    """A token and a public key, signed by that key."""
    collecting: Collecting = request.app.state.collecting
    return await collecting.enrol(await _arrived(request, LONGEST_ENROLMENT))


async def _arrived(request: Asked, limit: int) -> Arrived:
    """The raw request; a body beyond ``limit`` bytes is refused as soon as that is known."""
    too_long = Refused(413, "too_long", f"the body is longer than {limit} bytes")
    announced = request.headers.get("content-length", "0")
    if not announced.isascii() or not announced.isdigit() or int(announced[:19]) > limit:
        raise too_long
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise too_long
    scope = request.scope
    query = scope["query_string"]
    target = scope.get("raw_path", b"") + (b"?" + query if query else b"")
    return Arrived(
        method=scope["method"],
        target=target.decode("latin-1"),
        headers=list(scope["headers"]),
        body=bytes(body),
        peer=request.client.host if request.client else "",
        at=now(),
    )


def _refused(_: Asked, why: Refused) -> Response[bytes]:
    return replies.refusal(why)


def _http(_: Asked, fault: HTTPException) -> Response[bytes]:
    """The framework's own refusals (no such path, no such method) in the same closed form."""
    return replies.refusal(Refused(fault.status_code, "bad_request", fault.detail))


def _store_failed(_: Asked, fault: InventoryError) -> Response[bytes]:
    traceback.print_exception(fault, file=sys.stderr)
    return replies.refusal(unavailable())


def _fault(_: Asked, fault: Exception) -> Response[bytes]:
    """A fault of ours: said in the log, not to the peer."""
    traceback.print_exception(fault, file=sys.stderr)
    return replies.refusal(Refused(500, "fault", "the collector failed; its log tells more"))
