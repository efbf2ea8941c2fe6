"""What became of a unit, and which unit a device is of."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from inventory.units import Belongs, Holding, Unit, unit_of
from inventory.units.laws import breaches
from inventory.units.tree import History


def held(*networks: str) -> tuple[Holding, ...]:
    return tuple(Holding(ip_network(one)) for one in networks)


#: A was divided into B and C; C was renamed D; years later the code A was given again.
UNITS = [
    Unit("T", "province", "Tỉnh T", networks=held("10.0.0.0/8", "2001:db8::/32")),
    Unit("A", "district", "Huyện A", "", "T", "2010-01-01", "2019-12-31", (), ("B", "C")),
    Unit("B", "commune", "Xã B", "", "T", "2020-01-01", None, held("10.1.0.0/16")),
    Unit("C", "commune", "Xã C", "", "T", "2020-01-01", "2022-12-31", held("10.2.0.0/16"), ("D",)),
    Unit("D", "commune", "Xã D", "", "T", "2023-01-01", None, held("10.2.0.0/16")),
    Unit("DP", "office", "Phòng D", "", "D", "2023-01-01", None, held("10.2.7.0/24")),
    Unit("A", "ward", "Phường A", "", "T", "2026-01-01"),
    Unit("E", "commune", "Xã E", "", "T", "2010-01-01", "2019-12-31"),
]
HISTORY = History(UNITS)


def test_the_example_keeps_the_laws() -> None:
    assert breaches(UNITS) == []


@pytest.mark.parametrize(
    ("code", "day", "heirs"),
    [
        ("A", "2015-01-01", "A"),
        ("A", "2020-01-01", "BC"),
        ("A", "2024-01-01", "BD"),
        ("A", "2026-01-01", "A"),
        ("C", "2022-12-31", "C"),
        ("C", "2023-01-01", "D"),
        ("D", "2021-01-01", ""),
        ("E", "2024-01-01", ""),
        ("X", "2024-01-01", ""),
    ],
)
def test_what_a_unit_is_on_a_day(code: str, day: str, heirs: str) -> None:
    assert "".join(unit.code for unit in HISTORY.tree(day).today(code)) == heirs


def test_two_units_that_change_places_end() -> None:
    swap = History(
        [
            Unit("A", "x", "A", valid_to="2020-12-31", successors=("B",)),
            Unit("B", "x", "B", valid_from="2021-01-01", valid_to="2021-12-31", successors=("A",)),
            Unit("A", "x", "A", valid_from="2022-01-01", valid_to="2022-12-31"),
        ]
    )
    assert [unit.code for unit in swap.tree("2022-06-01").today("B")] == ["A"]
    assert swap.tree("2023-01-01").today("A") == []
    assert swap.tree("2023-01-01").today("B") == []


DAY = "2024-01-01"


@pytest.mark.parametrize(
    ("unit", "addresses", "code", "network"),
    [
        ("B", ["10.2.0.1"], "B", None),  # the register's word is before the network's
        (None, ["10.1.0.1"], "B", "10.1.0.0/16"),
        (None, ["::ffff:10.1.0.1"], "B", "10.1.0.0/16"),
        (None, ["10.9.0.1"], "T", "10.0.0.0/8"),
        (None, ["2001:db8::1", "10.1.0.1"], "B", "10.1.0.0/16"),
        (None, ["10.2.7.1", "10.2.1.1"], "DP", "10.2.7.0/24"),
        ("C", [], "D", None),
        ("A", ["10.2.7.9"], "D", None),  # of the two that came of A, the one whose network it is
        ("A", ["10.1.0.9"], "B", None),
        ("A", [], "A", None),  # which of the two is not known: the register's own word
        ("A", ["10.9.0.1"], "A", None),
        ("E", ["10.1.0.1"], "E", None),
        ("not a code", ["10.1.0.1"], "not a code", None),
    ],
)
def test_a_device_is_of_the_register_s_unit_else_of_its_network_s(
    unit: str | None, addresses: list[str], code: str, network: str | None
) -> None:
    source = "network" if network else "register"
    expected = Belongs(code, source, ip_network(network) if network else None)
    tree = HISTORY.tree(DAY)
    assert unit_of(unit, addresses, DAY, tree) == expected
    assert unit_of(unit, addresses[::-1], DAY, HISTORY.tree("2026-02-01")) == expected


@pytest.mark.parametrize("addresses", [[], ["192.0.2.1"], ["fe80::1"], ["10.1.0.1", "10.2.0.1"]])
def test_where_nothing_says_it_a_device_has_no_unit(addresses: list[str]) -> None:
    assert unit_of(None, addresses, DAY, HISTORY.tree(DAY)) is None
