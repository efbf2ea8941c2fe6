"""What sensors saw, at the door: the limits of reports, and an officer's leave besides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.message_signatures import REPORT, content_digest, sign
from inventory import agents as known
from inventory.store import Store
from inventory.verify import verify
from server.evidence import check_signature
from tests.server.door import CREATED, Answer, Door, door, enrolled, identity, report, state_of
from tests.server.scans import PATH, SCAN, scan, sightings

SENSOR, OTHER = identity("sensor"), identity("other")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path / "data") as one:
        for who in (SENSOR, OTHER):
            enrolled(one.store, who, name="pc")
        known.allow_sensor(one.store, SENSOR.agent, allowed=True, by="a test")
        yield one


def sent(office: Door, document: Any = None, who: Any = SENSOR, **options: Any) -> Answer:
    """One scan, rightly signed."""
    return office.ask(*sightings(who, document, **options), PATH)


def kept(store: Store) -> list[tuple[Any, ...]]:
    """The scans that are kept."""
    found = store.reader().execute("SELECT id, sensor, hosts FROM scans ORDER BY number")
    return list(found.fetchall())


def test_a_sensors_scan_is_kept_and_acknowledged(office: Door) -> None:
    """The control of all refusals below."""
    answer = sent(office)
    assert answer.status == 200
    acknowledged = answer.content["acknowledged"]
    assert acknowledged["digest"] == content_digest(sightings(SENSOR)[1])
    assert kept(office.store) == [("73682b808f96ea1a", SENSOR.agent, 2)]
    checked = verify(office.store, check_signature)
    assert (checked.problems, checked.scans) == ([], 1)


def test_the_same_again_is_acknowledged_and_kept_once(office: Door) -> None:
    first = sent(office)
    before = state_of(office.store)
    again = sent(office)
    assert (again.status, again.content["acknowledged"]) == (200, first.content["acknowledged"])
    assert state_of(office.store) == before


def test_another_scan_under_one_number_sets_the_agent_apart(office: Door) -> None:
    assert sent(office).status == 200
    answer = sent(office, scan(id="0" * 16))
    assert (answer.status, answer.code) == (409, "conflict")
    assert len(kept(office.store)) == 1
    agent = known.get(office.store, SENSOR.agent)
    assert agent is not None
    assert agent.status == "quarantined"
    assert "two machines may share" in (agent.alert or "")
    assert sent(office, scan(id="1" * 16), number=(1, 2)).status == 403


def test_one_scan_is_not_taken_from_two(office: Door) -> None:
    """A scan's id is its own: another sensor that sends it again, changed, is no second witness."""
    known.allow_sensor(office.store, OTHER.agent, allowed=True, by="a test")
    assert sent(office).status == 200
    answer = sent(office, scan(hosts=3), who=OTHER)
    assert (answer.status, answer.code) == (409, "conflict")
    assert len(kept(office.store)) == 1


def test_who_is_no_sensor_is_told_what_to_do(office: Door) -> None:
    before = state_of(office.store)
    answer = sent(office, who=OTHER)
    assert (answer.status, answer.code) == (403, "not_a_sensor")
    assert "rasoat agent sensor" in answer.message
    assert state_of(office.store) == before
    known.revoke(office.store, SENSOR.agent, by="a test", why="a test")
    assert (sent(office).status, sent(office).code) == (403, "revoked")
    assert kept(office.store) == []


def test_a_reports_signature_is_no_scans(office: Door) -> None:
    """Each kind of message has a tag of its own: none can be passed off as another."""
    pairs, body = report(SENSOR)
    assert office.ask(pairs, body, PATH).status == 401
    pairs, body = sightings(SENSOR)
    values = {name.decode(): value.decode() for name, value in pairs}
    asked = {"@method": "POST", "@request-target": PATH, **values}
    forged = {**values, **sign(REPORT, asked, SENSOR.seed, CREATED)}
    pairs = [(name.encode(), value.encode()) for name, value in forged.items()]
    answer = office.ask(pairs, body, PATH)
    assert (answer.status, answer.code) == (401, "bad_signature")
    assert kept(office.store) == []


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a field that there is not": ({**SCAN, "extra": 1}, "extra"),
    "a kind that there is not": (
        {**SCAN, "sightings": [{"ip": "10.66.0.1", "kind": "toaster"}]},
        "kind",
    ),
    "no address": ({**SCAN, "sightings": [{"ip": "10.66.0.256"}]}, "10.66.0.256"),
    "an address twice": (
        {**SCAN, "sightings": [{"ip": "10.66.0.1"}, {"ip": "10.66.0.1"}]},
        "twice",
    ),
    "a port beyond all": (
        {
            **SCAN,
            "sightings": [
                {"ip": "10.66.0.1", "ports": [{"protocol": "tcp", "port": 65536, "state": "open"}]}
            ],
        },
        "port",
    ),
    "a text without end": (
        {**SCAN, "sightings": [{"ip": "10.66.0.1", "vendor": "x" * 300}]},
        "vendor",
    ),
    "a share beyond one": (scan(loss=1.5), "loss"),
    "a time that is none": (scan(started="yesterday"), "started"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_named(office: Door, name: str) -> None:
    document, told = BAD[name]
    before = state_of(office.store)
    answer = sent(office, document)
    assert (answer.status, answer.code) == (422, "document_refused")
    assert told in answer.message
    assert state_of(office.store) == before


@pytest.mark.parametrize("raw", [b"[" * 1500, b"{}", b"\xff\xfe", b"null", b'{"scan":' * 200])
def test_no_bytes_do_harm(office: Door, raw: bytes) -> None:
    answer = sent(office, raw=raw)
    assert (answer.status, answer.code) == (422, "document_refused")
    assert kept(office.store) == []


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_any_repetition_of_messages_leaves_each_once(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    """Idempotence: what was sent again and again, in any order, is as if it was sent once."""
    with door(tmp_path_factory.mktemp("law") / "data") as one:
        enrolled(one.store, SENSOR)
        known.allow_sensor(one.store, SENSOR.agent, allowed=True, by="a test")
        for turn in order:
            document = scan(id=f"{turn:016x}")
            assert sent(one, document, number=(1, turn + 1)).status == 200
        assert sorted(row[0] for row in kept(one.store)) == sorted(
            {f"{turn:016x}" for turn in order}
        )
        assert verify(one.store, check_signature).clean
