"""A sensor's scans: signed, on disk before anything is sent, kept until the collector has them."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from agents import sightings
from agents.identity import load
from agents.message_signatures import SIGHTINGS, verify
from agents.problems import AgentProblem, BadInput
from agents.spool import Spool
from tests.agents.fake_collector import Fake, Said, acknowledged

NO_PAUSE: Any = None  # no second try


def scan(number: int) -> bytes:
    """A document; to the agent it is bytes."""
    return json.dumps({"scan": number}).encode()


def waiting(folder: str) -> list[tuple[int, int]]:
    """The numbers of the scans that wait."""
    return Spool(folder, sightings.FOLDER).waiting()


def test_what_is_kept_is_sent_signed_and_then_forgotten(folder: str, fake: Fake) -> None:
    assert sightings.keep(folder, scan(1)) == 0
    assert len(waiting(folder)) == 1
    sent = sightings.deliver(folder, NO_PAUSE)
    assert sent.sentence() == "sent 1 scans; waiting 0"
    assert waiting(folder) == []
    ((headers, body),) = fake.seen
    assert gzip.decompress(body) == scan(1)
    values = {"@method": "POST", "@request-target": "/api/v1/sightings", **headers}
    sensor = load(folder)
    assert sensor is not None
    verify(SIGHTINGS, values, headers, sensor.public_key)


def test_offline_they_wait_in_their_order(folder: str, fake: Fake) -> None:
    fake.answer = lambda *_: None
    for number in (1, 2, 3):
        sightings.keep(folder, scan(number))
    sent = sightings.deliver(folder, NO_PAUSE)
    assert (sent.sent, sent.waiting) == (0, 3)
    assert sent.problem
    fake.answer = lambda headers, _: acknowledged(headers)
    fake.seen.clear()
    assert sightings.deliver(folder, NO_PAUSE).sent == 3
    assert [json.loads(gzip.decompress(body))["scan"] for _, body in fake.seen] == [1, 2, 3]


def test_beyond_the_bound_the_oldest_are_given_up_and_told(folder: str) -> None:
    given_up = [sightings.keep(folder, scan(n)) for n in range(sightings.MOST_WAITING + 3)]
    assert given_up == [0] * sightings.MOST_WAITING + [1, 1, 1]
    kept = waiting(folder)
    assert len(kept) == sightings.MOST_WAITING
    assert kept == sorted(kept)


def test_a_file_that_the_disk_changed_is_dropped_and_counted(folder: str, fake: Fake) -> None:
    for number in (1, 2):
        sightings.keep(folder, scan(number))
    path = min(Path(folder, sightings.FOLDER).iterdir())
    path.write_bytes(path.read_bytes()[:-3])
    sent = sightings.deliver(folder, NO_PAUSE)
    assert (sent.sent, sent.waiting, sent.dropped) == (1, 0, 1)
    assert "1 given up" in sent.sentence()


@pytest.mark.parametrize("status", [403, 409, 503])
def test_what_is_refused_waits_and_says_why(folder: str, fake: Fake, status: int) -> None:
    why = {"refused": {"code": "not_a_sensor", "message": "no sensor"}}
    fake.answer = lambda *_: Said(status, why)
    sightings.keep(folder, scan(1))
    sent = sightings.deliver(folder, NO_PAUSE)
    assert (sent.sent, sent.waiting) == (0, 1)
    assert "no sensor [not_a_sensor]" in sent.problem


def test_an_acknowledgement_of_something_else_is_none(folder: str, fake: Fake) -> None:
    fake.answer = lambda headers, _: acknowledged(headers, digest="sha-256=:AAAA:")
    sightings.keep(folder, scan(1))
    sent = sightings.deliver(folder, NO_PAUSE)
    assert (sent.sent, sent.waiting) == (0, 1)


def test_without_an_enrolment_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        sightings.keep(str(tmp_path), scan(1))


def test_a_scan_that_is_too_large_is_refused(folder: str) -> None:
    with pytest.raises(AgentProblem, match="scan in smaller parts"):
        sightings.keep(folder, os.urandom(3 << 20))
    assert waiting(folder) == []
