"""One run of the agent against a collector that may be away, busy, or lying."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from agents import run, state
from agents.cli import main
from agents.delivery import Outcome
from agents.problems import AgentProblem
from agents.run import offset
from agents.spool import Spool
from tests.agents.fake_collector import OTHER_SEED, Fake, Said, acknowledged, fake_collector

DOCUMENT: dict[str, Any] = {"agent": {"version": "0.1.0"}, "facts": {}}


def ran(folder: str, **options: Any) -> Outcome:
    return run.run(folder, collected=lambda: DOCUMENT, **options)


def waiting(folder: str) -> list[int]:
    return [sequence for _, sequence in Spool(folder).waiting()]


def test_a_report_leaves_the_spool_when_it_is_acknowledged(folder: str, fake: Fake) -> None:
    outcome = ran(folder)
    assert (outcome.done, outcome.sent, fake.sequences, waiting(folder)) == (True, 1, [1], [])
    kept = state.load_state(folder)
    assert kept is not None
    assert (kept.interval, kept.acknowledged_at) == (900, "2026-11-23T08:00:00Z")


def test_offline_then_online_sends_everything_once_and_in_order(
    folder: str, tmp_path: Path
) -> None:
    port = int(state.load_both(folder)[0].url.rpartition(":")[2])
    # The fixture's fake still holds the port: these runs go to one that nobody listens on.
    enrolment, _ = state.load_both(folder)
    enrolment.url = f"https://127.0.0.1:{unused_port()}"
    state.save_enrolment(folder, enrolment)
    for _ in range(12):
        outcome = ran(folder)
        assert not outcome.done
        assert "refused" in outcome.problem.lower()
    assert waiting(folder) == list(range(1, 13))
    enrolment.url = f"https://127.0.0.1:{port}"
    state.save_enrolment(folder, enrolment)
    outcome = ran(folder)
    assert (outcome.sent, waiting(folder)) == (13, [])


def test_the_order_is_the_order_of_making(folder: str, fake: Fake) -> None:
    fake.answer = lambda *_: None
    for _ in range(11):
        assert not ran(folder).done
    fake.seen.clear()
    fake.answer = lambda headers, _: acknowledged(headers)
    ran(folder)
    assert fake.sequences == list(range(1, 13))


def test_a_report_is_resent_byte_for_byte(folder: str, fake: Fake) -> None:
    fake.answer = lambda *_: None
    ran(folder)
    first = fake.seen[0]
    fake.answer = lambda headers, _: acknowledged(headers)
    ran(folder)
    again = next(one for one in fake.seen[1:] if one[0]["rasoat-sequence"] == "1")
    assert again[1] == first[1]
    assert {**again[0], "date": ""} == {**first[0], "date": ""}


@pytest.mark.parametrize(
    "lies",
    [
        {"agent": "a" * 26},
        {"epoch": 2},
        {"sequence": 2},
        {"digest": "sha-256=:AAAA:"},
        {"sequence": "1"},
    ],
)
def test_an_acknowledgement_of_another_report_lets_go_of_nothing(
    folder: str, fake: Fake, lies: dict[str, Any]
) -> None:
    fake.answer = lambda headers, _: acknowledged(headers, **lies)
    outcome = ran(folder)
    assert (outcome.done, waiting(folder)) == (False, [1])
    assert "acknowledged another report" in outcome.problem


def test_an_acknowledgement_by_another_key_lets_go_of_nothing(folder: str, fake: Fake) -> None:
    def forged(headers: dict[str, str], _: bytes) -> Said:
        said = acknowledged(headers)
        said.seed = OTHER_SEED
        return said

    fake.answer = forged
    outcome = ran(folder)
    assert (outcome.done, waiting(folder)) == (False, [1])
    assert "names another key" in outcome.problem


@pytest.mark.parametrize(
    "said",
    [
        Said(200, {}),
        Said(200, {"acknowledged": True}),
        Said(200, {"acknowledged": {}}, signed_body=b"something else"),
        Said(200, {"x": "y" * 70_000}),
        Said(500, {}),
        Said(302, {}, headers={"location": "https://127.0.0.1/"}),
    ],
)
def test_no_other_answer_lets_go_of_a_report(folder: str, fake: Fake, said: Said) -> None:
    fake.answer = lambda *_: said
    assert not ran(folder).done
    assert waiting(folder) == [1]


def test_an_answer_that_is_cut_short_lets_go_of_nothing(folder: str, fake: Fake) -> None:
    def cut(headers: dict[str, str], _: bytes) -> Said:
        said = acknowledged(headers)
        said.cut = 5
        return said

    fake.answer = cut
    outcome = ran(folder)
    assert (outcome.done, waiting(folder)) == (False, [1])
    assert "cut short" in outcome.problem


@pytest.mark.parametrize("status", [401, 403, 409])
def test_a_refusal_of_this_agent_ends_the_run_and_keeps_everything(
    folder: str, fake: Fake, status: int
) -> None:
    fake.answer = lambda *_: Said(status, {"refused": {"code": "pending", "message": "wait"}})
    ran(folder)
    fake.seen.clear()
    outcome = ran(folder)
    assert (fake.sequences, waiting(folder)) == ([1], [1, 2])
    assert outcome.problem == "the collector refused report 1: wait [pending]"


@pytest.mark.parametrize("status", [413, 415, 422])
def test_a_refusal_of_one_document_does_not_hold_up_the_others(
    folder: str, fake: Fake, status: int
) -> None:
    refused = Said(status, {"refused": {"code": "document_refused", "message": "unknown field x"}})
    fake.answer = lambda headers, _: (
        refused if headers["rasoat-sequence"] == "1" else acknowledged(headers)
    )
    assert not ran(folder).done
    outcome = ran(folder)
    assert (outcome.sent, waiting(folder)) == (1, [1])


def test_retry_after_is_kept_by_the_next_run(folder: str, fake: Fake) -> None:
    fake.answer = lambda *_: Said(503, {}, headers={"retry-after": "120"})
    ran(folder)
    fake.seen.clear()
    fake.answer = lambda headers, _: acknowledged(headers)
    outcome = ran(folder)
    assert (fake.seen, waiting(folder)) == ([], [1, 2])
    assert "asked to wait" in outcome.problem
    progress = state.load_state(folder)
    assert progress is not None
    progress.not_before = 0
    progress.save()
    assert ran(folder).sent == 3


def test_a_scheduled_run_tries_again_and_waits_at_least_what_was_asked(
    folder: str, fake: Fake
) -> None:
    slept: list[float] = []
    answers = iter([Said(429, {}, headers={"retry-after": "40"}), Said(503, {}), Said(502, {})])
    fake.answer = lambda headers, _: next(answers, acknowledged(headers))
    outcome = ran(folder, scheduled=True, sleep=slept.append)
    assert outcome.done
    own, *pauses = slept
    assert 0 <= own < 900
    assert len(pauses) == 3
    for pause, least in zip(pauses, (40, 15, 45)):
        assert least <= pause <= least * 1.5


def test_a_scheduled_run_does_not_sit_out_a_long_wait(folder: str, fake: Fake) -> None:
    slept: list[float] = []
    fake.answer = lambda *_: Said(503, {}, headers={"retry-after": "301"})
    assert not ran(folder, scheduled=True, sleep=slept.append).done
    assert (len(slept), len(fake.seen)) == (1, 1)


def test_pauses_of_machines_differ(folder: str, fake: Fake) -> None:
    pauses = set()
    fake.answer = lambda *_: Said(503, {})
    for _ in range(5):
        slept: list[float] = []
        ran(folder, scheduled=True, sleep=slept.append)
        pauses.add(slept[1])
    assert len(pauses) == 5


def test_568_machines_start_spread_over_the_hour() -> None:
    offsets = [
        offset(hashlib.sha256(bytes([n % 256, n // 256])).hexdigest(), 3600) for n in range(568)
    ]
    assert offset("a" * 26, 3600) == offset("a" * 26, 3600)
    minutes = [sum(start // 60 == minute for start in offsets) for minute in range(60)]
    assert max(minutes) < 30
    assert min(minutes) > 0
    assert offset("a" * 26, 0) == 0


def test_a_server_of_another_authority_is_refused(folder: str, fake: Fake, tmp_path: Path) -> None:
    with fake_collector(tmp_path / "impostor") as impostor:
        enrolment, _ = state.load_both(folder)
        enrolment.url = impostor.url
        state.save_enrolment(folder, enrolment)
        outcome = ran(folder)
        assert (impostor.seen, waiting(folder)) == ([], [1])
        assert "not of our CA" in outcome.problem


def test_a_certificate_for_another_name_is_refused(folder: str, tmp_path: Path) -> None:
    (tmp_path / "named").mkdir()
    for name in ("ca.pem", "ca.key"):
        (tmp_path / "named" / name).write_bytes((tmp_path / "fake" / name).read_bytes())
    with fake_collector(tmp_path / "named", "collector.example") as elsewhere:
        enrolment, _ = state.load_both(folder)
        enrolment.url = elsewhere.url
        state.save_enrolment(folder, enrolment)
        outcome = ran(folder)
        assert (elsewhere.seen, waiting(folder)) == ([], [1])
        assert "not for this name" in outcome.problem


def test_a_report_that_the_disk_changed_is_given_up_and_counted(folder: str, fake: Fake) -> None:
    fake.answer = lambda *_: None
    ran(folder)
    path = Path(folder) / "spool" / "1-1.report"
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(bytes(raw))
    fake.seen.clear()
    fake.answer = lambda headers, _: acknowledged(headers)
    outcome = ran(folder)
    assert (outcome.dropped, outcome.sent, fake.sequences) == (1, 1, [2])
    kept = state.load_state(folder)
    assert kept is not None
    assert kept.dropped == 1


def test_a_disk_that_does_not_take_it_is_said(folder: str) -> None:
    (Path(folder) / "spool").write_bytes(b"a file where the folder belongs")
    with pytest.raises(AgentProblem, match="spool: Not a directory"):
        ran(folder)


def test_the_command_says_what_happened(
    folder: str, fake: Fake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_this_machines", lambda _: DOCUMENT)
    assert main(["run", "--state", folder]) == 0
    assert capsys.readouterr().out == "collected report 1; sent 1; waiting 0\n"
    fake.answer = lambda *_: None
    assert main(["run", "--state", folder]) == 3
    assert "collected report 2; sent 0; waiting 1: " in capsys.readouterr().out
    assert main(["run", "--sate", folder]) == 2
    assert main(["run", "--state", folder + "x"]) == 2
    assert "first: rasoat-agent enrol FILE" in capsys.readouterr().err


def test_status_reads_and_sends_nothing(
    folder: str, fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    ran(folder)
    fake.seen.clear()
    assert main(["status", "--state", folder, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["epoch"], facts["last_sequence"], facts["reports_waiting"]) == (1, 1, 0)
    assert facts["collector"] == fake.url
    assert main(["status", "--state", folder]) == 0
    assert "last acknowledged: 2026-11-23T08:00:00Z" in capsys.readouterr().out
    assert main(["status", "--state", folder + "x"]) == 2
    assert fake.seen == []


def unused_port() -> int:
    import socket

    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_at_once_leaves_the_wait_to_the_timer(folder: str, fake: Fake) -> None:
    slept: list[float] = []
    ran(folder, scheduled=True, sleep=slept.append)
    assert len(slept) == 1
    ran(folder, scheduled=True, at_once=True, sleep=slept.append)
    assert len(slept) == 1
