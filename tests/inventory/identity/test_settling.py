"""Devices in the store: joined as reports and scans come, and as all of them at once would be."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inventory import devices, intake
from inventory.errors import NoSuchDevice, NothingToDecide
from inventory.identity import deciding, explaining, proposing, settling
from inventory.identity.resolving import resolve
from inventory.store import Store
from tests.inventory.identity.network import host, take_in
from tests.inventory.identity.seen import mac, uuid
from tests.inventory.office import Machine, at, rows

DAY = 86_400


def facts(board: str, name: str, ip: str = "", **more: Any) -> dict[str, Any]:
    """What a PC with the board of that letter reports."""
    addresses = [{"address": ip, "prefix": 24}] if ip else []
    return {
        "os": {"family": "windows", "hostname": name},
        "hardware": {"uuid": uuid(board), "serial": f"SN-{board}"},
        "network": {
            "interfaces": [
                {"name": "lan", "kind": "ethernet", "mac": mac(board), "addresses": addresses}
            ]
        },
    } | more


def report(
    store: Store, key: str, board: str, sequence: int, seconds: int, name: str = "", ip: str = ""
) -> None:
    """One report of an agent, whose key runs on a board."""
    sent = Machine(key).sends(
        sequence, facts=facts(board, name or f"PC-{board}", ip), seconds=seconds
    )
    assert intake.accept(store, [sent])[0].outcome == "stored"


def members(store: Store) -> set[frozenset[str]]:
    """The devices as sets of their observations."""
    found: dict[str, set[str]] = {}
    for one, device in rows(store, "SELECT id, device FROM observations"):
        found.setdefault(device, set()).add(one)
    return {frozenset(one) for one in found.values()}


def test_a_reimaged_pc_stays_one_device_and_keeps_its_first_id(store: Store) -> None:
    old, new = Machine("old"), Machine("new")
    old.enrol(store)
    report(store, "old", "A", 1, 0)
    new.enrol(store)
    report(store, "new", "A", 1, 2 * DAY)
    settling.settle(store, at(2 * DAY))
    (one,) = devices.views(store, at(2 * DAY))
    assert (one.device, one.agent) == (old.device, new.agent)
    assert devices.view(store, new.device).device == old.device


def test_one_key_on_two_boards_at_once_is_two_devices(store: Store) -> None:
    Machine("disk").enrol(store)
    for turn in range(4):
        report(store, "disk", "AB"[turn % 2], turn + 1, turn * 3600)
    settling.settle(store, at(4 * 3600))
    assert len(members(store)) == 2
    told = explaining.explain(store, Machine("disk").device)
    assert [one["why"] for one in told["refusals"]] == ["cloned_key"]


def test_a_board_that_was_read_later_is_no_second_machine(store: Store) -> None:
    pc = Machine("pc")
    pc.enrol(store)
    bare = pc.sends(1, facts={"os": {"family": "windows", "hostname": "PC-A"}})
    intake.accept(store, [bare])
    report(store, "pc", "A", 2, 3600)
    bare = pc.sends(3, facts={"os": {"family": "windows", "hostname": "PC-A"}}, seconds=7200)
    intake.accept(store, [bare])
    assert [set(one) for one in members(store)] == [{f"agent:{pc.agent}:{uuid('A')}"}]


def test_a_host_of_the_network_joins_by_its_card(store: Store) -> None:
    pc = Machine("pc")
    pc.enrol(store)
    report(store, "pc", "A", 1, 0, ip="10.1.0.5")
    take_in(store, 1, at(60), host("10.1.0.5", mac("A"), "drops"), host("10.1.0.9", mac("Z")))
    settling.settle(store, at(60))
    known = {one.state: one for one in devices.everything(store, at(60))}
    assert set(known) == {"unregistered", "unknown_device"}
    assert known["unregistered"].address == "10.1.0.5"
    assert known["unknown_device"].address == "10.1.0.9"


def test_across_a_router_an_address_counts_while_it_is_the_machines(store: Store) -> None:
    Machine("pc").enrol(store)
    report(store, "pc", "A", 1, 0, ip="10.2.0.5")
    take_in(store, 1, at(3600), host("10.2.0.5", name="PC-A"))
    settling.settle(store, at(3600))
    assert len(members(store)) == 1
    report(store, "pc", "A", 2, 3 * DAY, ip="10.2.0.77")
    take_in(store, 2, at(3 * DAY + 60), host("10.2.0.5"))  # the lease went to somebody else
    settling.settle(store, at(3 * DAY + 60))
    assert len(members(store)) == 2


def test_a_person_joins_and_parts_and_all_is_as_it_was(store: Store) -> None:
    for key, board in (("one", "A"), ("two", "B")):
        Machine(key).enrol(store)
        report(store, key, board, 1, 0 if key == "one" else 2 * DAY)
    settling.settle(store, at(2 * DAY))
    before = rows(store, "SELECT id, device FROM observations ORDER BY id")
    one, two = Machine("one").device, Machine("two").device
    what: Any = {"by": "officer", "why": "same PC, new mainboard", "now": at(2 * DAY)}
    kept = deciding.merge(store, one, two, **what)
    assert kept in {one, two}
    assert len(members(store)) == 1
    assert explaining.explain(store, kept)["links"][0]["by"] == "decision"
    with pytest.raises(NothingToDecide, match="one device already"):
        deciding.merge(store, one, two, **what)
    part = [row[0] for row in before if row[1] == two]
    with pytest.raises(NothingToDecide, match="no observation of"):
        deciding.split(store, kept, ["agent:x:y"], **what)
    assert deciding.split(store, kept, part, **what) == sorted([one, two])
    assert rows(store, "SELECT id, device FROM observations ORDER BY id") == before
    actions = [
        row[0] for row in rows(store, "SELECT action FROM audit ORDER BY number DESC LIMIT 2")
    ]
    assert actions == ["device split", "devices merged"]
    with pytest.raises(NoSuchDevice):
        deciding.merge(store, one, "d-nobody", **what)


def test_what_evidence_leaves_open_is_asked_until_a_person_answers(store: Store) -> None:
    Machine("pc").enrol(store)
    report(store, "pc", "A", 1, 0, name="PC-A")
    take_in(store, 1, at(60), host("10.1.0.5", name="PC-A"), host("10.1.0.6", name="PC-B"))
    settling.settle(store, at(60))
    (asked,) = proposing.proposals(store)
    assert asked.points == 20
    assert explaining.asked(asked)["because"][0]["why"] == "below_threshold"
    what: Any = {"by": "officer", "why": "another PC of that name", "now": at(120)}
    deciding.keep_apart(store, asked.one, asked.other, **what)
    assert proposing.proposals(store) == []
    assert rows(store, "SELECT action FROM audit ORDER BY number DESC LIMIT 1") == [
        ("devices kept apart",)
    ]
    kept = deciding.merge(store, asked.one, asked.other, **what)  # takes it back
    assert len(members(store)) == 2
    assert proposing.proposals(store) == []
    with pytest.raises(NothingToDecide, match="device split"):
        deciding.keep_apart(store, kept, asked.other, **what)


def test_what_was_answered_by_evidence_is_not_asked(store: Store) -> None:
    for key in ("one", "two"):
        Machine(key).enrol(store)
        report(store, key, "A" if key == "one" else "B", 1, 0, name="PC-A")
        report(store, key, "A" if key == "one" else "B", 2, DAY, name="PC-A")
    settling.settle(store, at(DAY))
    told = explaining.explain(store, Machine("one").device)
    assert [one["why"] for one in told["refusals"]] in ([], ["both_alive"])
    assert proposing.proposals(store) == []


def office(seed: int) -> list[tuple[str, Any]]:
    """Reports and scans of a small office in which everything happens, in the order of time."""
    chance = random.Random(seed)
    happened: list[tuple[str, Any]] = []
    boards = "ABCDEF"
    for key, board in zip(("k1", "k2", "k3", "k4"), chance.choices(boards, k=4), strict=True):
        start = chance.randrange(20) * DAY
        for turn in range(chance.randrange(1, 4)):
            ip = f"10.1.0.{chance.randrange(2, 8)}"
            happened.append(("report", (key, board, turn + 1, start + turn * DAY, "", ip)))
    for number in range(1, 4):
        when = chance.randrange(25) * DAY + number
        seen = [
            host(f"10.1.0.{place}", chance.choice([mac(chance.choice(boards)), ""]))
            for place in range(2, 2 + chance.randrange(1, 4))
        ]
        happened.append(("scan", (number, when, seen)))
    return happened


def told(folder: Path, happened: list[tuple[str, Any]], *, each: bool) -> set[frozenset[str]]:
    """What the store makes of it, settled after each piece of news or once at the end."""
    store = Store.create(folder)
    try:
        for key in ("k1", "k2", "k3", "k4"):
            Machine(key).enrol(store)
        for what, news in happened:
            if what == "report":
                report(store, *news)
            else:
                number, when, seen = news
                take_in(store, number, at(when), *seen)
            if each:
                settling.settle(store, at(60 * DAY))
        settling.settle(store, at(60 * DAY))
        found = members(store)
        everyone = {row[0] for row in rows(store, "SELECT id FROM observations")}
        whole, beyond = settling.observations_of(store.reader(), everyone)
        assert not beyond
        assert {frozenset(one.members) for one in resolve(whole).machines} == found
        return found
    finally:
        store.close()


def shuffled(happened: list[tuple[str, Any]], seed: int) -> list[tuple[str, Any]]:
    """Another order in which the same may arrive: each agent's reports keep theirs."""
    chance = random.Random(seed)
    mixed = happened[:]
    chance.shuffle(mixed)
    queues: dict[str, list[tuple[str, Any]]] = {}
    for what, news in happened:
        if what == "report":
            queues.setdefault(news[0], []).append((what, news))
    return [queues[news[0]].pop(0) if what == "report" else (what, news) for what, news in mixed]


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_any_order_of_arrival_gives_the_same_devices(
    tmp_path_factory: pytest.TempPathFactory, seed: int, order: int
) -> None:
    happened = office(seed)
    folder = tmp_path_factory.mktemp("orders")
    first = told(folder / "a", happened, each=False)
    assert told(folder / "b", shuffled(happened, order), each=True) == first
    assert len(first) > 0


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_a_split_undoes_a_merge_of_any_two_devices_exactly(
    tmp_path_factory: pytest.TempPathFactory, seed: int, choice: int
) -> None:
    store = Store.create(tmp_path_factory.mktemp("undone") / "a")
    try:
        for key in ("k1", "k2", "k3", "k4"):
            Machine(key).enrol(store)
        for kind, news in office(seed):
            if kind == "report":
                report(store, *news)
            else:
                take_in(store, news[0], at(news[1]), *news[2])
        settling.settle(store, at(60 * DAY))
        before = _devices(store)
        known = sorted({device for _, device in before})
        assume(len(known) > 1)
        one, other = random.Random(choice).sample(known, 2)
        what: Any = {"by": "officer", "why": "a test", "now": at(60 * DAY)}
        kept = deciding.merge(store, one, other, **what)
        assert len({device for _, device in _devices(store)}) < len(known)
        part = [name for name, device in before if device == other]
        deciding.split(store, kept, part, **what)
        assert _devices(store) == before
    finally:
        store.close()


def _devices(store: Store) -> list[Any]:
    return rows(store, "SELECT id, device FROM observations ORDER BY id")
