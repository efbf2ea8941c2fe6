"""Enrolling: from a file alone, proved by the key; a refusal leaves no enrolment behind."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents import enrol, identity, run, state
from agents.cli import main
from agents.enrol import Refused
from agents.message_signatures import ENROL, check_digest, key_id, verify
from agents.problems import AgentProblem, BadInput
from agents.spool import Spool
from agents.transport import Unreachable
from tests.agents.fake_collector import OTHER_SEED, Fake, Said, fake_collector


def taken(body: bytes, **changes: Any) -> Said:
    agent = key_id(base64.b64decode(json.loads(body)["public_key"]))
    reply = {"agent": agent, "epoch": 1, "status": "approved", "interval": 900}
    return Said(200, {**reply, **changes})


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Fake]:
    with fake_collector(tmp_path / "fake") as running:
        running.answer = lambda _, body: taken(body)
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "agent state")


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir()) if Path(folder).exists() else []


def test_the_key_signs_its_own_enrolment(folder: str, fake: Fake) -> None:
    reply = enrol.enrol(folder, fake.enrolment_file(), "pc-1")
    headers, body = fake.seen[0]
    wish = json.loads(body)
    public_key = base64.b64decode(wish["public_key"])
    values = {**headers, "@method": "POST", "@request-target": "/api/v1/enrol"}
    verify(ENROL, values, headers, public_key)
    check_digest(headers["content-digest"], body)
    assert (wish["token"], wish["name"], wish["platform"]) == ("a-token", "pc-1", "linux")
    assert reply["agent"] == key_id(public_key)
    assert names(folder) == ["key", "lock", "server.json", "state.json"]
    enrolment, progress = state.load_both(folder)
    assert (enrolment.url, progress.epoch, progress.interval) == (fake.url, 1, 900)


def test_no_token_is_kept(folder: str, fake: Fake) -> None:
    enrol.enrol(folder, fake.enrolment_file())
    for name in names(folder):
        assert b"a-token" not in (Path(folder) / name).read_bytes()


def test_enrolling_again_keeps_the_key_and_begins_a_new_epoch(folder: str, fake: Fake) -> None:
    first = enrol.enrol(folder, fake.enrolment_file())
    _, who, progress = run.enrolled(folder)
    run.keep(who, progress, Spool(folder), {"agent": {}, "facts": {}})
    fake.answer = lambda _, body: taken(body, epoch=2)
    second = enrol.enrol(folder, fake.enrolment_file())
    assert second["agent"] == first["agent"]
    progress = state.load_both(folder)[1]
    assert (progress.epoch, progress.next_sequence, progress.dropped) == (2, 1, 0)
    assert Spool(folder).waiting() == [(1, 1)], "the same server still takes it, as evidence"


def test_enrolling_elsewhere_gives_up_what_waits_for_the_old_server(
    folder: str, fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol.enrol(folder, fake.enrolment_file())
    _, who, progress = run.enrolled(folder)
    run.keep(who, progress, Spool(folder), {"agent": {}, "facts": {}})
    from agents.message_signatures import public_key_of

    def by_the_other(body: bytes) -> Said:
        said = taken(body)
        said.seed = OTHER_SEED
        return said

    fake.answer = lambda _, body: by_the_other(body)
    other = base64.b64encode(public_key_of(OTHER_SEED)).decode()
    enrol.enrol(folder, fake.enrolment_file(server_key=other))
    assert Spool(folder).waiting() == []
    assert state.load_both(folder)[1].dropped == 1


def without(file: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in file.items() if key != name}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rasoat_enrolment": 2}, "another version"),
        ({"url": "http://127.0.0.1:1"}, "https://"),
        ({"url": "https://127.0.0.1:1/x"}, "https://"),
        ({"url": "https://u@127.0.0.1:1"}, "https://"),
        ({"url": "https://127.0.0.1:99999"}, "https://"),
        ({"url": None}, "https://"),
        ({"ca": "no PEM"}, "damaged"),
        ({"ca_sha256": "0" * 64}, "its CA is not the one it names"),
        ({"server_key": "AAAA"}, "damaged"),
        ({"server_key": "%"}, "damaged"),
        ({"server_key": None}, "damaged"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expired at 2020-01-01T00:00:00Z"),
        ({"expires_at": "tomorrow"}, "damaged"),
        ({"expires_at": None}, "damaged"),
    ],
)
def test_a_bad_file_is_refused_before_anything_is_sent_or_written(
    folder: str, fake: Fake, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        enrol.enrol(folder, fake.enrolment_file(**changes))
    assert (fake.seen, names(folder)) == ([], [])


def test_every_entry_of_the_file_is_needed(folder: str, fake: Fake) -> None:
    for name in fake.enrolment_file():
        with pytest.raises(BadInput):
            enrol.enrol(folder, without(fake.enrolment_file(), name))
    assert (fake.seen, names(folder)) == ([], [])


@pytest.mark.parametrize(
    "message", ["the token has expired", "the token is used up", "the token is unknown"]
)
def test_a_refused_token_is_said_in_the_collectors_words(
    folder: str, fake: Fake, message: str
) -> None:
    fake.answer = lambda *_: Said(403, {"refused": {"code": "token_refused", "message": message}})
    with pytest.raises(Refused, match=message):
        enrol.enrol(folder, fake.enrolment_file())
    assert names(folder) == ["key", "lock"], "the key stays: it is this machine's for the next try"


@pytest.mark.parametrize(
    "changes",
    [{"agent": "a" * 26}, {"epoch": 0}, {"epoch": "1"}, {"status": "x"}, {"interval": None}],
)
def test_an_answer_that_cannot_be_is_refused(
    folder: str, fake: Fake, changes: dict[str, Any]
) -> None:
    fake.answer = lambda _, body: taken(body, **changes)
    with pytest.raises(AgentProblem):
        enrol.enrol(folder, fake.enrolment_file())
    assert names(folder) == ["key", "lock"]


def test_an_answer_signed_by_another_key_is_refused(folder: str, fake: Fake) -> None:
    def forged(body: bytes) -> Said:
        said = taken(body)
        said.seed = OTHER_SEED
        return said

    fake.answer = lambda _, body: forged(body)
    with pytest.raises(AgentProblem, match="not our collector's"):
        enrol.enrol(folder, fake.enrolment_file())
    assert names(folder) == ["key", "lock"]


def test_a_server_of_another_authority_never_sees_the_token(
    folder: str, fake: Fake, tmp_path: Path
) -> None:
    with fake_collector(tmp_path / "impostor") as impostor:
        with pytest.raises(AgentProblem, match="not of our CA"):
            enrol.enrol(folder, fake.enrolment_file(url=impostor.url))
        assert impostor.seen == []


def test_a_killed_enrolment_is_not_taken_for_a_whole_one(
    folder: str, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(state, "save_enrolment", dies)
    with pytest.raises(Killed):
        enrol.enrol(folder, fake.enrolment_file())
    with pytest.raises(BadInput, match="rasoat-agent enrol FILE"):
        state.load_both(folder)
    monkeypatch.undo()
    key = identity.load(folder)
    assert key is not None
    assert enrol.enrol(folder, fake.enrolment_file())["agent"] == key.agent


def test_the_command_takes_a_file_and_never_a_token(
    folder: str, fake: Fake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "enrolment.json"
    path.write_text(json.dumps(fake.enrolment_file()))
    fake.answer = lambda _, body: taken(body, status="pending")
    assert main(["enrol", str(path), "--state", folder, "--name", "pc-7"]) == 0
    out = capsys.readouterr().out
    assert "enrolled as " in out
    assert "rasoat agent approve " in out
    assert main(["enrol", "--token", "a-token", str(path)]) == 2
    assert "no option '--token'" in capsys.readouterr().err
    assert main(["enrol"]) == 2
    assert main(["enrol", str(tmp_path / "none.json")]) == 2
    assert "none.json: No such file" in capsys.readouterr().err
    path.write_text("[" * 100_000)
    assert main(["enrol", str(path)]) == 2
    assert "is not an enrolment file" in capsys.readouterr().err


def test_a_new_key_makes_a_new_agent_once_the_collector_has_taken_it(
    folder: str, fake: Fake
) -> None:
    first = enrol.enrol(folder, fake.enrolment_file())
    _, who, progress = run.enrolled(folder)
    run.keep(who, progress, Spool(folder), {"agent": {}, "facts": {}})
    fake.answer = lambda *_: Said(403, {"refused": {"code": "token_refused", "message": "used"}})
    with pytest.raises(Refused):
        enrol.enrol(folder, fake.enrolment_file(), new_key=True)
    assert run.enrolled(folder)[1].agent == first["agent"], "refused: the old identity stays"
    fake.answer = lambda _, body: taken(body)
    second = enrol.enrol(folder, fake.enrolment_file(), new_key=True)
    assert second["agent"] != first["agent"]
    assert run.enrolled(folder)[1].agent == second["agent"]
    assert not (Path(folder) / "key.next").exists()
    keys = [json.loads(body)["public_key"] for _, body in fake.seen]
    assert keys[1] == keys[2], "one new key, however often it is tried"


def test_an_enrolment_that_waits_is_made_by_the_first_run_that_can(folder: str, fake: Fake) -> None:
    Path(folder).mkdir(mode=0o700)
    away = fake.enrolment_file(url="https://127.0.0.1:1")
    enrol.keep_for_later(folder, away, "pc-9")
    with pytest.raises(Unreachable):
        enrol.enrol_now(folder)
    assert enrol.LATER_FILE in names(folder), "it waits on"
    enrol.keep_for_later(folder, fake.enrolment_file(), "pc-9")
    fake.answer = lambda _, body: taken(body)
    enrol.enrol_now(folder)
    assert enrol.LATER_FILE not in names(folder)
    assert state.load_enrolment(folder) is not None
    (sent,) = [json.loads(body) for _, body in fake.seen]
    assert sent["name"] == "pc-9"
    enrol.enrol_now(folder)  # nothing waits: nothing is sent
    assert len(fake.seen) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"file": {}, "name": null}'])
def test_an_enrolment_that_can_never_be_made_does_not_wait(folder: str, content: bytes) -> None:
    Path(folder).mkdir()
    Path(folder, enrol.LATER_FILE).write_bytes(content)
    with pytest.raises(BadInput):
        enrol.enrol_now(folder)
    assert enrol.LATER_FILE not in names(folder)


def test_a_refused_token_does_not_wait_either(folder: str, fake: Fake) -> None:
    Path(folder).mkdir(mode=0o700)
    enrol.keep_for_later(folder, fake.enrolment_file(), None)
    fake.answer = lambda *_: Said(403, {"refused": {"code": "token_refused", "message": "no"}})
    with pytest.raises(Refused):
        enrol.enrol_now(folder)
    assert enrol.LATER_FILE not in names(folder)


def test_a_file_that_is_none_is_not_kept_for_later(folder: str, fake: Fake) -> None:
    with pytest.raises(BadInput):
        enrol.keep_for_later(folder, without(fake.enrolment_file(), "token"), None)
    assert names(folder) == []
