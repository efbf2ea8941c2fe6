"""Thirty days without a line, then with one: in order, nothing twice, what is dropped counted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from agents import spool
from agents.spool import DAY, Spool
from agents.state import State
from inventory.verify import verify
from server.evidence import check_signature
from tests.server.line import Clock, Machine, Office, enrol, software

A_DAY = 6  #: reports


@pytest.fixture
def pc(place: Office, tmp_path: Path, clock: Clock) -> Machine:
    machine = enrol(place, tmp_path / "pc-1", clock)
    assert machine.run(facts(0)).done
    return machine


def facts(number: int, programs: int = 20) -> dict[str, Any]:
    """What changes every time, what changes now and then, and what does not."""
    return {
        "os": {"family": "linux", "version": str(number)},
        "firewall": {"effective": "on" if number % 4 else "off"},
        "software": software(programs, number // 10),
    }


def offline(place: Office, pc: Machine, days: int, programs: int = 20) -> dict[int, float]:
    """Sequence → when it was made, of reports on days without a line."""
    place.connected = False
    made = {}
    for _ in range(days * A_DAY):
        pc.clock.days(1 / A_DAY)
        outcome = pc.run(facts(pc.made, programs))
        assert not outcome.done
        made[outcome.sequence] = pc.clock()
    place.connected = True
    return made


def online(place: Office, pc: Machine) -> list[str]:
    """Runs until nothing waits; what the server's "last seen" was after each request."""
    seen: list[str] = []

    def watched(headers: dict[str, str], body: bytes) -> bytes | None:
        answer = place.pass_on(headers, body)
        seen.extend(row[0] for row in place.rows("SELECT last_report_at FROM agents"))
        pc.clock.at += 1
        return answer

    place.fake.answer = watched
    for _ in range(5):
        pc.clock.days(1 / A_DAY)
        if pc.run(facts(pc.made)).done:
            break
    place.fake.answer = place.pass_on
    return seen


def unaccounted(place: Office, pc: Machine) -> int:
    """How many reports neither arrived, nor wait, nor were counted as dropped or replaced."""
    kept = pc.state
    arrived = set(place.sequences()) | {sequence for _, sequence in pc.spool.waiting()}
    return kept.next_sequence - 1 - len(arrived) - kept.dropped - kept.superseded


def newest_says(place: Office) -> dict[str, Any]:
    """The agent section of the newest report that arrived."""
    body = place.rows("SELECT body FROM reports ORDER BY sequence DESC LIMIT 1")[0][0]
    section: dict[str, Any] = json.loads(gzip.decompress(body))["agent"]
    return section


@pytest.mark.slow
def test_thirty_days_arrive_in_order_and_last_seen_never_goes_back(
    place: Office, pc: Machine
) -> None:
    made = offline(place, pc, 30)
    assert len(pc.spool.waiting()) == 30 * A_DAY
    seen = online(place, pc)
    assert place.sequences() == list(range(1, 30 * A_DAY + 3))
    assert set(made) < set(place.sequences())
    assert seen == sorted(seen)
    assert len(set(seen)) > 100
    assert (unaccounted(place, pc), pc.state.dropped) == (0, 0)
    versions = place.rows("SELECT new FROM changes WHERE path = 'os.version' ORDER BY id")
    assert [int(json.loads(new)) for (new,) in versions] == list(range(1, 30 * A_DAY + 2))
    assert verify(place.door.store, check_signature).problems == []


def test_last_seen_does_not_go_back_when_the_servers_clock_does(place: Office, pc: Machine) -> None:
    (before,) = place.rows("SELECT last_report_at FROM agents")
    pc.clock.days(-2)
    assert pc.run(facts(1)).done
    assert place.rows("SELECT last_report_at FROM agents") == [before]


def thinned(
    place: Office, pc: Machine, patch: pytest.MonkeyPatch, days: int
) -> tuple[dict[int, float], int]:
    """(all that was made, its bytes allowed) of days without a line and a small spool."""
    allowed = 60 << 10
    patch.setattr(spool, "MOST_BYTES", allowed)
    return offline(place, pc, days, programs=60), allowed


