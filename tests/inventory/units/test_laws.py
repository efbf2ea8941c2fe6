"""The laws of units against what they mean, asked on every day; and what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, ip_network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory import units
from inventory.store import Store
from inventory.units import FIRST, Holding, Unit, UnitsRefused
from inventory.units.drafts import Draft, drafted
from inventory.units.laws import breaches
from inventory.units.model import LAST
from inventory.units.planning import plan
from inventory.units.tree import History

DAYS = [f"2025-07-{number:02}" for number in range(1, 9)]
ASKED = [FIRST, "2025-06-30", *DAYS, LAST]  #: every day on which anything may differ
CODES = ("A", "B", "C", "D")
NETWORKS = [
    ip_network((0x0A000000 + at, length))
    for at, length in (
        (0, 24),
        (0, 25),
        (0, 26),
        (64, 26),
        (128, 25),
        (128, 26),
        (192, 26),
        (256, 24),
    )
]


@st.composite
def spans(draw: st.DrawFn) -> Unit:
    """One unit with days, a parent, networks and successors that may or may not fit."""
    holdings = st.builds(
        Holding,
        st.sampled_from(NETWORKS),
        st.none() | st.sampled_from(DAYS),
        st.none() | st.sampled_from(DAYS),
    )
    plain = st.builds(Holding, st.sampled_from(NETWORKS))
    first, last = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    code = draw(st.sampled_from(CODES))
    below = [one for one in CODES if one < code]
    parents = st.sampled_from(below) if below else st.none()
    end = draw(st.sampled_from([None, None, None, last, last, DAYS[0]]))
    return Unit(
        code,
        "commune",
        f"Xã {code}",
        parent=draw(parents | st.none() | st.sampled_from(CODES)),
        valid_from=draw(st.sampled_from([FIRST, FIRST, first])),
        valid_to=end,
        networks=tuple(draw(st.lists(plain | plain | holdings, max_size=2))),
        successors=tuple(draw(st.sets(st.sampled_from(CODES), max_size=1))) if end else (),
    )


MANY = st.lists(spans(), min_size=3, max_size=9)


def holds(some: list[Unit]) -> bool:
    """Whether the laws hold, asked day by day as they are written down."""
    return all(_day_holds(some, day) for day in ASKED) and all(map(_fits, some)) and _followed(some)


def _fits(unit: Unit) -> bool:
    if unit.valid_from > unit.until:
        return False
    return all(
        unit.valid_from <= unit.span(one)[0] <= unit.span(one)[1] <= unit.until
        for one in unit.networks
    )


def _followed(some: list[Unit]) -> bool:
    for unit in some:
        if unit.successors:
            if unit.valid_to is None:
                return False
            after = f"2025-07-{int(unit.valid_to[-2:]) + 1:02}"
            there = {one.code for one in some if one.on(after)}
            if unit.code in there or not set(unit.successors) <= there:
                return False
    return True


def _day_holds(some: list[Unit], day: str) -> bool:
    there = [one for one in some if one.on(day)]
    parents = {one.code: one.parent for one in there}
    if len(parents) < len(there) or not {*parents.values()} <= {None, *parents}:
        return False
    if any(unit.code in _above(unit.code, parents) for unit in there):
        return False
    held = [
        (unit.code, one.network)
        for unit in there
        for one in unit.networks
        if unit.span(one)[0] <= day <= unit.span(one)[1]
    ]
    for (one, net), (other, second) in combinations(held, 2):
        if net == second:
            return False
        if net.overlaps(second) and one != other:
            inner, outer = (one, other) if net.prefixlen > second.prefixlen else (other, one)
            if outer not in _above(inner, parents):
                return False
    return True


def _above(code: str, parents: dict[str, str | None]) -> list[str]:
    """All above a unit, as far as a circle would go round once."""
    found: list[str] = []
    parent = parents.get(code)
    while parent is not None and len(found) <= len(parents):
        found.append(parent)
        parent = parents.get(parent)
    return found


@pytest.mark.timeout(300)
def test_the_laws_are_what_they_mean_on_every_day() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=1000, deadline=None, derandomize=True)  # its floors must not be luck
    @given(MANY)
    def agree(some: list[Unit]) -> None:
        check(some)
        good = _lawful(some[:-1])
        check(good)
        check([*good, some[-1]])  # one unit that may be wrong among good ones

    def check(some: list[Unit]) -> None:
        found = breaches(some)
        assert bool(found) is not holds(some), [one.why for one in found]
        seen.update({one.column for one in found} or {"holds"})
        seen["deep"] += not found and any(one.parent and one.networks for one in some)

    agree()
    assert seen["holds"] >= 100, seen
    assert seen["deep"] >= 20, seen
    assert {"valid_from", "valid_to", "parent", "networks", "successors"} <= set(seen)


@settings(max_examples=250, deadline=None)
@given(MANY, st.integers(0, 300), st.sampled_from(ASKED))
def test_an_address_has_at_most_one_unit_on_a_day(some: list[Unit], host: int, day: str) -> None:
    if breaches(some):
        some = _lawful(some)
    tree = History(some).tree(day)
    address = IPv4Address(0x0A000000 + host)
    holders = {
        (unit.code, net) for unit in tree for net in tree.networks(unit.code) if address in net
    }
    found = tree.of_address(address)
    if not holders:
        assert found is None
        return
    assert found is not None
    code, network = found[0].code, found[1]
    assert network.prefixlen == max(net.prefixlen for _, net in holders)
    assert sum(net.prefixlen == network.prefixlen for _, net in holders) == 1
    assert {one for one, _ in holders} <= {unit.code for unit in tree.path(code)}


def _lawful(some: list[Unit]) -> list[Unit]:
    """As many of them as hold together."""
    kept: list[Unit] = []
    for unit in sorted(some, key=lambda one: one.code):  # parents are mostly before their parts
        if not breaches([*kept, unit]):
            kept.append(unit)
    return kept


def _drafts(some: list[Unit], leave_out: list[frozenset[str]]) -> Iterator[Draft]:
    for draft, gone in zip(drafted(some, "test"), leave_out, strict=False):
        said = {name: value for name, value in draft.said.items() if name not in gone}
        networks = None if "networks" in gone else draft.networks
        heirs = None if "successors" in gone else draft.successors
        yield replace(draft, said=said, networks=networks, successors=heirs)


def _after(history: History, drafts: list[Draft]) -> tuple[History, int]:
    """The units after an import, and how many it changed."""
    made = plan(history, drafts)
    gone = {step.old.key for step in made.steps if step.old is not None}
    kept = [unit for unit in history if unit.key not in gone]
    return History([*kept, *(step.new for step in made.steps)]), len(made.changes)


def test_the_same_rows_twice_change_nothing() -> None:
    seen: Counter[str] = Counter()
    optional = ["name_en", "parent", "valid_from", "valid_to", "networks", "successors"]
    gaps = st.lists(st.frozensets(st.sampled_from(optional)), min_size=9, max_size=9)

    @settings(max_examples=300, deadline=None)
    @given(MANY, MANY, gaps)
    def twice(before: list[Unit], some: list[Unit], leave_out: list[frozenset[str]]) -> None:
        drafts = list(_drafts(_lawful(some), leave_out))
        try:
            first, changed = _after(History(_lawful(before)), drafts)
        except UnitsRefused:
            seen["refused"] += 1
            return
        assert not breaches(first)
        second, again = _after(first, drafts)
        assert again == 0
        assert list(second) == list(first)
        seen["changed"] += changed > 0

    twice()
    assert seen["changed"] >= 40, seen
    assert seen["refused"] >= 10, seen


def test_the_store_gives_back_what_was_put(store: Store) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    empty = [f"DELETE FROM {one}" for one in ("units", "unit_networks", "unit_successors")]  # noqa: S608
    kept: list[Unit] = []

    @settings(max_examples=60, deadline=None)
    @given(MANY, MANY)
    def there_and_back(some: list[Unit], more: list[Unit]) -> None:
        with store.write() as db:
            for statement in empty:
                db.execute(statement)
        for part in (_lawful(some), _lawful(more)):
            before = units.history(store)
            try:
                expected, _ = _after(before, drafted(part, "test"))
            except UnitsRefused:
                continue
            units.put(store, part, by="tester", now=now, source="test")
            assert list(units.history(store)) == list(expected)
            kept.extend(expected)

    there_and_back()
    assert len(kept) >= 50


def test_a_tree_too_deep_is_refused_not_a_crash() -> None:
    nets = (Holding(ip_network("10.0.0.0/8")),)
    deep = [Unit(f"U{n}", "x", "X", parent=f"U{n - 1}" if n else None) for n in range(3000)]
    deep = [replace(deep[0], networks=nets), *deep[1:]]
    assert breaches(deep[:32]) == []
    assert {one.unit.code for one in breaches(deep[:34])} == {"U32", "U33"}
    deep[-1] = replace(deep[-1], networks=(Holding(ip_network("10.1.0.0/16")),))
    assert len(breaches(deep)) == 3000 - 32
