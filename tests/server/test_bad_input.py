"""Hostile and broken bodies: one clear message, the right status, no change, never a 500."""

from __future__ import annotations

import gzip
import json
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import psutil
import pytest

from server import decompress
from server.settings import LONGEST_BODY, Settings
from tests.server.door import SMALL, Door, door, enrolled, identity, report, state_of

PC = identity("pc-1")
RAW = json.dumps(SMALL).encode()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with door(tmp_path_factory.mktemp("bad") / "data", Settings(burst=10**9)) as one:
        enrolled(one.store, PC)
        yield one


@pytest.fixture(autouse=True)
def nothing_changes(office: Door) -> Iterator[None]:
    """Around every test of this file."""
    before = state_of(office.store)
    yield
    assert state_of(office.store) == before


def inside(text: str) -> bytes:
    """A report that says ``text`` where it names its family."""
    changed = RAW.replace(b'"linux"', text.encode())
    assert changed != RAW
    return changed


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (RAW.replace(b'"family"', b'"famly"'), "did you mean os.family"),
        (RAW[:-1] + b', "extra": 1}', "unknown field extra"),
        (inside("NaN"), "not well-formed JSON"),
        (inside("Infinity"), "not well-formed JSON"),
        (inside('"\\ud800"'), "surrogate"),
        (inside(str(2**70)), "os.family"),
        (inside("null"), "os.family"),
        (inside("1e999"), "os.family"),
        (inside("[" * 10_000 + "]" * 10_000), "deeper than 16"),
        (inside('{"a":' * 10_000 + "1" + "}" * 10_000), "deeper than 16"),
        (b"[" * 100_000, "deeper than 16"),
        (b"", "truncated"),
        (b"null", "expected `object`"),
        (b"[]", "expected `object`"),
        (b'"x"', "expected `object`"),
        (RAW + b"x", "not well-formed JSON"),
        (RAW[:-1], "deeper"),
        (b"\xff" + RAW, "not well-formed JSON"),
        (RAW.replace(b"linux", b"\xff\xfe"), ""),
        (RAW.replace(b'"facts"', b'"facts": {}, "facts"'), "given twice"),
        (RAW.replace(b'"catalogue": 1', b'"catalogue": 999'), "update the server"),
        (RAW.replace(b'"catalogue": 1', b'"catalogue": ' + str(2**70).encode()), "catalogue"),
        (RAW.replace(b'"linux"', b'"' + b"x" * 2000 + b'"'), "os.family"),
        (
            RAW.replace(b'"unknown": {}', b'"unknown": {"nothing.of.ours": {"reason": "failed"}}'),
            "names no fact",
        ),
        (RAW.replace(b'"unknown": {}', b'"unknown": {"os": {"reason": "tired"}}'), "reason"),
        (RAW.replace(b"2026-11-23T08:00:00Z", b"yesterday"), "collected_at"),
    ],
)
def test_a_document_that_is_refused_names_its_field(office: Door, raw: bytes, says: str) -> None:
    # Packed so that no other limit hides this one: junk outside the JSON would be refused too.
    answer = office.ask(*report(PC, body=stored(raw)))
    assert (answer.status, answer.code) == (422, "document_refused"), answer.body
    assert says in answer.message
    assert "\n" not in answer.message
    assert len(answer.message) < 400


def stored(raw: bytes) -> bytes:
    """gzip that does not pack at all, so that its ratio is 1."""
    maker = zlib.compressobj(0, zlib.DEFLATED, 31)
    return maker.compress(raw) + maker.flush()


def test_2_to_the_70_in_an_integer_is_refused_and_named(office: Door) -> None:
    raw = RAW.replace(b'"os"', b'"volumes": [{"size": %d}], "os"' % 2**70)
    answer = office.ask(*report(PC, raw=raw))
    assert (answer.status, answer.code) == (422, "document_refused")
    assert "volumes[0].size" in answer.message or "volumes[...].size" in answer.message


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (gzip.compress(RAW)[:-5], 422, "cut short"),
        (gzip.compress(RAW) + b"x", 422, "something follows"),
        (gzip.compress(RAW) + gzip.compress(RAW), 422, "something follows"),
        (RAW, 422, "not sound gzip"),
        (zlib.compress(RAW), 422, "not sound gzip"),
        (b"", 422, "cut short"),
        (gzip.compress(bytes(1 << 20)), 413, "100 times"),
    ],
)
def test_a_body_that_does_not_unpack_is_refused(
    office: Door, body: bytes, status: int, says: str
) -> None:
    answer = office.ask(*report(PC, body=body))
    assert (answer.status, says in answer.message) == (status, True), answer.body