def test_a_full_spool_thins_days_and_counts_exactly(
    place: Office, pc: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, allowed = thinned(place, pc, monkeypatch, 20)
    waiting = [sequence for _, sequence in pc.spool.waiting()]
    files = [path.stat().st_size for path in (Path(pc.folder) / "spool").iterdir()]
    assert 0.7 * allowed < sum(files) <= allowed
    dropped = sorted(set(made) - set(waiting))
    assert len(dropped) >= 30
    days = {int(at) // DAY for at in made.values()}
    last_of_days = {max(s for s, at in made.items() if int(at) // DAY == day) for day in days}
    assert last_of_days <= set(waiting), "every day keeps its newest"
    assert max(made) in waiting
    online(place, pc)
    assert place.sequences() == [1, *waiting, max(made) + 1]
    assert (unaccounted(place, pc), pc.state.dropped) == (0, len(dropped))
    said = newest_says(place)
    assert said["reports_dropped"] == len(dropped)
    stamps = [pc.clock.__class__(made[one]).moment() for one in (dropped[0], dropped[-1])]
    assert (said["reports_dropped_from"], said["reports_dropped_to"]) == tuple(
        f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in stamps
    )


def test_a_spool_that_drops_silently_is_caught(
    place: Office, pc: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: reports are removed and nobody counts them."""

    def silent(self: Spool, _: State, reports: list[tuple[int, int]]) -> None:
        for one in reports:
            self.remove(*one)

    monkeypatch.setattr(Spool, "give_up", silent)
    thinned(place, pc, monkeypatch, 20)
    online(place, pc)
    assert unaccounted(place, pc) >= 30


def test_when_days_alone_are_too_many_the_oldest_go(
    place: Office, pc: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "MOST_REPORTS", 4)
    made = offline(place, pc, 8)
    days = sorted({int(at) // DAY for at in made.values()})
    newest = [max(s for s, at in made.items() if int(at) // DAY == day) for day in days]
    assert [sequence for _, sequence in pc.spool.waiting()] == newest[-4:]
    online(place, pc)
    assert unaccounted(place, pc) == 0


def test_full_reports_go_before_those_that_carry_changes(
    place: Office, pc: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.connected = False
    kinds = {}
    for number in range(6):
        outcome = pc.run(facts(1), full=number % 2 == 0)
        kinds[outcome.sequence] = "full" if number % 2 == 0 else "delta"
        if number % 2 == 0:  # as if the collector had acknowledged one meanwhile
            kept = pc.state
            kept.sections = {"software": "0" * 64, **_hashes(facts(1))}
            kept.save()
    monkeypatch.setattr(spool, "MOST_REPORTS", 3)
    pc.spool.bound(pc.state)
    assert [kinds[sequence] for _, sequence in pc.spool.waiting()] == ["delta"] * 3


def _hashes(found: dict[str, Any]) -> dict[str, str]:
    from agents import delta

    return delta.hashes({"facts": found})


def test_what_waits_over_sixty_days_goes_when_delivery_was_tried(
    place: Office, pc: Machine
) -> None:
    place.connected = False
    for _ in range(35):
        pc.clock.days(2)
        pc.run(facts(1))
    oldest = pc.spool.made(*pc.spool.waiting()[0])
    assert pc.clock() - oldest <= 60 * DAY
    assert pc.state.dropped == 35 - len(pc.spool.waiting()) == 4
    pc.clock.days(100)  # as a clock that was wrong all the time, and is put right
    place.connected = True
    outcome = pc.run(facts(1))
    assert (outcome.sent, outcome.dropped, outcome.done) == (32, 0, True)
    assert unaccounted(place, pc) == 0


def test_the_newest_is_never_given_up(
    place: Office, pc: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "MOST_BYTES", 1)
    place.connected = False
    for _ in range(3):
        sequence = pc.run(facts(1)).sequence
        assert pc.spool.waiting() == [(1, sequence)]
    pc.clock.days(1000)
    assert pc.spool.expire(pc.state, pc.clock()) == 0
