"""The table of makers' dates: stated of a day, and silent about what it does not know."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from inventory.lifecycle import add_support, lifecycles


def test_the_table_says_of_what_day_it_is() -> None:
    table = lifecycles()
    assert date(2026, 1, 1) <= date.fromisoformat(table.as_of) <= date(2027, 12, 31)
    assert len(table.ends) > 70
    assert {date.fromisoformat(day).year for day in table.ends.values()} <= set(range(2014, 2036))


@pytest.mark.parametrize("release", ["1607", "1809", "21h2", "22h2"])
def test_enterprise_is_never_shorter_than_pro(release: str) -> None:
    ends = lifecycles().ends
    assert ends[f"windows-10-{release}-pro"] <= ends[f"windows-10-{release}-enterprise"]


def view(facts: dict[str, Any], unknown: dict[str, Any] | None = None) -> dict[str, Any]:
    made = {"facts": facts, "unknown": dict(unknown or {})}
    add_support(made)
    return made


def test_a_known_system_has_its_last_day() -> None:
    made = view({"os": {"lifecycle": "windows-10-22h2-pro"}})
    assert made["facts"]["device"] == {"support_ends": "2025-10-14T23:59:59Z"}


def test_what_is_not_in_the_table_is_unknown_and_not_supported() -> None:
    made = view({"os": {"lifecycle": "haiku-1"}})
    assert "device" not in made["facts"]
    assert made["unknown"]["device.support_ends"] == {"reason": "not_in_table"}


@pytest.mark.parametrize(
    ("unknown", "reason"),
    [({}, "not_reported"), ({"os": {"reason": "never_reported"}}, "never_reported")],
)
def test_a_system_that_nobody_named_says_why(unknown: dict[str, Any], reason: str) -> None:
    assert view({}, unknown)["unknown"]["device.support_ends"] == {"reason": reason}
