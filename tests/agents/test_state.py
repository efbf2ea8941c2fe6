"""The agent's state: durable before it is relied on, whole or refused, one process at a time."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from agents import identity, lock, state
from agents.message_signatures import is_key_id
from agents.problems import AgentProblem, BadInput
from agents.state import Enrolment

KEY = bytes(range(32))


def made(folder: Path) -> state.State:
    new = state.new_state(str(folder), KEY, 1)
    new.save()
    return new


def loaded(folder: Path) -> state.State:
    found = state.load_state(str(folder))
    assert found is not None
    return found


def test_a_number_is_on_disk_before_it_is_given(tmp_path: Path) -> None:
    one = made(tmp_path)
    for expected in (1, 2, 3):
        assert one.reserve() == expected
        assert loaded(tmp_path).next_sequence == expected + 1


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    one = made(tmp_path)
    one.dropped, one.not_before, one.acknowledged_at = 3, 17, "2026-11-23T08:00:00Z"
    one.save()
    assert vars(loaded(tmp_path)) == vars(one)
    state.save_enrolment(str(tmp_path), Enrolment("https://127.0.0.1:1", "PEM", KEY))
    enrolment, again = state.load_both(str(tmp_path))
    assert (enrolment.server_key, again.epoch) == (KEY, 1)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"epoch": 1}', "\xff", '{"epoch": "x"}' + " " * 2000]
)
def test_a_damaged_state_is_refused_and_named(tmp_path: Path, text: str) -> None:
    made(tmp_path)
    (tmp_path / "state.json").write_text(text, encoding="latin-1")
    with pytest.raises(AgentProblem, match=r"state\.json is damaged; enrol"):
        state.load_state(str(tmp_path))


@pytest.mark.parametrize(
    ("field", "value"), [("epoch", 0), ("next_sequence", 0), ("next_sequence", 1.5), ("epoch", "1")]
)
def test_a_number_that_cannot_be_is_damage(tmp_path: Path, field: str, value: object) -> None:
    made(tmp_path)
    values = json.loads((tmp_path / "state.json").read_text())
    (tmp_path / "state.json").write_text(json.dumps({**values, field: value}))
    with pytest.raises(AgentProblem, match="damaged"):
        state.load_state(str(tmp_path))


def test_state_of_another_server_is_an_unfinished_enrolment(tmp_path: Path) -> None:
    made(tmp_path)
    state.save_enrolment(str(tmp_path), Enrolment("https://127.0.0.1:1", "PEM", bytes(32)))
    with pytest.raises(BadInput, match="was not finished"):
        state.load_both(str(tmp_path))


def test_no_enrolment_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="first: rasoat-agent enrol FILE") as caught:
        state.load_both(str(tmp_path))
    assert caught.value.exit_code == 2


def test_one_process_at_a_time(tmp_path: Path) -> None:
    folder = str(tmp_path)
    busy = pytest.raises(AgentProblem, match="another run is at work")
    with lock.Lock(folder), busy, lock.Lock(folder):
        pass
    with lock.Lock(folder):
        pass


@pytest.mark.parametrize(
    ("not_before", "expected"), [(0, 0), (99, 0), (130, 30), (100 + 3600, 3600), (100 + 3601, 0)]
)
def test_a_wait_is_bounded_so_that_a_wrong_clock_cannot_silence(
    tmp_path: Path, not_before: int, expected: int
) -> None:
    one = made(tmp_path)
    one.not_before = not_before
    assert one.wait(100.0) == expected


@pytest.mark.parametrize(
    ("given", "kept"), [(900, 900), (1, 60), (10**9, 7 * 86400), ("900", 14400), (True, 14400)]
)
def test_an_interval_is_taken_within_reason(tmp_path: Path, given: object, kept: int) -> None:
    one = made(tmp_path)
    one.keep_interval(given)
    assert one.interval == kept


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    one = identity.load_or_create(str(tmp_path))
    assert identity.load_or_create(str(tmp_path)).agent == one.agent
    assert is_key_id(one.agent)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert identity.load(str(tmp_path / "elsewhere")) is None


def test_a_damaged_or_open_key_is_refused(tmp_path: Path) -> None:
    identity.load_or_create(str(tmp_path))
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(AgentProblem, match="read by others"):
        identity.load(str(tmp_path))
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(AgentProblem, match="damaged"):
        identity.load(str(tmp_path))


def test_a_state_of_an_older_agent_is_taken(tmp_path: Path) -> None:
    """It knows nothing of sections: the first report carries everything."""
    made(tmp_path)
    values = json.loads((tmp_path / "state.json").read_text())
    older = ("server", "epoch", "next_sequence", "dropped", "interval", "not_before")
    kept = {name: values[name] for name in (*older, "acknowledged_at")}
    (tmp_path / "state.json").write_text(json.dumps(kept))
    one = loaded(tmp_path)
    assert (one.sections, one.full_at, one.superseded, one.dropped_from) == ({}, 0, 0, None)


@pytest.mark.parametrize(
    ("field", "value"), [("sections", []), ("full_at", "x"), ("superseded", None)]
)
def test_what_is_kept_of_sections_is_whole_or_damage(
    tmp_path: Path, field: str, value: object
) -> None:
    made(tmp_path)
    values = json.loads((tmp_path / "state.json").read_text())
    (tmp_path / "state.json").write_text(json.dumps({**values, field: value}))
    with pytest.raises(AgentProblem, match="damaged"):
        state.load_state(str(tmp_path))


def test_an_older_acknowledgement_does_not_move_the_base_back(tmp_path: Path) -> None:
    one = made(tmp_path)
    one.acknowledged_sections(1, 5, {"os": "b"})
    one.acknowledged_sections(1, 3, {"os": "a"})
    one.acknowledged_sections(2, 9, {"os": "of another epoch"})
    assert (one.sections, one.sections_of) == ({"os": "b"}, 5)
