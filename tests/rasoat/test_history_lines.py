"""Changes as rows for a person: what is shown before and after is never the same text."""

from __future__ import annotations

from inventory.history import Event
from rasoat.history_lines import told


def event(what: str, old: str, new: str) -> Event:
    return Event("2026-11-20T01:24:00Z", "d-1", "PC-1", "fact", what, old, new, "report a/1/1")


def test_two_moments_of_one_day_are_told_apart_by_the_clock() -> None:
    one = event("updates.last_installed_at", "2026-11-19T04:12:00Z", "2026-11-19T11:24:00Z")
    assert told(one, "vi")[1:] == ("19/11/2026 11:12", "19/11/2026 18:24")


def test_of_different_days_the_day_says_enough() -> None:
    one = event("updates.last_installed_at", "2026-11-17T04:12:00Z", "2026-11-19T11:24:00Z")
    assert told(one, "vi")[1:] == ("17/11/2026", "19/11/2026")
    unread = event("updates.last_installed_at", "? timed_out", "2026-11-19T11:24:00Z")
    assert told(unread, "en")[2] == "2026-11-19"
