"""A registry key's values, read by name and type; what is absent is told from what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from agents.outcome import Answers, Unknown
from agents.windows.registry import Key, key, key_or_empty

VALUES: dict[str, Any] = {
    "EnableFirewall": 1,
    "Name": "Sở Nội vụ\x00",
    "Empty": " ",
    "List": ["một", "", "hai"],
    "Raw": b"\x01",
    "Huge": 2**64 - 1,
    "": "default",
}
KEY = Key(r"HKLM\SOFTWARE\X", VALUES)


def test_names_are_the_same_whatever_their_case() -> None:
    assert KEY.number("enablefirewall") == KEY.number("ENABLEFIREWALL") == 1
    assert KEY.text("") == "default"
    assert (KEY.has("NAME"), KEY.has("other")) == (True, False)


def test_values_come_in_their_type() -> None:
    assert KEY.text("Name") == "Sở Nội vụ"
    assert KEY.texts("List") == ["một", "hai"]
    assert KEY.texts("Name") == ["Sở Nội vụ"]
    assert KEY.raw("Raw") == b"\x01"
    assert KEY.flag("EnableFirewall")
    assert KEY.number_or("absent", 7) == 7


@pytest.mark.parametrize(
    ("way", "name", "reason"),
    [
        ("number", "absent", "not_found"),
        ("number", "Name", "unreadable"),
        ("number", "Huge", "unreadable"),
        ("text", "EnableFirewall", "unreadable"),
        ("text", "Empty", "not_found"),
        ("texts", "EnableFirewall", "unreadable"),
        ("raw", "Name", "unreadable"),
    ],
)
def test_what_is_not_there_or_of_another_type_is_unknown(way: str, name: str, reason: str) -> None:
    with pytest.raises(Unknown) as caught:
        getattr(KEY, way)(name)
    assert caught.value.reason == reason
    assert name in caught.value.detail or reason == "not_found"


def test_a_key_that_does_not_exist_is_empty_one_that_was_refused_is_not() -> None:
    answers = Answers(
        there=VALUES,
        absent=Unknown("not_found", "gone"),
        denied=Unknown("not_elevated", "denied"),
        odd=[1],
    )
    assert key_or_empty(answers, "there", "K").number("EnableFirewall") == 1
    assert not key_or_empty(answers, "absent", "K").has("x")
    for name, reason in (("absent", "not_found"), ("denied", "not_elevated")):
        with pytest.raises(Unknown) as caught:
            key(answers, name, "K")
        assert caught.value.reason == reason
    for name in ("denied", "odd"):
        with pytest.raises(Unknown):
            key_or_empty(answers, name, "K")
