"""Taking in reports: order and repetition do not matter, and nothing is ever overwritten."""

from __future__ import annotations

import dataclasses
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory import agents, devices, intake
from inventory.errors import CannotUseDatabase, NoSuchAgent, NoSuchDevice
from inventory.intake import Incoming, accept, forget_bodies
from inventory.store import Store
from server.evidence import check_signature
from tests.inventory.office import NOW, Machine, at, rows

PC = Machine()
NUMBERS = [(epoch, sequence) for epoch in (1, 2) for sequence in (1, 2, 3, 4)]


def facts(word: str) -> dict[str, Any]:
    return {"os": {"family": "linux", "name": word}}


def outcomes(store: Store, *batch: Incoming) -> list[str]:
    return [one.code or one.outcome for one in accept(store, batch)]


def epoch_two(store: Store) -> None:
    PC.enrol(store)
    assert PC.enrol(store).epoch == 2


def ordered() -> list[Incoming]:
    return [
        PC.sends(sequence, epoch=epoch, facts=facts(f"{epoch}/{sequence}"))
        for epoch, sequence in NUMBERS
    ]


def left_behind(store: Store) -> tuple[Any, ...]:
    """All that must not depend on the order: the view, and every stored report."""
    (one,) = devices.views(store)
    assert one.view is not None
    view = msgspec.json.decode(one.view)
    del view["facts"]["agent"]["last_report"]  # when it came is not when it was made
    stored = rows(store, "SELECT agent, epoch, sequence, digest, signed, body FROM reports")
    return view, one.report, sorted(stored), one.status


def deliver(batches: Sequence[Sequence[Incoming]]) -> tuple[Any, Counter[str]]:
    told: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as parent,
        closing(Store.create(Path(parent) / "d")) as store,
    ):
        epoch_two(store)
        for number, batch in enumerate(batches):
            late = [dataclasses.replace(one, received_at=at(number)) for one in batch]
            told.update(outcomes(store, *late))
        return left_behind(store), told


@pytest.fixture(scope="module")
def expected() -> Any:
    """What is left by the ordered delivery, each report once."""
    left, told = deliver([ordered()])
    assert told == {"stored": len(NUMBERS)}
    assert left[0]["facts"]["os"]["name"] == "2/4"
    return left


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_order_and_any_repetition_leave_the_same(expected: Any, data: st.DataObject):
    again = data.draw(st.lists(st.sampled_from(range(len(NUMBERS))), max_size=8))
    sent = data.draw(st.permutations([*range(len(NUMBERS)), *again]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=4)))
    reports = ordered()
    edges = zip([0, *cuts], [*cuts, len(sent)], strict=True)
    left, told = deliver([[reports[number] for number in sent[a:b]] for a, b in edges])
    assert told == Counter({"stored": len(NUMBERS), "duplicate": len(again)})
    assert left == expected


def test_the_law_can_fail(expected: Any):
    """The control: one report less, or one with other facts, is seen by the law's comparison."""
    assert deliver([ordered()[:-1]])[0] != expected
    other = [*ordered()[:-1], PC.sends(4, epoch=2, facts=facts("other"))]
    assert deliver([other])[0] != expected


def test_a_conflict_is_kept_apart_and_calls_a_person(store: Store):
    PC.enrol(store)
    first = PC.sends(7, facts=facts("mine"), peer="10.0.0.1", seconds=1)
    other = PC.sends(7, facts=facts("clone"), peer="10.9.9.9", seconds=2)
    assert outcomes(store, first, other) == ["stored", "conflict"]
    agent = agents.get(store, PC.agent)
    assert agent is not None
    assert agent.status == "quarantined"
    assert agent.alert is not None
    assert "10.0.0.1" in agent.alert
    assert "10.9.9.9" in agent.alert
    kept = [
        rows(store, f"SELECT signed, body, peer FROM {table}")  # noqa: S608 - two constants
        for table in ("reports", "quarantined_reports")
    ]
    assert kept == [[(one.signed, one.body, one.peer)] for one in (first, other)]
    for (signed, body, _), *_rest in kept:
        assert check_signature(PC.identity.public_key, signed, body) is None
    (one,) = devices.views(store)
    assert one.view is not None
    assert msgspec.json.decode(one.view)["facts"]["os"]["name"] == "mine"
    entries = rows(store, "SELECT action FROM audit WHERE action = 'agent quarantined'")
    assert len(entries) == 1


def test_in_quarantine_nothing_new_counts_but_evidence_is_kept(store: Store):
    PC.enrol(store)
    outcomes(store, PC.sends(1), PC.sends(1, facts=facts("clone")))
    before = left_behind(store)
    assert outcomes(store, PC.sends(2), PC.sends(2), PC.sends(1)) == [
        *("quarantined", "quarantined", "duplicate")
    ]
    assert left_behind(store) == before
    assert len(rows(store, "SELECT 1 FROM quarantined_reports")) == 2
    agents.approve(store, PC.agent, by="officer")
    assert outcomes(store, PC.sends(2)) == ["stored"]
    assert outcomes(store, PC.sends(1, facts=facts("clone"))) == ["conflict"]  # it is still there


def test_a_flood_in_quarantine_is_bounded_and_hides_no_conflict(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "MOST_QUARANTINED", 5)
    PC.enrol(store)
    outcomes(store, PC.sends(1), PC.sends(1, facts=facts("clone")))
    outcomes(store, *(PC.sends(number) for number in range(2, 30)))
    assert len(rows(store, "SELECT 1 FROM quarantined_reports")) == 5
    agents.approve(store, PC.agent, by="officer")
    clone = PC.sends(1, facts=facts("clone again"))
    assert outcomes(store, clone) == ["conflict"]
    assert rows(store, "SELECT body FROM quarantined_reports ORDER BY id DESC LIMIT 1") == [
        (clone.body,)
    ]