@pytest.mark.slow
def test_a_gibibyte_of_zeros_costs_little_memory(office: Door) -> None:
    maker = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(maker.compress(bytes(1 << 20)) for _ in range(1024)) + maker.flush()
    assert len(bomb) > 1_000_000
    pairs, body = report(PC, body=bomb)
    process, peak, done = psutil.Process(), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.001):
            peak = max(peak, process.memory_info().rss)

    before = process.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(5):
        answer = office.ask(pairs, body)
        assert (answer.status, answer.code) == (413, "too_long")
    done.set()
    watcher.join()
    assert peak > 0
    assert peak - before < 150 << 20


def test_a_body_beyond_2_mib_is_refused_by_its_announced_length(office: Door) -> None:
    pairs, body = report(PC, body=b"x" * (LONGEST_BODY + 1))
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        read += 1
        yield body

    answer = office.ask(pairs, pieces())
    assert (answer.status, answer.code, read) == (413, "too_long", 0)
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("announced", [b"-1", b"x", b"1e3", b"9" * 30, "٣".encode()])
def test_a_length_that_is_none_is_refused(office: Door, announced: bytes) -> None:
    pairs, body = report(PC)
    changed = [pair for pair in pairs if pair[0] != b"content-length"]
    answer = office.ask([*changed, (b"content-length", announced)], body)
    assert answer.status == 413


def test_a_chunked_body_beyond_2_mib_is_refused_before_it_ends(
    office: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: bytes) -> bytes:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(decompress, "decompress", never)
    pairs, _ = report(PC)
    pairs = [pair for pair in pairs if pair[0] != b"content-length"]
    given = 0

    def endless() -> Iterator[bytes]:
        nonlocal given
        while True:
            given += 1 << 16
            yield bytes(1 << 16)

    answer = office.ask(pairs, endless())
    assert (answer.status, answer.code) == (413, "too_long")
    assert LONGEST_BODY < given <= LONGEST_BODY + (2 << 16)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-type", "text/plain"),
        ("content-type", "application/json; charset=utf-8"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-encoding", "br"),
        ("content-encoding", "identity"),
        ("content-encoding", "gzip, gzip"),
    ],
)
def test_another_kind_of_content_is_415(office: Door, name: str, value: str) -> None:
    pairs, body = report(PC)
    changed = [(key, value.encode() if key == name.encode() else was) for key, was in pairs]
    answer = office.ask(changed, body)
    assert (answer.status, answer.code) == (415, "wrong_kind")
    assert name in answer.message


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [
        ("/", "GET", 404),
        ("/api/v1/report", "POST", 404),
        ("/api/v1/reports", "GET", 405),
        ("/api/v1/reports/../enrol", "POST", 404),
        ("/api/v1/reports%00", "POST", 404),
        (b"/\xff\xfe", "POST", 404),
    ],
)
def test_other_paths_and_methods_answer_in_the_same_closed_form(
    office: Door, target: str | bytes, method: str, status: int
) -> None:
    answer = office.ask(*report(PC), target, method)
    assert answer.status == status
    assert set(answer.content) == {"refused"}
    assert set(answer.content["refused"]) == {"code", "message"}


def test_the_order_of_the_limits(office: Door) -> None:
    """Several things wrong at once: the cheapest limit speaks (DESIGN §5)."""
    stranger = identity("stranger")
    long = report(stranger, body=b"x" * (LONGEST_BODY + 1))
    assert office.ask(*long).status == 413
    assert office.ask(*report(stranger, raw=b"NaN")).code == "unknown_agent"
    pairs, _ = report(PC, raw=b"NaN")
    assert office.ask(pairs, b"not the signed body").code == "bad_signature"
    assert office.ask(*report(PC, body=b"no gzip")).code == "not_gzip"


def test_a_store_that_cannot_write_is_503_and_the_agent_keeps_its_report(tmp_path: Path) -> None:
    def full(_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    with door(tmp_path / "data", accept=full) as one:
        enrolled(one.store, PC)
        before = state_of(one.store)
        answer = one.report(PC)
        assert (answer.status, answer.code) == (503, "cannot_store")
        assert answer.headers["retry-after"] == "30"
        assert "No space" not in answer.message
        assert state_of(one.store) == before


def test_the_control_a_good_report_does_change_the_state(tmp_path: Path) -> None:
    with door(tmp_path / "data") as one:
        enrolled(one.store, PC)
        before: Any = state_of(one.store)
        assert one.report(PC).status == 200
        after = state_of(one.store)
        assert after != before
        assert (len(before["reports"]), len(after["reports"])) == (0, 1)
