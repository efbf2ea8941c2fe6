"""What the network confirms and contradicts, and what it must not speak of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inventory.witnesses.comparing import APART, BothWords, Comparison, compare

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CARD = "3c:52:82:00:00:01"
FACTS: dict[str, Any] = {
    "os": {"family": "windows", "hostname": "PC-KT-01"},
    "firewall": {"effective": "on"},
    "network": {
        "listening": [{"protocol": "tcp", "address": "10.1.0.5", "port": 135}],
        "interfaces": [{"name": "lan", "kind": "ethernet", "mac": CARD}],
    },
}


def compared(
    sighting: dict[str, Any], facts: dict[str, Any] | None = None, apart: timedelta = timedelta()
) -> dict[str, Comparison]:
    """The comparisons by what they are about."""
    both = BothWords(FACTS | (facts or {}), NOW, "a/1/1", sighting, NOW + apart, "5ca9")
    return {one.about: one for one in compare(both)}


@pytest.mark.parametrize(
    ("claimed", "shown", "confirmed"),
    [
        ("on", "drops", True),
        ("on", "rejects", True),
        ("on", "open", False),
        ("off", "open", True),
        ("off", "drops", False),
    ],
)
def test_the_firewall(claimed: str, shown: str, confirmed: bool) -> None:
    seen = {"ip": "10.1.0.5", "mac": CARD, "filtering": {"verdict": shown}}
    one = compared(seen, {"firewall": {"effective": claimed}})["firewall"]
    assert (one.confirmed, one.agent_says, one.network_shows) == (confirmed, claimed, shown)
    assert one.evidence == ("report a/1/1", "scan 5ca9")


@pytest.mark.parametrize(
    ("facts", "sighting"),
    [
        ({}, {"mac": CARD, "filtering": {"verdict": "unknown"}}),
        ({}, {"mac": CARD}),
        ({}, {"filtering": {"verdict": "drops"}}),  # across a router: whose silence is it?
        ({"firewall": {}}, {"mac": CARD, "filtering": {"verdict": "open"}}),
    ],
)
def test_no_word_on_the_firewall_is_no_confirmation(
    facts: dict[str, Any], sighting: dict[str, Any]
) -> None:
    assert "firewall" not in compared({"ip": "10.1.0.5", **sighting}, facts)


def test_an_open_host_behind_a_router_is_open_all_the_same() -> None:
    assert not compared({"ip": "10.1.0.5", "filtering": {"verdict": "open"}})["firewall"].confirmed


def test_a_port_that_nobody_admits_to() -> None:
    def seen(*ports: int) -> dict[str, Any]:
        found = [{"protocol": "tcp", "port": port, "state": "open"} for port in ports]
        return {
            "ip": "10.1.0.5",
            "ports": [*found, {"protocol": "tcp", "port": 1, "state": "closed"}],
        }

    hidden = compared(seen(135, 4444))["ports"]
    assert (hidden.confirmed, hidden.network_shows) == (False, "4444/tcp")
    assert compared(seen(135))["ports"].confirmed
    assert "ports" not in compared(seen())
    assert "ports" not in compared(seen(4444), {"network": {}})  # not read: no claim


def test_names_cards_and_systems() -> None:
    seen = {
        "ip": "10.1.0.5",
        "mac": CARD,
        "names": [
            {"name": "pc-kt-01.local", "source": "mdns"},
            {"name": "printer", "source": "dns"},
        ],
        "os_guess": "Windows 10",
    }
    found = compared(seen)
    assert [found[about].confirmed for about in ("address", "name", "system")] == [True] * 3
    other = {
        "ip": "10.1.0.5",
        "mac": "3c:52:82:00:00:99",
        "names": [{"name": "LAPTOP", "source": "netbios"}],
        "os_guess": "Linux 5.x",
    }
    found = compared(other)
    assert [found[about].confirmed for about in ("address", "name", "system")] == [False] * 3
    random = {"ip": "10.1.0.5", "mac": "02:00:00:00:00:01", "os_guess": "Linux or macOS"}
    assert not compared(random)


def test_claims_of_different_weeks_are_not_compared() -> None:
    seen = {"ip": "10.1.0.5", "mac": CARD, "filtering": {"verdict": "open"}}
    assert compared(seen, apart=APART)
    assert not compared(seen, apart=APART + timedelta(seconds=1))
    assert not compared(seen, apart=-APART - timedelta(seconds=1))
