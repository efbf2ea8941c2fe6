"""The door: one flipped byte, one header moved, one rule broken, and nothing is even unpacked."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents import message_signatures as ms
from inventory import agents as known
from server import decompress
from server.settings import Settings
from tests.server.door import Answer, Door, door, enrolled, identity, report, state_of

PC = identity("pc-1")
SIGNED = {*ms.REPORT.fields, "signature-input", "signature"}


class Spy:
    """Counts what is unpacked."""

    def __init__(self) -> None:
        self.calls = 0
        self._real = decompress.decompress

    def __call__(self, body: bytes) -> bytes:
        self.calls += 1
        return self._real(body)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Door]:
    with door(tmp_path / "data") as one:
        enrolled(one.store, PC)
        yield one


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    one = Spy()
    monkeypatch.setattr(decompress, "decompress", one)
    return one


def test_what_is_rightly_signed_is_stored_and_acknowledged(office: Door, spy: Spy) -> None:
    """The control of this file: the spy sees this one."""
    pairs, body = report(PC)
    answer = office.ask(pairs, body)
    assert (answer.status, spy.calls) == (200, 1)
    acknowledged = answer.content["acknowledged"]
    assert acknowledged["digest"] == ms.content_digest(body)
    assert (acknowledged["agent"], acknowledged["epoch"], acknowledged["sequence"]) == (
        PC.agent,
        1,
        1,
    )
    seed = (office.folder / "ack.key").read_bytes()
    values = {**answer.headers, "@status": "200"}
    ms.verify(ms.ACKNOWLEDGEMENT, values, answer.headers, ms.public_key_of(seed))
    ms.check_digest(answer.headers["content-digest"], answer.body)
    assert len(state_of(office.store)["reports"]) == 1


@pytest.mark.slow
def test_any_single_byte_of_the_body_counts(office: Door, spy: Spy) -> None:
    pairs, body = report(PC)
    before = state_of(office.store)
    flips = 0
    for at in range(len(body)):
        for bit in range(8):
            flipped = body[:at] + bytes([body[at] ^ (1 << bit)]) + body[at + 1 :]
            answer = office.ask(pairs, flipped)
            assert (answer.status, answer.code) == (401, "bad_signature"), (at, bit)
            flips += 1
    assert flips == 8 * len(body) >= 8 * 100
    assert spy.calls == 0
    assert state_of(office.store) == before
    assert office.ask(pairs, body).status == 200
    assert spy.calls == 1


@pytest.mark.slow
def test_any_single_byte_of_a_signed_header_counts(office: Door, spy: Spy) -> None:
    pairs, body = report(PC)
    before = state_of(office.store)
    flips = 0
    for index, (name, value) in enumerate(pairs):
        if name.decode() not in SIGNED:
            continue
        for at in range(len(value)):
            for bit in range(8):
                flipped = value[:at] + bytes([value[at] ^ (1 << bit)]) + value[at + 1 :]
                changed = [*pairs[:index], (name, flipped), *pairs[index + 1 :]]
                answer = office.ask(changed, body)
                assert answer.status in (400, 401, 415), (name, at, bit)
                flips += 1
    assert flips >= 8 * 400
    assert spy.calls == 0
    assert state_of(office.store) == before
    assert office.ask(pairs, body).status == 200


def test_any_single_byte_of_a_header_name_counts(office: Door, spy: Spy) -> None:
    """But for its case, which HTTP says means nothing."""
    pairs, body = report(PC)
    flips = 0
    for index, (name, value) in enumerate(pairs):
        if name.decode() not in SIGNED:
            continue
        for at in range(len(name)):
            for bit in (0, 1, 2, 3, 4, 6, 7):
                flipped = name[:at] + bytes([name[at] ^ (1 << bit)]) + name[at + 1 :]
                changed = [*pairs[:index], (flipped, value), *pairs[index + 1 :]]
                assert office.ask(changed, body).status in (400, 401, 415)
                flips += 1
    assert flips >= 7 * 100
    assert spy.calls == 0


def test_any_single_byte_of_the_target_counts(office: Door, spy: Spy) -> None:
    pairs, body = report(PC)
    target = b"/api/v1/reports"
    for at in range(len(target)):
        for bit in range(8):
            flipped = target[:at] + bytes([target[at] ^ (1 << bit)]) + target[at + 1 :]
            assert office.ask(pairs, body, flipped).status in (400, 401, 404, 405)
    assert office.ask(pairs, body, "/api/v1/reports?x=1").status == 401
    assert office.ask(pairs, body, "/api/v1/reports", "PUT").status == 405
    assert spy.calls == 0


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_a_header_left_out_or_given_twice_is_refused(office: Door, spy: Spy, name: str) -> None:
    pairs, body = report(PC)
    wire = name.encode()
    left_out = [pair for pair in pairs if pair[0] != wire]
    assert len(left_out) == len(pairs) - 1
    assert office.ask(left_out, body).status in (401, 415)
    again = next(pair for pair in pairs if pair[0] == wire)
    for twice in ([*pairs, again], [again, *pairs], [*pairs, (wire.upper(), again[1])]):
        answer = office.ask(twice, body)
        assert (answer.status, answer.message) == (400, f"the header {name} is given twice")
    assert spy.calls == 0


def resigned(profile: ms.Profile, **changes: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """A report whose own key signed something else than the profile demands."""
    pairs, body = report(PC)
    headers = {name.decode(): value.decode() for name, value in pairs} | {"user-agent": "x"}
    headers |= changes
    values = {**headers, "@method": "POST", "@request-target": "/api/v1/reports"}
    headers |= ms.sign(profile, values, PC.seed, 1)
    return [(name.encode(), value.encode()) for name, value in headers.items()], body


def test_components_left_out_moved_or_added_are_refused(office: Door, spy: Spy) -> None:
    names = ms.REPORT.components
    assert office.ask(*resigned(ms.REPORT)).status == 200, "the control"
    calls = spy.calls
    for at in range(len(names)):
        for other in (
            (*names[:at], *names[at + 1 :]),
            (*names[at + 1 :], *names[: at + 1]) if at + 1 < len(names) else names[:1],
            (*names[:at], "user-agent", *names[at:]),
            (*names[: at + 1], names[at], *names[at + 1 :]),
        ):
            answer = office.ask(*resigned(ms.Profile(ms.REPORT.tag, *other)))
            assert (answer.status, answer.code) == (401, "bad_signature")
    assert office.ask(*resigned(ms.Profile("rasoat-enrol", *names))).status == 401
    assert spy.calls == calls


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'alg="ed25519"', b'alg="hmac-sha256"'),
        (b'alg="ed25519"', b'alg="rsa-v1_5-sha256"'),
        (b';alg="ed25519"', b""),
        (b'keyid="', b'keyid="a'),
        (b"rasoat=(", b"sig1=("),
        (b';tag="rasoat-report"', b';tag="rasoat-report";nonce="1"'),
    ],
)
def test_another_algorithm_key_or_label_is_refused(
    office: Door, spy: Spy, old: bytes, new: bytes
) -> None:
    pairs, body = report(PC)
    changed = [(name, value.replace(old, new)) for name, value in pairs]
    assert changed != list(pairs)
    assert office.ask(changed, body).code == "bad_signature"
    assert spy.calls == 0


def test_another_agents_key_is_refused(office: Door, spy: Spy) -> None:
    other = identity("pc-2")
    enrolled(office.store, other, name="pc-2")
    pairs, body = report(PC)
    posing = [
        (name, other.agent.encode() if name == b"rasoat-agent" else value) for name, value in pairs
    ]
    assert office.ask(posing, body).code == "bad_signature"
    theirs, body = report(other)
    posing = [
        (name, PC.agent.encode() if name == b"rasoat-agent" else value) for name, value in theirs
    ]
    assert office.ask(posing, body).code == "bad_signature"
    assert spy.calls == 0


def test_nobody_we_know_is_refused_before_any_signature_is_checked(
    office: Door, spy: Spy, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server import admission

    def never(*_: object) -> None:
        raise AssertionError("a signature was checked")

    monkeypatch.setattr(admission, "verify", never)
    answer = office.report(identity("stranger"))
    assert (answer.status, answer.code, spy.calls) == (401, "unknown_agent", 0)


def test_a_pending_agent_waits_and_only_its_key_learns_so(office: Door, spy: Spy) -> None:
    pending = identity("pending")
    enrolled(office.store, pending, approve=False, name="pending")
    before = state_of(office.store)
    answer = office.report(pending)
    assert (answer.status, answer.code) == (403, "pending")
    pairs, body = report(pending)
    assert office.ask(pairs, body + b"x").code == "bad_signature"
    assert state_of(office.store) == before
    known.approve(office.store, pending.agent, by="an officer")
    assert office.report(pending).status == 200


def test_a_revoked_agent_is_refused_at_once(office: Door, spy: Spy) -> None:
    assert office.report(PC).status == 200
    known.revoke(office.store, PC.agent, by="an officer", why="sold")
    before, calls = state_of(office.store), spy.calls
    answer = office.report(PC, sequence=2)
    assert (answer.status, answer.code, spy.calls) == (403, "revoked", calls)
    assert state_of(office.store) == before


def test_the_same_report_again_is_acknowledged_again_and_stored_once(office: Door) -> None:
    pairs, body = report(PC)
    first = office.ask(pairs, body)
    before = state_of(office.store)
    for _ in range(5):
        again = office.ask(pairs, body)
        assert again.status == 200
        for name in ("agent", "epoch", "sequence", "digest"):
            assert again.content["acknowledged"][name] == first.content["acknowledged"][name]
    assert state_of(office.store) == before
    assert len(before["reports"]) == 1


def test_two_machines_with_one_key_are_quarantined_and_nothing_is_overwritten(
    office: Door,
) -> None:
    theirs = {"facts": {"os": {"family": "windows"}}}
    document = json.loads(json.dumps({**_small(), **theirs}))
    assert office.report(PC).status == 200
    view = state_of(office.store)["views"]
    evidence = state_of(office.store)["reports"]
    office.peer = "192.0.2.99"
    answer = office.report(PC, document)
    assert (answer.status, answer.code) == (409, "conflict")
    agent = known.get(office.store, PC.agent)
    assert agent is not None
    assert agent.status == "quarantined"
    assert agent.alert is not None
    assert "192.0.2.10" in agent.alert
    assert "192.0.2.99" in agent.alert
    for sequence in (2, 3):
        assert office.report(PC, sequence=sequence).code == "quarantined"
    after = state_of(office.store)
    assert (after["views"], after["reports"]) == (view, evidence)
    assert len(after["quarantined_reports"]) == 3
    assert office.report(PC).status == 200, "what was acknowledged stays acknowledged"


def _small() -> dict[str, object]:
    from tests.server.door import SMALL

    return dict(SMALL)


def test_an_epoch_ahead_is_refused_and_an_older_one_is_evidence_only(office: Door) -> None:
    answer = office.report(PC, epoch=2)
    assert (answer.status, answer.code) == (409, "epoch_ahead")
    assert office.report(PC, sequence=5).status == 200
    view = state_of(office.store)["views"]
    assert office.report(PC, sequence=3).status == 200
    assert len(state_of(office.store)["reports"]) == 2
    assert state_of(office.store)["views"] == view


def test_a_clock_that_is_off_is_recorded_and_changes_nothing(office: Door) -> None:
    pairs, body = report(PC)
    assert office.ask([*pairs, (b"date", b"Mon, 01 Jan 2001 00:00:00 GMT")], body).status == 200
    (view,) = office.store.reader().execute("SELECT view FROM views").fetchone()
    assert json.loads(view)["facts"]["agent"]["clock_skew"] < -(20 * 365 * 86400)
    for sequence, date in enumerate((b"x", b"", b"Mon, 99 Jan 2001", b"\xff"), 2):
        pairs, body = report(PC, sequence=sequence)
        assert office.ask([*pairs, (b"date", date)], body).status == 200


def test_too_often_is_refused_and_says_when_to_come_back(tmp_path: Path, spy: Spy) -> None:
    with door(tmp_path / "data", Settings(burst=3, per_second=0.05)) as one:
        enrolled(one.store, PC)
        answers = [one.report(PC, sequence=n) for n in range(1, 6)]
        assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
        assert int(answers[3].headers["retry-after"]) in range(18, 21)
        assert spy.calls == 3
        pairs, body = report(PC, sequence=9)
        forwarded = [*pairs, (b"x-forwarded-for", b"198.51.100.1")]
        assert one.ask(forwarded, body).status == 429, "no header buys a new bucket"
        one.peer = "192.0.2.11"
        assert one.report(PC, sequence=6).status == 200


def test_what_is_stored_can_be_checked_again_by_anyone(office: Door) -> None:
    from server.evidence import check_signature

    assert office.report(PC).status == 200
    signed, body = office.store.reader().execute("SELECT signed, body FROM reports").fetchone()
    assert check_signature(PC.public_key, signed, body) is None
    assert check_signature(identity("pc-2").public_key, signed, body) is not None
    checks = 0
    for raw, other in ((signed, False), (body, True)):
        for at in range(len(raw)):
            flipped = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            parts = (signed, flipped) if other else (flipped, body)
            assert check_signature(PC.public_key, *parts) is not None
            checks += 1
    assert checks > 600


def test_a_header_that_no_integer_column_holds_is_refused(office: Door) -> None:
    for number in ("0", "-1", "01", "1.0", "9" * 19, "1e3", " 1", "٣", str(2**70)):
        pairs, body = report(PC)
        changed = [
            (name, number.encode() if name == b"rasoat-sequence" else value)
            for name, value in pairs
        ]
        assert office.ask(changed, body).status == 400
    assert office.report(PC, sequence=10**18 - 1).status == 200


def test_spare_bits_of_the_digest_and_signature_are_not_a_second_form(office: Door) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    pairs, body = report(PC)
    headers = {name.decode(): value.decode() for name, value in pairs}
    for name, back in (("content-digest", 3), ("signature", 4)):
        text = headers[name]
        twin = alphabet[alphabet.index(text[-back]) ^ 1]
        changed = text[:-back] + twin + text[1 - back :]
        decoded = [base64.b64decode(one.partition(":")[2][:-1]) for one in (text, changed)]
        assert decoded[0] == decoded[1], "the control: one value, two texts"
        answer: Answer = office.ask(
            [(k.encode(), v.encode()) for k, v in {**headers, name: changed}.items()], body
        )
        assert answer.code == "bad_signature"
    assert hashlib.sha256(body).digest() == base64.b64decode(headers["content-digest"][9:-1])
