"""Laws over every collector: a parse never raises on any bytes.

One that dies or hangs costs its own section only.
"""

from __future__ import annotations

import importlib
import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents import collect as collecting
from agents.collect import COLLECTORS, collect
from agents.machine import LiveMachine, Machine
from agents.outcome import REASONS, Answers, Unknown
from agents.recorded import RecordedMachine
from tests.agents.documents import taken_by_the_server
from tests.conftest import ROOT
from tests.lab import server_asked

LINUX = COLLECTORS["linux"]
RECORDINGS = sorted((ROOT / "tests/recordings").glob("linux-*"))


def test_the_reasons_are_the_catalogues() -> None:
    assert server_asked.reasons() == REASONS


def replies(recorded: Any) -> st.SearchStrategy[Any]:
    """What a machine may answer instead of ``recorded``: the same kind of thing, or nothing."""
    refusals = st.sampled_from(REASONS).map(lambda reason: Unknown(reason, "drawn"))
    if isinstance(recorded, bytes):
        damaged = st.tuples(st.integers(0, len(recorded)), st.binary(max_size=20)).map(
            lambda cut: recorded[: cut[0]] + cut[1] + recorded[cut[0] + len(cut[1]) :]
        )
        text = st.text(max_size=200).map(lambda words: words.encode("utf-8", "surrogatepass"))
        return st.one_of(damaged, st.binary(max_size=200), text, refusals)
    if isinstance(recorded, bool):
        return st.one_of(st.booleans(), refusals)
    if isinstance(recorded, str):
        return st.one_of(st.text(max_size=100), refusals)
    if isinstance(recorded, float):
        return st.one_of(st.floats(), refusals)
    return st.one_of(st.just(recorded), refusals)


@pytest.mark.parametrize("section", LINUX)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_parse_never_raises_whatever_the_probe_got(section: str, data: st.DataObject) -> None:
    collector = importlib.import_module(LINUX[section])
    folder = data.draw(st.sampled_from(RECORDINGS))
    answers = collector.probe(RecordedMachine(str(folder)))
    changed = {}
    for name in answers.names():
        recorded = answers._answers[name]
        changed[name] = data.draw(replies(recorded)) if data.draw(st.booleans()) else recorded
    try:
        facts = collector.parse(Answers(**changed))
    except Unknown:
        return
    taken_by_the_server(section, facts)


class Failing(Machine):
    """A machine on which some questions end badly."""

    def __init__(self, inner: Machine, fault: Any, paths: str) -> None:
        self._inner, self._fault, self._paths = inner, fault, paths
        self.asked = 0

    def __getattribute__(self, name: str) -> Any:
        if name in ("read_file", "list_dir", "exists", "read_head", "read_link", "modified"):
            return lambda path, *rest: self._answer(name, path, *rest)
        if name in ("elevated", "now", "run", "smbios", "value"):
            return getattr(self._inner, name)
        return super().__getattribute__(name)

    def _answer(self, name: str, path: str, *rest: Any) -> Any:
        if path.startswith(self._paths):
            self.asked += 1
            self._fault()
        return getattr(self._inner, name)(path, *rest)


def test_a_collector_that_dies_costs_its_own_section() -> None:
    def die() -> None:
        raise ZeroDivisionError("by the test")

    whole = collect(RecordedMachine(str(RECORDINGS[0])))
    machine = Failing(RecordedMachine(str(RECORDINGS[0])), die, "/proc/self/mounts")
    document = collect(machine)
    assert machine.asked == 1
    assert document["unknown"]["volumes"] == {
        "reason": "failed",
        "detail": "ZeroDivisionError: by the test",
    }
    assert document["agent"]["sections_failed"] == whole["agent"]["sections_failed"] + 1
    del whole["facts"]["volumes"]
    assert document["facts"] == whole["facts"]
    server_asked.report_of(document)


def test_a_collector_that_hangs_costs_its_own_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "SECONDS", 0.3)
    machine = Failing(RecordedMachine(str(RECORDINGS[0])), lambda: time.sleep(3), "/etc/passwd")
    document = collect(machine, ["accounts", "os"])
    assert document["unknown"]["accounts"]["reason"] == "timed_out"
    assert document["facts"]["os"]["family"] == "linux"


def test_one_section_alone() -> None:
    document = collect(RecordedMachine(str(RECORDINGS[0])), ["os"])
    assert list(document["facts"]) == ["os"]


def test_this_very_machine_is_taken_by_the_server() -> None:
    document = collect(LiveMachine())
    report = server_asked.report_of(document)
    assert report["facts"]["os"]["family"] == "linux"
    assert report["agent"]["sections_failed"] == 0
    assert len(report["facts"]["software"]) > 20


def test_account_names_never_leave() -> None:
    """Counts and flags only: no name of /etc/passwd stands in the section."""
    machine = RecordedMachine(str(RECORDINGS[-1]))
    names = [row.split(":")[0] for row in machine.read_file("/etc/passwd").decode().splitlines()]
    section = collect(machine, ["accounts"])
    assert len(names) > 3
    assert not [name for name in names if name in json.dumps(section["facts"])]


@pytest.mark.parametrize("name", ["", "\x00", "ab\x07c", "\ud800", "x" * 5000])
def test_odd_details_are_printable_and_short(name: str) -> None:
    why = Unknown("failed", name)
    json.dumps(why.entry()).encode()
    assert len(why.detail) <= 300
    assert why.detail.isprintable()


def test_a_reason_that_is_not_on_the_list_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no such reason"):
        Unknown("because")
