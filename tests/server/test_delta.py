"""Reports that name what has not changed, from the real agent to the real collector and back."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents import delta, run
from agents.collect import collect
from agents.machine import this_machine
from inventory import devices, sections
from inventory.verify import verify
from server.evidence import check_signature
from tests.agents.fake_collector import Said
from tests.server.line import Clock, Machine, Office, enrol, office, software

OS = {"family": "linux", "name": "Debian"}


@pytest.fixture
def pc(place: Office, tmp_path: Path, clock: Clock) -> Machine:
    return enrol(place, tmp_path / "pc-1", clock)


def facts(effective: str = "on", programs: int = 300) -> dict[str, Any]:
    return {"os": OS, "firewall": {"effective": effective}, "software": software(programs)}


def bodies(place: Office) -> list[dict[str, Any]]:
    stored = place.rows("SELECT body FROM reports ORDER BY id")
    return [json.loads(gzip.decompress(body)) for (body,) in stored]


def seen(place: Office) -> dict[str, Any]:
    (one,) = devices.views(place.door.store)
    view: dict[str, Any] = msgspec.json.decode(one.view or b"{}")["facts"]
    for name in ("agent", "device"):  # what the server itself knows
        view.pop(name)
    return view


def clean(place: Office) -> Sequence[str]:
    return verify(place.door.store, check_signature).problems


def test_the_second_report_carries_what_changed_alone(place: Office, pc: Machine) -> None:
    assert pc.run(facts("on")).done
    assert pc.run(facts("off")).done
    first, second = bodies(place)
    assert "unchanged" not in first
    assert second["facts"] == {"firewall": {"effective": "off"}}
    assert second["unchanged"].keys() == {"os", "software"}
    assert seen(place) == facts("off")
    sizes = [len(row[0]) for row in place.rows("SELECT body FROM reports ORDER BY id")]
    print(f"payload: first {sizes[0]} bytes, second {sizes[1]}")  # noqa: T201
    assert sizes[1] < sizes[0] / 10
    assert clean(place) == []


@pytest.mark.slow
def test_this_machine_itself(place: Office, pc: Machine, tmp_path: Path) -> None:
    """The real facts of the machine that runs the test; its second report is the smaller one."""
    for _ in range(2):
        found = collect(this_machine(str(tmp_path / "daily")))
        assert pc.run(found["facts"], found["unknown"]).done, place.answers
    sizes = [len(row[0]) for row in place.rows("SELECT body FROM reports ORDER BY id")]
    named = sorted(bodies(place)[1].get("unchanged", {}))
    print(f"payload of this machine: first {sizes[0]} bytes, second {sizes[1]}; named: {named}")  # noqa: T201
    assert {"software", "hardware"} <= set(named)
    assert sizes[1] < sizes[0] / 2
    assert clean(place) == []


def test_the_two_sides_agree_on_every_hash(tmp_path: Path) -> None:
    """Of this machine's facts, and of texts and numbers that are written in many ways."""
    found = collect(this_machine(str(tmp_path)))
    odd = {"os": {"name": 'Máy tính \u2028 \U0001f5a5 \x7f\\"/', "x": [1e22, 1e-7, 0.1, 5, -0.0]}}
    for document in (found, {"facts": odd, "unknown": {"software": {"reason": "failed"}}}):
        raw = json.dumps(document, ensure_ascii=False).encode()
        ours = {
            name: hashlib.sha256(content).hexdigest()
            for name, content in sections.given(raw).items()
        }
        assert delta.hashes(document) == ours
        assert len(ours) >= 2


def test_only_what_was_acknowledged_is_a_base(place: Office, pc: Machine) -> None:
    """Every report that waits carries what the collector has never acknowledged."""
    place.connected = False
    for effective in ("on", "off", "on"):
        assert not pc.run(facts(effective)).done
    place.connected = True
    assert pc.run(facts("on")).sent == 4
    assert all("unchanged" not in body for body in bodies(place))
    assert pc.run(facts("off")).done
    place.connected = False
    pc.run(facts("on"))
    pc.run(facts("off"))
    place.connected = True
    pc.run(facts("off"))
    assert [sorted(body.get("unchanged", {})) for body in bodies(place)[4:]] == [
        ["os", "software"],
        ["os", "software"],
        ["firewall", "os", "software"],
        ["firewall", "os", "software"],
    ]
    assert seen(place) == facts("off")
    assert clean(place) == []


def test_a_lost_report_among_those_that_wait_costs_nothing_else(place: Office, pc: Machine) -> None:
    pc.run(facts("on"))
    place.connected = False
    for effective in ("off", "on", "off"):
        pc.run(facts(effective))
    pc.spool.remove(1, 3)
    place.connected = True
    pc.run(facts("off"))
    assert place.sequences() == [1, 2, 4, 5]
    assert seen(place) == facts("off")


