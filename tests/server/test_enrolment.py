"""Enrolling at the door: the token decides, the key proves itself, a refusal changes nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents import message_signatures as ms
from agents.identity import Identity
from inventory import agents as known
from inventory import tokens
from tests.server.door import Answer, Door, door, identity, state_of

PC = identity("pc-1")
TARGET = "/api/v1/enrol"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path / "data") as one:
        yield one


def token(office: Door, *, approve: bool = True, uses: int = 1, hours: float = 1) -> str:
    now = datetime.now(UTC)
    return tokens.create(
        office.store,
        approve=approve,
        expires_at=now + timedelta(hours=hours),
        max_uses=uses,
        unit=None,
        by="an officer",
        now=now - timedelta(days=1) if hours <= 0 else now,
    )


def wish(who: Identity, text: str, **changes: Any) -> bytes:
    public_key = base64.b64encode(who.public_key).decode()
    plain = {"token": text, "public_key": public_key, "name": "pc-1", "platform": "linux"}
    return json.dumps({**plain, **changes}).encode()


def asked(office: Door, who: Identity, body: bytes, **changes: str) -> Answer:
    headers = {"content-digest": ms.content_digest(body), "content-type": "application/json"}
    values = {**headers, "@method": "POST", "@request-target": TARGET}
    headers |= ms.sign(ms.ENROL, values, who.seed, 1)
    headers |= changes
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return office.ask(pairs, body, TARGET)


def test_a_good_token_makes_an_approved_agent(office: Door) -> None:
    answer = asked(office, PC, wish(PC, token(office)))
    assert (answer.status, answer.content) == (
        200,
        {"agent": PC.agent, "epoch": 1, "status": "approved", "interval": 14400},
    )
    values = {**answer.headers, "@status": "200"}
    seed = (office.folder / "ack.key").read_bytes()
    ms.verify(ms.ACKNOWLEDGEMENT, values, answer.headers, ms.public_key_of(seed))
    agent = known.get(office.store, PC.agent)
    assert agent is not None
    assert (agent.public_key, agent.name, agent.status) == (PC.public_key, "pc-1", "approved")


def test_a_token_may_ask_for_approval_first(office: Door) -> None:
    answer = asked(office, PC, wish(PC, token(office, approve=False)))
    assert answer.content["status"] == "pending"
    assert office.report(PC).code == "pending"


def test_the_same_key_again_begins_a_new_epoch(office: Door) -> None:
    text = token(office, uses=3)
    epochs = [asked(office, PC, wish(PC, text)).content["epoch"] for _ in range(3)]
    assert epochs == [1, 2, 3]
    assert len(known.all_agents(office.store)) == 1


@pytest.mark.parametrize("case", ["unknown", "expired", "used up"])
def test_a_token_that_is_not_good_changes_nothing(office: Door, case: str) -> None:
    if case == "unknown":
        text, says = "never-made", "not known"
    elif case == "expired":
        text, says = token(office, hours=-1), "expired at"
    else:
        text, says = token(office), "used 1 times already"
        assert asked(office, identity("first"), wish(identity("first"), text)).status == 200
    before = state_of(office.store)
    answer = asked(office, PC, wish(PC, text))
    assert (answer.status, answer.code) == (403, "token_refused")
    assert says in answer.message
    assert text not in answer.message
    assert state_of(office.store) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 254},
        {"name": 1},
        {"platform": "beos"},
        {"extra": 1},
        {"token": ""},
        {"token": "x" * 300},
        {"token": None},
        {"public_key": "AAAA"},
        {"public_key": "%" * 44},
        {"public_key": None},
        {"name": {"a": [[[[1]]]]}},
    ],
)
def test_a_wish_that_is_not_understood_changes_nothing(
    office: Door, changes: dict[str, Any]
) -> None:
    body = wish(PC, token(office), **changes)
    before = state_of(office.store)
    answer = asked(office, PC, body)
    assert (answer.status, answer.code) == (422, "document_refused"), answer.body
    assert state_of(office.store) == before


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"NaN", b"[" * 16_000, b'{"a":' * 3000, b'{"token": "\\ud800"}', b"\xff" * 40],
)
def test_a_body_that_is_no_wish_is_refused(office: Door, body: bytes) -> None:
    answer = asked(office, PC, body)
    assert (answer.status, answer.code) == (422, "document_refused")


def test_a_wish_beyond_16_kib_is_refused(office: Door) -> None:
    answer = asked(office, PC, b" " * (16 << 10) + b"x")
    assert (answer.status, answer.code) == (413, "too_long")


def test_nobody_enrols_a_key_that_is_not_theirs(office: Door) -> None:
    text = token(office)
    before = state_of(office.store)
    thief = identity("thief")
    assert asked(office, thief, wish(PC, text)).code == "bad_signature"
    assert asked(office, PC, wish(PC, text), **{"content-digest": "sha-256=:x:"}).status == 401
    assert state_of(office.store) == before


def test_every_byte_of_an_enrolment_counts(office: Door) -> None:
    text = token(office)
    body = wish(PC, text)
    headers = {"content-digest": ms.content_digest(body), "content-type": "application/json"}
    values = {**headers, "@method": "POST", "@request-target": TARGET}
    headers |= ms.sign(ms.ENROL, values, PC.seed, 1)
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    before = state_of(office.store)
    flips = 0
    for at in range(len(body)):
        flipped = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert office.ask(pairs, flipped, TARGET).status in (401, 422)
        flips += 1
    for index, (name, value) in enumerate(pairs):
        for at in range(len(value)):
            other = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
            changed = [*pairs[:index], (name, other), *pairs[index + 1 :]]
            assert office.ask(changed, body, TARGET).status in (400, 401, 415)
            flips += 1
    assert flips > 400
    assert state_of(office.store) == before
    assert office.ask(pairs, body, TARGET).status == 200


def test_a_reports_signature_does_not_enrol(office: Door) -> None:
    body = wish(PC, token(office))
    headers = {"content-digest": ms.content_digest(body), "content-type": "application/json"}
    values = {**headers, "@method": "POST", "@request-target": TARGET}
    profile = ms.Profile(ms.REPORT.tag, *ms.ENROL.components)
    headers |= ms.sign(profile, values, PC.seed, 1)
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert office.ask(pairs, body, TARGET).code == "bad_signature"
