"""Reports on a stick: the checks of the door, replay, tampering at every byte, and the way back."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agents import acknowledge, carried, identity, run, state
from agents.cli import main
from agents.delivery import Outcome
from agents.message_signatures import public_key_of
from agents.problems import AgentProblem, BadInput
from agents.spool import DAY, Spool
from agents.state import Enrolment, State
from inventory import agents as known
from inventory import devices
from inventory.store import Store
from inventory.verify import verify
from rasoat import cli
from server import certificates, decompress, keys
from server.by_hand import PEER, Importer
from server.evidence import check_signature
from tests.server.door import enrolled, state_of
from tests.server.line import BEGIN, Clock, software

NOWHERE = "https://127.0.0.1:9"


class Pc:
    """A machine without a line."""

    def __init__(self, folder: Path, data: Path, store: Store, *, approve: bool = True) -> None:
        folder.mkdir(mode=0o700)
        self.folder, self.clock = str(folder), Clock()
        self.identity = identity.load_or_create(self.folder)
        enrolled(store, self.identity, approve=approve, name=folder.name)
        server_key = public_key_of(keys.prepare(data).seed)
        ca = (data / certificates.CA_FILE).read_text("ascii")
        state.new_state(self.folder, server_key, 1).save()
        state.save_enrolment(self.folder, Enrolment(NOWHERE, ca, server_key))

    def writes(self, target: Path, effective: str = "on", **options: Any) -> Path:
        """One run to a file; gives the file."""
        outcome = self.ran(effective, to_file=str(target), **options)
        assert outcome.done
        return Path(outcome.written)

    def ran(self, effective: str = "on", **options: Any) -> Outcome:
        document = {
            "catalogue": 1,
            "agent": {"version": "0.1.0"},
            "collected_at": self.clock.moment().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "facts": {
                "os": {"family": "linux"},
                "firewall": {"effective": effective},
                "software": software(30),
            },
            "unknown": {},
        }
        return run.run(self.folder, collected=lambda: document, clock=self.clock, **options)

    @property
    def state(self) -> State:
        kept = state.load_state(self.folder)
        assert kept is not None
        return kept

    def waiting(self) -> list[int]:
        return [sequence for _, sequence in Spool(self.folder).waiting()]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with its keys."""
    folder = tmp_path / "data"
    Store.create(folder).close()
    keys.prepare(folder)
    return folder


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with closing(Store.open(data)) as opened:
        yield opened


@pytest.fixture
def pc(tmp_path: Path, data: Path, store: Store) -> Pc:
    return Pc(tmp_path / "pc-1", data, store)


@pytest.fixture
def importer(store: Store, data: Path) -> Importer:
    return Importer(store, keys.prepare(data))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def stored(store: Store) -> list[int]:
    rows = store.reader().execute("SELECT sequence FROM reports ORDER BY id")
    return [row[0] for row in rows]


def imported(data: Path, *words: str) -> int:
    return cli.run(["--data", str(data), "agent", "import", *words])