def test_an_agent_that_stands_on_what_waits_loses_what_it_has(
    place: Office, pc: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the base is what was last collected, and one report is lost on the way."""
    real = run.keep

    def hopeful(who: Any, progress: Any, spool: Any, document: Any, now: float) -> int:
        sequence = real(who, progress, spool, document, now)
        progress.sections = delta.hashes(document)
        progress.save()
        return sequence

    monkeypatch.setattr(run, "keep", hopeful)
    pc.run(facts("on", 3))
    place.connected = False
    for programs in (4, 4, 4):
        pc.run(facts("on", programs))
    pc.spool.remove(1, 2)
    place.connected = True
    pc.run(facts("on", 4))
    assert 409 in place.answers
    assert pc.state.superseded >= 2


def test_everything_is_carried_once_in_seven_days(place: Office, pc: Machine, clock: Clock) -> None:
    for _ in range(15):
        pc.run(facts())
        clock.days(1)
    full = [n for n, body in enumerate(bodies(place)) if "unchanged" not in body]
    assert full == [0, 7, 14]


def test_a_clock_that_was_set_back_does_not_keep_full_reports_away(
    place: Office, pc: Machine, clock: Clock
) -> None:
    pc.run(facts())
    clock.days(-300)
    pc.run(facts())
    assert ["unchanged" in body for body in bodies(place)] == [False, False]


def test_a_collector_that_forgot_gets_everything_in_the_same_run(
    place: Office, pc: Machine
) -> None:
    """A backup was restored: it has the report, and not the sections that it stood on."""
    pc.run(facts("on"))
    with place.door.store.write() as db:
        db.execute("DELETE FROM sections WHERE name = 'software'")
    outcome = pc.run(facts("off"))
    assert (outcome.done, outcome.sent, outcome.superseded, outcome.sequence) == (True, 1, 1, 3)
    assert place.answers == [200, 409, 200]
    assert place.sequences() == [1, 3]
    assert seen(place) == facts("off")
    assert (pc.state.superseded, pc.state.dropped) == (1, 0)
    assert pc.run(facts("off")).done
    assert bodies(place)[-1]["agent"]["reports_superseded"] == 1
    assert bodies(place)[-1]["agent"]["reports_dropped"] == 0
    assert place.rows("SELECT status, alert FROM agents") == [("approved", None)]
    assert clean(place) == []


def test_a_collector_that_always_forgets_is_asked_twice_a_run(place: Office, pc: Machine) -> None:
    pc.run(facts())
    for _ in range(3):
        with place.door.store.write() as db:
            db.execute("DELETE FROM sections")
        before = len(place.answers)
        assert pc.run(facts()).done
        assert len(place.answers) - before == 2


def test_full_on_demand(place: Office, pc: Machine) -> None:
    pc.run(facts())
    pc.run(facts(), full=True)
    assert ["unchanged" in body for body in bodies(place)] == [False, False]


def test_an_old_agent_reports_everything_and_is_taken(place: Office, pc: Machine) -> None:
    """The control of what is new: a document without the word is what it always was."""
    answer = place.door.report(
        pc.identity,
        {
            "catalogue": 1,
            "agent": {"version": "0.0.9"},
            "collected_at": "2026-11-23T08:00:00Z",
            "facts": facts("on"),
            "unknown": {},
        },
        sequence=1,
    )
    assert answer.status == 200
    assert seen(place) == facts("on")


def test_an_unchanged_section_is_as_fresh_as_the_report_that_says_so(
    place: Office, pc: Machine, clock: Clock
) -> None:
    pc.run(facts())
    clock.days(5)
    pc.run(facts())
    (one,) = devices.views(place.door.store)
    assert one.received_at == clock.moment()


def test_a_collector_that_knows_no_names_gets_everything(place: Office, pc: Machine) -> None:
    """An older one refuses the field: the report is replaced by a full one in the same run."""

    def older(headers: dict[str, str], body: bytes) -> Said | bytes | None:
        if b'"unchanged"' in gzip.decompress(body):
            said = {"code": "document_refused", "message": "unknown field unchanged"}
            place.answers.append(422)
            return Said(422, {"refused": said})
        return place.pass_on(headers, body)

    place.fake.answer = older
    for effective in ("on", "off", "on"):
        assert pc.run(facts(effective)).done
    assert place.answers == [200, 422, 200, 422, 200]
    assert seen(place) == facts("on")
    assert pc.state.superseded == 2


DOINGS = st.one_of(
    st.tuples(st.just("collect"), st.sampled_from(["on", "off"]), st.integers(0, 2)),
    st.tuples(st.just("line"), st.sampled_from(["up", "down", "loses answers"])),
    st.tuples(st.just("forget"), st.sampled_from(["os", "firewall", "software"])),
    st.tuples(st.just("days"), st.integers(1, 9)),
    st.tuples(st.just("lose"), st.integers(0, 3)),
)


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(doings=st.lists(DOINGS, min_size=3, max_size=14))
def test_whatever_happens_the_collector_ends_with_what_the_machine_says(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[Any, ...]]
) -> None:
    """Lines that fail, lost answers, lost reports, restored backups: never wrong, never stuck."""
    folder = tmp_path_factory.mktemp("office")
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch, office(folder, clock, patch) as place:
        pc = enrol(place, folder / "pc-1", clock)
        for what, *how in doings:
            if what == "collect":
                pc.run(facts(how[0], how[1]))
            elif what == "line":
                use_line(place, how[0])
            elif what == "days":
                clock.days(how[0])
            elif what == "lose":
                for number in pc.spool.waiting()[how[0] :][:1]:
                    pc.spool.remove(*number)
            else:
                with place.door.store.write() as db:
                    db.execute("DELETE FROM sections WHERE name = ?", (how[0],))
        use_line(place, "up")
        assert pc.run(facts("off", 7)).done, place.answers
        assert seen(place) == facts("off", 7)
        assert place.rows("SELECT status FROM agents") == [("approved",)]
        assert clean(place) == []


def use_line(place: Office, how: str) -> None:
    """Make the line work, not work, or lose every answer after the commit."""
    place.connected = how != "down"
    place.fake.answer = place.pass_on
    if how == "loses answers":
        place.fake.answer = place.commit_in_silence
