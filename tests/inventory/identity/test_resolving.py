"""The hard cases of identity, each as an office meets it, and the laws over all of them."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.identity.evidence import Kind, Observation
from inventory.identity.resolution import Decisions, Resolution
from inventory.identity.resolving import connected, resolve
from tests.inventory.identity.seen import agent, asset, host, mac, uuid

#: case → (observations, the machines they are)
CASES: dict[str, tuple[list[Observation], list[set[str]]]] = {
    "re-imaged: a new key on the same board": (
        [agent("old", (0, 10), "A"), agent("new", (11, 20), "A")],
        [{"agent:old:A", "agent:new:A"}],
    ),
    "a replaced mainboard: the same key, disk and name": (
        [
            agent("k", (0, 10), "A", name="PC-07"),
            agent("k", (11, 20), "B", name="PC-07", disk="DISK-A"),
        ],
        [{"agent:k:A", "agent:k:B"}],
    ),
    "a replaced network card": (
        [
            agent("k", (0, 20), "A", mac=[mac("A"), mac("new card")]),
            host("1", 3, mac=mac("A")),
            host("2", 18, mac=mac("new card")),
        ],
        [{"agent:k:A", "host:1", "host:2"}],
    ),
    "a dock that two machines share": (
        [
            agent("a", (0, 20), "A", mac=[mac("A"), mac("dock")]),
            agent("b", (0, 20), "B", mac=[mac("B"), mac("dock")]),
            host("dock", 5, mac=mac("dock")),
        ],
        [{"agent:a:A"}, {"agent:b:B"}, {"host:dock"}],
    ),
    "a dock that two machines share, at an address that one of them had with it": (
        [
            agent("a", (0, 20), "A", mac=[mac("A"), mac("dock")], name="PC-A"),
            agent("b", (0, 20), "B", mac=[mac("B"), mac("dock")], name="PC-B", address="10.1.0.9"),
            host("dock", 5, mac=mac("dock"), address="10.1.0.9", name="PC-B"),
        ],
        [{"agent:a:A"}, {"agent:b:B"}, {"host:dock"}],
    ),
    "renamed since it was registered, and no agent: its MAC tells": (
        [asset(1, mac=mac("A"), name="PC-07"), host("1", 5, mac=mac("A"), name="KETOAN-1")],
        [{"asset:1", "host:1"}],
    ),
    "a cloned disk: one key on two boards at once": (
        [agent("k", (0, 20), "A"), agent("k", (1, 19), "B", disk="DISK-A")],
        [{"agent:k:A"}, {"agent:k:B"}],
    ),
    "a disk copied into another machine, one after the other": (
        [
            agent("k", (0, 10), "A", name="PC-07", serial=""),
            agent("k", (11, 20), "B", name="PC-07", serial=""),
        ],
        [{"agent:k:A"}, {"agent:k:B"}],
    ),
    "two live machines of one UUID": (
        [agent("a", (0, 20), "A"), agent("b", (0, 20), "B", uuid=uuid("A"))],
        [{"agent:a:A"}, {"agent:b:B"}],
    ),
    "twenty PCs of one UUID, and the register's rows by serial": (
        list(
            chain.from_iterable(
                (
                    agent(f"k{n}", (0, 20), f"B{n}", uuid=uuid("same")),
                    asset(n, serial=f"SN-B{n}", uuid=uuid("same")),
                )
                for n in range(20)
            )
        ),
        [{f"agent:k{n}:B{n}", f"asset:{n}"} for n in range(20)],
    ),
    "random Wi-Fi addresses say nothing": (
        [
            agent("a", (0, 20), "A", mac="da:11:22:33:44:55"),
            agent("b", (30, 40), "B", mac="da:11:22:33:44:55"),
            host("x", 5, mac="da:11:22:33:44:55"),
        ],
        [{"agent:a:A"}, {"agent:b:B"}, {"host:x"}],
    ),
    "a renamed host, found by its serial": (
        [agent("k", (0, 20), "A", name="KETOAN-1"), asset(1, serial="SN-A", name="PC-07")],
        [{"agent:k:A", "asset:1"}],
    ),
    "DHCP gives one address to two machines in turn": (
        [
            agent("a", (0, 5), "A", address="10.1.0.9"),
            agent("b", (6, 20), "B", address="10.1.0.9"),
            host("routed", 9, address="10.1.0.9"),
        ],
        [{"agent:a:A"}, {"agent:b:B", "host:routed"}],
    ),
    "DHCP gives one address to two hosts of the LAN": (
        [
            host("1", 3, mac=mac("one"), address="10.1.0.9"),
            host("2", 3, mac=mac("two"), address="10.1.0.9"),
        ],
        [{"host:1"}, {"host:2"}],
    ),
    "seen across a router only, at the right time": (
        [agent("a", (0, 20), "A", address="10.2.0.4"), host("r", 9, address="10.2.0.4")],
        [{"agent:a:A", "host:r"}],
    ),
    "two cards of one machine seen as two hosts": (
        [
            agent("a", (0, 20), "A", mac=[mac("A"), mac("wifi")]),
            host("1", 5, mac=mac("A")),
            host("2", 5, mac=mac("wifi")),
        ],
        [{"agent:a:A", "host:1", "host:2"}],
    ),
    "a virtual machine's host and its guests": (
        [
            agent("h", (0, 20), "H", mac=[mac("H"), "00:50:56:c0:00:01"]),
            agent("g", (0, 20), "G", serial="", mac="00:50:56:9a:11:22"),
            host("g", 5, mac="00:50:56:9a:11:22"),
        ],
        [{"agent:h:H"}, {"agent:g:G", "host:g"}],
    ),
    "two serials swapped in the register: nobody is joined to the wrong row": (
        [
            agent("a", (0, 20), "A", name="PC-A"),
            agent("b", (0, 20), "B", name="PC-B"),
            asset(1, serial="SN-B", name="PC-A"),
            asset(2, serial="SN-A", name="PC-B"),
        ],
        [{"agent:a:A"}, {"agent:b:B"}, {"asset:1"}, {"asset:2"}],
    ),
    "a serial mistyped in the register, the MAC and the name right": (
        [
            agent("a", (0, 20), "A", name="PC-A"),
            asset(1, serial="SN-AA", mac=mac("A"), name="PC-A"),
        ],
        [{"agent:a:A", "asset:1"}],
    ),
    "a name alone joins nobody": (
        [agent("a", (0, 20), "A", name="PC-A"), asset(1, name="PC-A")],
        [{"agent:a:A"}, {"asset:1"}],
    ),
    "a card moved into another machine": (
        [
            agent("a", (0, 10), "A", mac=[mac("A"), mac("card")]),
            agent("b", (12, 20), "B", mac=[mac("B"), mac("card")]),
            host("before", 5, mac=mac("card")),
        ],
        [{"agent:a:A", "host:before"}, {"agent:b:B"}],
    ),
    "a UUID in both byte orders": (
        [
            agent("a", (0, 20), "A", uuid="00112233-4455-6677-8899-aabbccddeeff"),
            asset(1, uuid="33221100-5544-7766-8899-AABBCCDDEEFF"),
        ],
        [{"agent:a:A", "asset:1"}],
    ),
    "junk serials join nobody": (
        [
            agent("a", (0, 20), serial="To be filled by O.E.M."),
            agent("b", (30, 40), serial="To Be Filled By O.E.M."),
            asset(1, serial="Default string"),
        ],
        [{"agent:a:"}, {"agent:b:"}, {"asset:1"}],
    ),
    "two rows of the register that say the same": (
        [agent("a", (0, 20), "A"), asset(1, serial="SN-A"), asset(2, serial="SN-A")],
        [{"agent:a:A"}, {"asset:1"}, {"asset:2"}],
    ),
}


def machines(resolution: Resolution) -> list[set[str]]:
    return [set(one.members) for one in resolution.machines]


def same(found: list[set[str]], expected: list[set[str]]) -> bool:
    return sorted(map(sorted, found)) == sorted(map(sorted, expected))


@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    observations, expected = CASES[case]
    resolution = resolve(observations)
    assert same(machines(resolution), expected), resolution.refusals


def test_every_link_and_every_refusal_is_explained() -> None:
    links = refusals = 0
    for observations, _ in CASES.values():
        resolution = resolve(observations)
        for machine in resolution.machines:
            assert len(machine.links) == len(machine.members) - 1
            assert all(link.lines and link.points >= 50 for link in machine.links)
            links += len(machine.links)
        assert all(one.why and one.lines for one in resolution.refusals)
        refusals += len(resolution.refusals)
    assert links >= 30
    assert refusals >= 8


@given(st.sampled_from(sorted(CASES)), st.randoms())
def test_the_order_of_arrival_does_not_matter(case: str, chance: object) -> None:
    observations = list(CASES[case][0])
    expected = resolve(observations)
    chance.shuffle(observations)  # type: ignore[attr-defined]
    assert resolve(observations) == expected


@given(st.sets(st.sampled_from(sorted(CASES)), min_size=2, max_size=5))
def test_parts_that_share_nothing_resolve_alone_as_among_all(cases: set[str]) -> None:
    every = {one.id: one for case in cases for one in CASES[case][0]}
    together = machines(resolve(every.values()))
    alone = [group for part in connected(every.values()) for group in machines(resolve(part))]
    assert same(together, alone)


def test_a_person_joins_what_evidence_does_not_and_undoes_it_exactly() -> None:
    observations = CASES["a name alone joins nobody"][0]
    before = resolve(observations)
    pair = frozenset(one.id for one in observations)
    joined = resolve(observations, Decisions(together=frozenset([pair])))
    assert machines(joined) == [set(pair)]
    assert joined.machines[0].links[0].by == "decision"
    assert resolve(observations, Decisions()) == before


def test_a_person_parts_what_evidence_joins() -> None:
    observations = CASES["a renamed host, found by its serial"][0]
    pair = frozenset(one.id for one in observations)
    parted = resolve(observations, Decisions(apart=frozenset([pair])))
    assert len(parted.machines) == 2
    assert [one.why for one in parted.refusals] == ["decision"]


def test_what_twenty_share_is_named_as_shared() -> None:
    case = "twenty PCs of one UUID, and the register's rows by serial"
    shared = resolve(CASES[case][0]).shared
    assert {kind: count for (kind, _), count in shared.items()} == {Kind.UUID: 20}