def test_who_may_not_report_is_refused_and_nothing_is_kept(store: Store):
    pending, revoked, ahead = Machine("pending"), Machine("revoked"), Machine("ahead")
    pending.enrol(store, approve=False)
    revoked.enrol(store)
    agents.revoke(store, revoked.agent, by="officer", why="sold")
    ahead.enrol(store)
    batch = [pending.sends(), revoked.sends(), ahead.sends(epoch=2), Machine("stranger").sends()]
    assert outcomes(store, *batch) == ["pending", "revoked", "epoch_ahead", "unknown"]
    assert rows(store, "SELECT * FROM reports") == []
    agents.approve(store, pending.agent, by="officer")
    agents.approve(store, revoked.agent, by="officer")
    ahead.enrol(store)
    assert outcomes(store, *batch) == ["stored", "stored", "stored", "unknown"]  # the control


def test_only_a_person_lifts_what_a_person_decided(store: Store):
    PC.enrol(store)
    agents.revoke(store, PC.agent, by="officer", why="stolen")
    assert PC.enrol(store, approve=True).status == "pending"
    agents.approve(store, PC.agent, by="officer")
    outcomes(store, PC.sends(1), PC.sends(1, facts=facts("clone")))
    assert PC.enrol(store, approve=True).status == "quarantined"
    with pytest.raises(NoSuchAgent, match="rasoat agent list"):
        agents.approve(store, "nobody", by="officer")
    with pytest.raises(NoSuchDevice):
        devices.view(store, "nobody")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sequence": 2**63},
        {"digest": b"short"},
        {"report": None},
        {"peer": "\ud800"},
        {"signed": None},
    ],
)
def test_one_bad_report_does_not_spoil_the_batch(
    store: Store, wrong: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    PC.enrol(store)
    bad = dataclasses.replace(PC.sends(2), **wrong)
    assert outcomes(store, PC.sends(1), bad, PC.sends(3)) == ["stored", "fault", "stored"]
    assert "Traceback" in capsys.readouterr().err  # it is not hidden
    assert rows(store, "SELECT sequence FROM reports ORDER BY id") == [(1,), (3,)]
    assert devices.views(store)[0].report == f"{PC.agent}/1/3"


def test_a_disk_that_is_full_spoils_the_whole_batch(store: Store):
    PC.enrol(store)
    outcomes(store, PC.sends(1))
    with store.write() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count={pages}")
    chance = random.Random(1)
    noise = [bytes(chance.randrange(256) for _ in range(20_000)) for _ in range(9)]
    batch = [dataclasses.replace(PC.sends(2 + n), body=body) for n, body in enumerate(noise)]
    with pytest.raises(CannotUseDatabase):
        accept(store, batch)
    assert rows(store, "SELECT sequence FROM reports") == [(1,)]


def test_forgotten_bodies_leave_their_numbers(store: Store):
    PC.enrol(store)
    batch = [PC.sends(number, facts=facts(str(number)), seconds=number) for number in (1, 2, 3)]
    outcomes(store, *batch)
    assert forget_bodies(store, NOW) == 0
    assert forget_bodies(store, at(100)) == 2
    assert forget_bodies(store, at(100)) == 0
    assert rows(store, "SELECT sequence, body IS NULL FROM reports ORDER BY id") == [
        *((1, 1), (2, 1), (3, 0))
    ]
    assert outcomes(store, *batch) == ["duplicate"] * 3
    assert outcomes(store, PC.sends(1, facts=facts("other"))) == ["conflict"]


def test_an_older_report_is_evidence_and_never_the_view(store: Store):
    epoch_two(store)
    outcomes(store, PC.sends(5, epoch=2, facts=facts("new"), seconds=1))
    outcomes(store, PC.sends(9, epoch=1, facts=facts("old"), seconds=2))
    outcomes(store, PC.sends(4, epoch=2, facts=facts("older"), seconds=3))
    shown = devices.show(store, PC.device)
    assert shown["facts"]["os"]["name"] == "new"
    assert shown["changes"] == []
    assert len(rows(store, "SELECT 1 FROM reports")) == 3
    agent = agents.get(store, PC.agent)
    assert agent is not None
    assert agent.last_report_at == at(3)  # it is alive


def test_changes_are_logged_with_their_report(store: Store):
    PC.enrol(store)
    outcomes(store, PC.sends(1, facts=facts("Debian")), PC.sends(2, facts=facts("Ubuntu")))
    (change,) = devices.show(store, PC.device)["changes"]
    assert change["path"] == "os.name"
    assert (change["old"], change["new"]) == ('"Debian"', '"Ubuntu"')
    assert change["report"] == f"{PC.agent}/1/2"


def test_a_device_that_never_reported_is_expected_all_the_same(store: Store):
    PC.enrol(store)
    sold = Machine("sold")
    sold.enrol(store)
    agents.revoke(store, sold.agent, by="officer", why="sold")
    (one,) = devices.views(store)
    assert (one.device, one.received_at) == (PC.device, None)
    shown = devices.show(store, PC.device)
    assert set(shown["facts"]) == {"device"}  # what the server itself knows
    assert {why["reason"] for why in shown["unknown"].values()} == {"never_reported"}
    assert devices.view(store, sold.device).status == "revoked"
