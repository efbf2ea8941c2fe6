"""What is different between two scans, and what only was not asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.sighting_changes import changes

CARD, OTHER = "3c:52:82:00:00:01", "3c:52:82:00:00:02"
SSH = {"protocol": "tcp", "port": 22, "state": "open"}


def scan(
    *hosts: dict[str, Any],
    asked: int | None = 100,
    complete: bool = True,
    gone: dict[str, float] | None = None,
) -> dict[str, Any]:
    """A scan's document, as far as it is compared."""
    ports = None if asked is None else {"asked": asked, "open": 1}
    about = {"complete": complete, "ports": ports, "gone": gone or {}}
    return {"scan": about, "sightings": list(hosts)}


def host(last: int, mac: str = CARD, **more: Any) -> dict[str, Any]:
    """One host."""
    return {"ip": f"10.66.0.{last}", "mac": mac, **more}


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, old, new) of each change."""
    return [(one.what, one.old, one.new) for one in changes(before, after)]


def test_new_moved_and_another_card() -> None:
    assert told(scan(), scan(host(1))) == [("new", "", CARD)]
    assert told(scan(host(1)), scan(host(7))) == [("moved", "10.66.0.1", "10.66.0.7")]
    assert told(scan(host(1)), scan(host(1, OTHER))) == [("other_card", CARD, OTHER)]


def test_a_silent_host_is_gone_only_by_a_probability() -> None:
    (one,) = changes(scan(host(1)), scan(gone={"10.66.0.1": 0.97}))
    assert (one.what, one.probability) == ("silent", 0.97)
    (one,) = changes(scan(host(1)), scan(gone={"10.66.0.1": 0.97}, complete=False))
    assert (one.what, one.probability) == ("silent", None)


def test_ports_open_and_close() -> None:
    assert told(scan(host(1)), scan(host(1, ports=[SSH]))) == [("ports", "", "tcp/22")]
    assert told(scan(host(1, ports=[SSH])), scan(host(1))) == [("ports", "tcp/22", "")]


FULL = host(
    1,
    ports=[SSH],
    filtering={"verdict": "open"},
    names=[{"name": "PC-1", "source": "mdns"}],
    kind="pc",
    os_guess="Linux",
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"asked": 100}, {"asked": None}),
        ({"asked": None}, {"asked": 100}),
        ({"asked": 100}, {"asked": 1000}),
        ({"asked": 100}, {"asked": 100, "complete": False}),
    ],
)
def test_what_was_not_asked_has_not_changed(before: dict[str, Any], after: dict[str, Any]) -> None:
    bare = host(1)
    for one, other in ((FULL, bare), (bare, FULL)):
        assert told(scan(one, **before), scan(other, **after)) == []
    assert len(told(scan(bare), scan(FULL))) == 5  # the control: asked alike, it has


def test_an_unknown_word_is_no_change() -> None:
    drops, unknown = (host(1, filtering={"verdict": word}) for word in ("drops", "unknown"))
    assert told(scan(drops), scan(unknown)) == []
    assert told(scan(unknown), scan(drops)) == [("filtering", "", "drops")]


HOSTS = st.dictionaries(
    st.integers(1, 6), st.tuples(st.sampled_from([CARD, OTHER, ""]), st.booleans()), max_size=6
)


@given(HOSTS, HOSTS)
def test_nothing_changed_between_a_scan_and_itself_and_no_host_is_lost(
    before: dict[int, tuple[str, bool]], after: dict[int, tuple[str, bool]]
) -> None:
    old, new = (
        scan(*(host(last, mac, ports=[SSH] if up else []) for last, (mac, up) in some.items()))
        for some in (before, after)
    )
    assert changes(old, old) == []
    found = {(one.ip, one.what) for one in changes(old, new)}
    for last in after.keys() - before.keys():
        assert {(f"10.66.0.{last}", "new"), (f"10.66.0.{last}", "moved")} & found
