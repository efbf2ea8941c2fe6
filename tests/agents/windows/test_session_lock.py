"""The screen lock of a Windows: the machine's limit, and the users' screen savers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.outcome import Unknown
from agents.windows import session_lock, system
from agents.windows.session_lock import DESKTOP, DESKTOP_POLICY
from tests.agents.documents import facts_of, reasons, taken_by_the_server
from tests.agents.windows.registry_pc import RegistryPc

LAN, MAI = "S-1-5-21-1004336348-1177238915-682003330-1001", "S-1-12-1-11-22-33-44"
NOT_PEOPLE = (".DEFAULT", "S-1-5-18", "S-1-5-19", LAN + "_Classes")
LOCKS = {
    "ScreenSaveActive": "1",
    "ScreenSaverIsSecure": "1",
    "ScreenSaveTimeOut": "600",
    "SCRNSAVE.EXE": r"C:\Windows\system32\scrnsave.scr",
}
OPEN = {"ScreenSaveActive": "1", "ScreenSaveTimeOut": "600"}


def a_pc(users: dict[str, Any], limit: Any = None, build: str = "19045") -> RegistryPc:
    """``users``: own settings by SID, or (own, policy)."""
    machine = {"EnableLUA": 1} if limit is None else {"InactivityTimeoutSecs": limit}
    registry: dict[str, Any] = {
        system.VERSION: {"CurrentBuild": build},
        system.UAC: limit if isinstance(limit, Unknown) else machine,
    }
    for name in NOT_PEOPLE:
        registry[rf"HKU\{name}\{DESKTOP}"] = OPEN
    for name, both in users.items():
        own, policy = both if isinstance(both, tuple) else (both, None)
        registry[rf"HKU\{name}\{DESKTOP}"] = own
        if policy is not None:
            registry[rf"HKU\{name}\{DESKTOP_POLICY}"] = policy
    return RegistryPc(registry)


def lock(enabled: bool | None, after: int | None, enforced: bool | None) -> dict[str, Any]:
    facts = {"enabled": enabled, "after": after, "enforced": enforced}
    return {name: value for name, value in facts.items() if value is not None}


DENIED = Unknown("not_elevated", "denied")
CASES: list[tuple[RegistryPc, dict[str, Any]]] = [
    (a_pc({LAN: OPEN}, limit=900), lock(True, 900, True)),
    (a_pc({}, limit=900), lock(True, 900, True)),
    (a_pc({LAN: OPEN}, limit=0), lock(False, None, False)),
    (a_pc({LAN: OPEN}, limit=900, build="7601"), lock(False, None, False)),
    (a_pc({LAN: LOCKS}, limit=900), lock(True, 600, True)),
    (a_pc({LAN: LOCKS, MAI: OPEN}, limit=900), lock(True, 900, True)),
    (a_pc({LAN: LOCKS}), lock(True, 600, False)),
    (a_pc({LAN: LOCKS, MAI: {**LOCKS, "ScreenSaveTimeOut": "900"}}), lock(True, 900, False)),
    (a_pc({LAN: LOCKS, MAI: OPEN}), lock(False, None, False)),
    (a_pc({LAN: (OPEN, LOCKS)}), lock(True, 600, True)),
    (a_pc({LAN: (LOCKS, {"ScreenSaveTimeOut": "300"})}), lock(True, 300, False)),
    (a_pc({LAN: (LOCKS, {"ScreenSaveActive": "0"})}), lock(False, None, False)),
    (a_pc({LAN: {**LOCKS, "ScreenSaverIsSecure": "0"}}), lock(False, None, False)),
    (a_pc({LAN: {**LOCKS, "ScreenSaveTimeOut": "0"}}), lock(False, None, False)),
    (a_pc({LAN: {**LOCKS, "SCRNSAVE.EXE": ""}}), lock(False, None, False)),
    (a_pc({LAN: {**LOCKS, "SCRNSAVE.EXE": "(None)"}}), lock(False, None, False)),
    (a_pc({LAN: {k.upper(): v for k, v in LOCKS.items()}}), lock(True, 600, False)),
    (a_pc({LAN: DENIED}, limit=900), lock(True, 900, True)),
    (a_pc({LAN: DENIED, MAI: OPEN}), lock(False, None, False)),
    (a_pc({LAN: DENIED, MAI: LOCKS}), {}),
    (a_pc({LAN: LOCKS}, limit=DENIED), lock(True, 600, None)),
    (a_pc({LAN: OPEN}, limit=DENIED), {}),
    (a_pc({}), {}),
    (a_pc({LAN: {**LOCKS, "ScreenSaveTimeOut": "soon"}}), {}),
]


@pytest.mark.parametrize(("pc", "expected"), CASES)
def test_the_lock_that_surely_applies(pc: RegistryPc, expected: dict[str, Any]) -> None:
    facts = facts_of(pc, session_lock)
    assert facts.values == expected
    assert set(facts.unknown) | set(facts.values) == {"enabled", "after", "enforced"}


@pytest.mark.parametrize(
    ("pc", "reason"),
    [
        (a_pc({}), "not_found"),
        (a_pc({LAN: DENIED}), "not_elevated"),
        (a_pc({LAN: OPEN}, limit=DENIED), "not_elevated"),
        (a_pc({LAN: OPEN}, limit="900"), "unreadable"),
    ],
)
def test_why_a_lock_is_unknown(pc: RegistryPc, reason: str) -> None:
    assert set(reasons(facts_of(pc, session_lock)).values()) == {reason}


def test_more_users_than_are_read_are_not_some_of_them() -> None:
    """Every one of them locks: were the rest left out, the answer would be on."""
    many = {f"S-1-5-21-1-2-3-{number}": LOCKS for number in range(1000, 1257)}
    facts = facts_of(a_pc(many), session_lock)
    assert set(reasons(facts).values()) == {"unreadable"}
    assert facts_of(a_pc(dict(list(many.items())[:256])), session_lock).values["enabled"] is True


def test_no_user_is_named() -> None:
    for pc in (a_pc({LAN: LOCKS, MAI: OPEN}), a_pc({LAN: DENIED, MAI: DENIED})):
        answers = session_lock.probe(pc)
        facts = session_lock.parse(answers)
        said = repr(answers.get("users")) + repr(facts.values) + repr(facts.unknown)
        assert LAN not in said
        assert MAI not in said


@given(
    st.dictionaries(
        st.sampled_from([*LOCKS, "Wallpaper"]),
        st.text(max_size=5) | st.integers(-1, 2**64) | st.binary(max_size=4),
    ),
    st.none() | st.integers(-5, 2**64) | st.text(max_size=3) | st.just(DENIED),
)
def test_garbage_is_a_value_or_a_reason(own: dict[str, Any], limit: Any) -> None:
    facts = facts_of(a_pc({LAN: own, MAI: (LOCKS, own)}, limit=limit), session_lock)
    assert set(facts.unknown) | set(facts.values) == {"enabled", "after", "enforced"}
    taken_by_the_server("session_lock", facts)
    if "after" in facts.values:
        assert facts.values["enabled"] is True
        assert 0 < facts.values["after"] < 2**63