def test_there_and_back_again(
    pc: Pc, data: Path, store: Store, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through the commands alone: reports out, in, answers back, and the next report is small."""
    pc.writes(stick, "on")
    pc.clock.days(1)
    first = pc.writes(stick, "off")
    assert first.name == f"rasoat-{pc.identity.agent}-1-1-to-1-2.reports"
    assert pc.waiting() == [1, 2], "it lets go of nothing yet"
    first_run, *_ = sorted(stick.iterdir())
    answers = stick / "office.answers"
    assert imported(data, str(stick), "--acks", str(answers)) == 0
    said = capsys.readouterr().out
    assert "1 stored, 0 here already, 0 refused" in said
    assert "1 stored, 1 here already, 0 refused" in said
    assert stored(store) == [1, 2]
    assert main(["acknowledge", str(answers), "--state", pc.folder]) == 0
    assert capsys.readouterr().out == "2 reports acknowledged; 1 settled before\n"
    assert pc.waiting() == []
    before = first_run.stat().st_size
    second = pc.writes(stick, "on")
    assert second.stat().st_size < before, "only what changed is carried"
    assert imported(data, str(second)) == 0
    (one,) = devices.views(store)
    facts = json.loads(one.view or b"")["facts"]
    assert facts["firewall"] == {"effective": "on"}
    assert facts["software"] == software(30)
    assert verify(store, check_signature).problems == []
    log = store.reader().execute("SELECT detail FROM audit WHERE action = 'reports imported'")
    assert [json.loads(row[0])["file"] for row in log][-1] == second.name


def test_nothing_is_sent_and_nothing_is_connected_to(
    pc: Pc, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connected(*_: object) -> None:
        raise AssertionError("it asked the network")

    monkeypatch.setattr("socket.create_connection", connected)
    pc.writes(stick)
    with pytest.raises(AssertionError, match="asked the network"):
        pc.ran()  # the control: a run without --to-file


@pytest.mark.parametrize("how", ["file", "folder"])
def test_an_existing_file_is_never_overwritten(pc: Pc, stick: Path, how: str) -> None:
    target = stick / "x.reports"
    target.write_bytes(b"precious")
    if how == "folder":
        name = f"rasoat-{pc.identity.agent}-1-1-to-1-1.reports"
        target = target.rename(stick / name)
    with pytest.raises(BadInput, match="exists already"):
        pc.writes(target if how == "file" else stick)
    assert target.read_bytes() == b"precious"
    assert pc.waiting() == [1], "it waits on the machine"


def test_a_full_stick_leaves_nothing_half_written(
    pc: Pc, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    outcome = pc.ran(to_file=str(stick))
    Path(outcome.written).unlink()
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: full(handle) if _on(stick, handle) else real(handle)
    )
    with pytest.raises(AgentProblem, match="No space left on device; the reports wait"):
        pc.writes(stick)
    assert list(stick.iterdir()) == []
    assert pc.waiting() == [1, 2]


def _on(folder: Path, handle: int) -> bool:
    return Path(f"/proc/self/fd/{handle}").resolve().parent == folder


def test_replay_is_acknowledged_and_stored_once(
    pc: Pc, importer: Importer, store: Store, stick: Path
) -> None:
    content = pc.writes(stick).read_bytes()
    first = importer.take(content, "a", "officer")
    again = importer.take(content, "b", "officer")
    assert (first.outcomes, again.outcomes) == ({"stored": 1}, {"duplicate": 1})
    assert len(first.answers) == len(again.answers) == 1
    assert stored(store) == [1]


def watch(monkeypatch: pytest.MonkeyPatch, unpacked: list[bytes]) -> None:
    """Note every body that is unpacked."""
    real = decompress.decompress

    def noted(body: bytes) -> bytes:
        unpacked.append(body)
        return real(body)

    monkeypatch.setattr(decompress, "decompress", noted)


def test_tampering_at_every_byte_is_refused_before_anything_is_unpacked(
    pc: Pc, importer: Importer, store: Store, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = pc.writes(stick).read_bytes()
    unpacked: list[bytes] = []
    watch(monkeypatch, unpacked)
    before = state_of(store)
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1
        with pytest.raises(carried.BadFile):
            importer.take(bytes(changed), "x", "officer")
    assert len(content) > 900
    assert unpacked == []
    assert state_of(store) == before


def test_tampering_with_a_new_checksum_is_refused_before_anything_is_unpacked(
    pc: Pc, importer: Importer, store: Store, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who can mend the file's checksum cannot mend the signature."""
    (piece,) = carried.unpacked(carried.REPORTS, pc.writes(stick).read_bytes())
    unpacked: list[bytes] = []
    watch(monkeypatch, unpacked)
    before = state_of(store)["reports"]
    refused = 0
    for at in range(len(piece)):
        changed = bytearray(piece)
        changed[at] ^= 1
        found = importer.take(carried.packed(carried.REPORTS, [bytes(changed)]), "x", "officer")
        assert (found.outcomes, found.answers, found.bad) == ({"refused": 1}, [], True), at
        refused += 1
    assert refused == len(piece) > 800
    assert unpacked == []
    assert state_of(store)["reports"] == before
    found = importer.take(carried.packed(carried.REPORTS, [piece]), "x", "officer")
    assert (found.outcomes, len(unpacked)) == ({"stored": 1}, 1), "the control: untouched"


def test_a_mixed_folder_keeps_the_good_and_names_the_bad(
    tmp_path: Path,
    pc: Pc,
    data: Path,
    store: Store,
    stick: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = Pc(tmp_path / "pc-2", data, store)
    waits = Pc(tmp_path / "pc-3", data, store, approve=False)
    pc.writes(stick / "a.reports")
    bad = other.writes(stick / "b.reports")
    bad.write_bytes(bad.read_bytes()[:-100])
    waits.writes(stick / "c.reports")
    (stick / "d.reports").write_bytes(b"")
    (stick / "notes.txt").write_bytes(b"not ours")
    other.writes(stick / "e.reports")
    answers = tmp_path / "answers"
    assert imported(data, str(stick), "--acks", str(answers)) == 2
    out, err = capsys.readouterr()
    assert "a.reports: 1 stored" in out
    assert "b.reports: nothing was taken: the file was cut short or changed on the way" in err
    assert "waits for an officer's approval" in err
    assert "d.reports: nothing was taken: this is no file of rasoat reports 1" in err
    assert "e.reports: 2 stored" in out
    assert len(stored(store)) == 3
    assert acknowledge.acknowledge(pc.folder, str(answers)).sentence() == (
        "1 reports acknowledged; 2 of other machines"
    )
    assert (pc.waiting(), waits.waiting()) == ([], [1])
    known.approve(store, waits.identity.agent, by="officer")
    assert imported(data, str(stick / "c.reports")) == 0


def test_exit_codes(pc: Pc, data: Path, store: Store, stick: Path, tmp_path: Path) -> None:
    waits = Pc(tmp_path / "pc-2", data, store, approve=False)
    assert imported(data, str(waits.writes(stick))) == 1
    good = pc.writes(stick)
    assert imported(data, str(good)) == 0
    assert imported(data, str(stick / "none.reports")) == 2
    assert imported(data, str(tmp_path / "pc-1")) == 2, "a folder without reports"
    taken = tmp_path / "taken"
    taken.write_bytes(b"precious")
    assert imported(data, str(good), "--acks", str(taken)) == 2
    assert taken.read_bytes() == b"precious"
    assert imported(data, str(good), "--acks", str(tmp_path / "no" / "folder")) == 3
    assert imported(tmp_path / "nowhere", str(good)) == 2


def test_a_copied_key_is_noticed_by_hand_too(
    pc: Pc, importer: Importer, store: Store, stick: Path
) -> None:
    first = pc.writes(stick / "a.reports").read_bytes()
    Spool(pc.folder).remove(1, 1)
    kept = pc.state
    kept.next_sequence = 1
    kept.save()
    second = pc.writes(stick / "b.reports", "off").read_bytes()
    assert importer.take(first, "a", "officer").outcomes == {"stored": 1}
    found = importer.take(second, "b", "officer")
    assert (found.refusals[0][1].code, found.answers) == ("conflict", [])
    (one,) = known.all_agents(store)
    assert one.status == "quarantined"
    assert PEER in (one.alert or "")


def test_old_facts_do_not_look_fresh(pc: Pc, importer: Importer, store: Store, stick: Path) -> None:
    """A stick that lay in a drawer for ten days brings facts of ten days ago."""
    content = pc.writes(stick).read_bytes()
    now = BEGIN.fromtimestamp(pc.clock() + 10 * DAY, BEGIN.tzinfo)
    importer.take(content, "x", "officer", now)
    (one,) = devices.views(store)
    assert one.received_at == pc.clock.moment()
    facts = json.loads(one.view or b"")["facts"]["agent"]
    assert (facts["last_report"], facts["clock_skew"]) == ("2026-10-01T00:00:00Z", 0)
    (agent,) = known.all_agents(store)
    assert agent.last_report_at == pc.clock.moment()
    assert verify(store, check_signature).problems == []


def test_a_clock_that_is_ahead_makes_nothing_fresher_than_now(
    pc: Pc, importer: Importer, store: Store, stick: Path
) -> None:
    content = pc.writes(stick).read_bytes()
    now = BEGIN.fromtimestamp(pc.clock() - 10 * DAY, BEGIN.tzinfo)
    importer.take(content, "x", "officer", now)
    (one,) = devices.views(store)
    assert one.received_at == now
    assert json.loads(one.view or b"")["facts"]["agent"]["clock_skew"] == 10 * DAY


def test_last_seen_does_not_go_back(pc: Pc, importer: Importer, store: Store, stick: Path) -> None:
    first = pc.writes(stick).read_bytes()
    pc.clock.days(3)
    second = pc.writes(stick).read_bytes()
    importer.take(second, "b", "officer")
    importer.take(first, "a", "officer")
    (agent,) = known.all_agents(store)
    assert agent.last_report_at == pc.clock.moment()


def test_a_collector_that_forgot_says_so_by_hand(
    pc: Pc, data: Path, store: Store, stick: Path
) -> None:
    answers = [stick / f"{n}.answers" for n in range(3)]
    imported(data, str(pc.writes(stick / "1.reports")), "--acks", str(answers[0]))
    acknowledge.acknowledge(pc.folder, str(answers[0]))
    with store.write() as db:
        db.execute("DELETE FROM sections")
    lean = pc.writes(stick / "2.reports", "off")
    assert imported(data, str(lean), "--acks", str(answers[1])) == 1
    taken = acknowledge.acknowledge(pc.folder, str(answers[1]))
    assert (taken.superseded, pc.waiting(), pc.state.superseded) == (1, [], 1)
    full = pc.writes(stick / "3.reports", "off")
    assert imported(data, str(full), "--acks", str(answers[2])) == 0
    assert stored(store) == [1, 3]


@pytest.mark.parametrize("how", ["other key", "body", "another report", "plain refusal", "form"])
def test_an_answer_that_proves_nothing_lets_go_of_nothing(
    pc: Pc, importer: Importer, stick: Path, how: str
) -> None:
    from agents.carried import Message
    from server import replies

    (answer,) = importer.take(pc.writes(stick).read_bytes(), "x", "officer").answers
    message = carried.message(answer)
    content = json.loads(message.body)
    seed, status = keys.prepare(stick.parent / "data").seed, 200
    if how == "other key":
        seed = bytes(32)
    elif how == "another report":
        content["acknowledged"]["digest"] = "sha-256=:AAAA:"
    elif how == "plain refusal":
        said = {"code": "pending", "message": "x"}
        content, status = {"refused": said, "report": content["acknowledged"]}, 403
    headers, body = replies.signed_parts(seed, status, content, 1)
    body = body.replace(b'"epoch":1', b'"epoch": 1') if how == "body" else body
    first = "2000" if how == "form" else str(status)
    forged = Message(first, {"content-type": replies.JSON, **headers}, body).packed()
    answers = stick / "x.answers"
    answers.write_bytes(carried.packed(carried.ANSWERS, [forged]))
    taken = acknowledge.acknowledge(pc.folder, str(answers))
    assert (taken.acknowledged, len(taken.refused), pc.waiting()) == (0, 1, [1])
    assert main(["acknowledge", str(answers), "--state", pc.folder]) == 2
    good = stick / "good.answers"
    good.write_bytes(carried.packed(carried.ANSWERS, [forged, answer]))
    assert acknowledge.acknowledge(pc.folder, str(good)).acknowledged == 1


def test_answers_may_be_taken_back_by_run(
    pc: Pc, data: Path, stick: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    answers = stick / "x.answers"
    imported(data, str(pc.writes(stick / "1.reports")), "--acks", str(answers))
    found = {"agent": {"version": "0.1.0"}, "facts": {}, "unknown": {}, "collected_at": "x"}
    monkeypatch.setattr(run, "_this_machines", lambda _: found)
    words = ["run", "--state", pc.folder, "--acks", str(answers)]
    capsys.readouterr()
    assert main([*words, "--to-file", str(stick / "2.reports")]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "1 reports acknowledged"
    assert out[1].startswith("collected report 2; sent 0; waiting 1; written to ")
    assert main(["acknowledge", "--state", pc.folder]) == 2
    assert main(["acknowledge", str(stick / "none"), "--state", pc.folder]) == 2
    assert main(["acknowledge", str(stick / "2.reports"), "--state", pc.folder]) == 2


def test_packing_is_strict() -> None:
    content = carried.packed(carried.REPORTS, [b"a", b"", b"end 1\n"])
    assert carried.unpacked(carried.REPORTS, content) == [b"a", b"", b"end 1\n"]
    for wrong in (b"", content + b"\n", content[:-1], content + content, content[17:]):
        with pytest.raises(carried.BadFile):
            carried.unpacked(carried.REPORTS, wrong)
    for head in (b"-1\n", b"+1\na", b"01\na", b"9999999999\n", b"5\nab", b"end 2\n", b"end 01\n"):
        raw = carried.REPORTS + head
        raw += hashlib.sha256(raw).hexdigest().encode() + b"\n"
        with pytest.raises(carried.BadFile):
            carried.unpacked(carried.REPORTS, raw)
