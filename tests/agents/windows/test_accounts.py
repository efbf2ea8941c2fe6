"""Accounts of a Windows, from counts and keys written by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.outcome import Unknown
from agents.windows import accounts
from tests.agents.documents import facts_of, reasons, taken_by_the_server
from tests.agents.windows.registry_pc import RegistryPc

USERS = {
    "local": 3,
    "admins": 2,
    "builtin_admin_enabled": False,
    "guest_enabled": True,
    "without_password": 1,
    "idle_over_45_days": 0,
}
POLICY = {"minimum_length": 8, "maximum_age": 7776000, "lockout_after": 5, "lockout_for": 900}


def a_pc(winlogon: dict[str, Any] | None = None) -> RegistryPc:
    registry = {accounts.WINLOGON: {"Shell": "explorer.exe", **(winlogon or {})}}
    return RegistryPc(registry, users=USERS, password_policy=POLICY, session_admin=False)


def test_counts_and_flags() -> None:
    facts = facts_of(a_pc(), accounts)
    assert facts.unknown == {}
    assert facts.values == {
        "local_users": 3,
        "local_admins": 2,
        "builtin_admin_enabled": False,
        "guest_enabled": True,
        "without_password": 1,
        "idle_over_45_days": 0,
        "current_user_admin": False,
        "auto_logon": False,
        "auto_logon_password_stored": False,
        "password_policy": POLICY,
    }


@pytest.mark.parametrize(
    ("winlogon", "auto", "stored"),
    [
        ({"AutoAdminLogon": "1"}, True, False),
        ({"autoadminlogon": "1", "DEFAULTPASSWORD": "hunter2"}, True, True),
        ({"AutoAdminLogon": "0", "DefaultPassword": "hunter2"}, False, True),
        ({"AutoAdminLogon": "", "DefaultPassword": ""}, False, False),
        ({"AutoAdminLogon": 1}, True, False),
        ({"AutoAdminLogon": "0", "ForceAutoLogon": "1"}, True, False),
        ({"AutoAdminLogon": b"\1"}, None, False),
        ({"AutoAdminLogon": "yes"}, None, False),
    ],
)
def test_signing_in_by_itself(winlogon: dict[str, Any], auto: bool | None, stored: bool) -> None:
    facts = facts_of(a_pc(winlogon), accounts)
    assert (facts.values.get("auto_logon"), facts.values["auto_logon_password_stored"]) == (
        auto,
        stored,
    )
    assert reasons(facts) == ({"auto_logon": "unreadable"} if auto is None else {})


def test_a_password_never_reaches_the_answers() -> None:
    answers = accounts.probe(a_pc({"DefaultPassword": "hunter2"}))
    assert all("hunter2" not in repr(answers.get(name)) for name in answers.names())
    assert answers.get("winlogon")["DefaultPassword"] is True


def test_never_is_the_systems_own_number() -> None:
    pc = a_pc()
    pc.values["password_policy"] = {**POLICY, "maximum_age": None, "lockout_for": None}
    policy = facts_of(pc, accounts).values["password_policy"]
    assert (policy["maximum_age"], policy["lockout_for"]) == (4294967295, 4294967295)


def test_what_is_refused_is_unknown_alone() -> None:
    pc = a_pc()
    pc.values["users"] = Unknown("not_elevated", "NetUserEnum: access denied")
    pc.values["session_admin"] = Unknown("not_found", "nobody is at the console")
    pc.registry[accounts.WINLOGON] = Unknown("not_elevated", "denied")
    facts = facts_of(pc, accounts)
    assert facts.values == {"password_policy": POLICY}
    why = reasons(facts)
    assert len(why) == 9
    assert why.pop("current_user_admin") == "not_found"
    assert set(why.values()) == {"not_elevated"}


@given(
    st.dictionaries(st.sampled_from(sorted(USERS)), st.none() | st.integers() | st.text()),
    st.dictionaries(st.sampled_from(sorted(POLICY)), st.none() | st.floats() | st.integers()),
    st.none() | st.integers() | st.text(),
)
def test_garbage_is_a_value_or_a_reason(users: Any, policy: Any, admin: Any) -> None:
    pc = a_pc()
    pc.values.update(users=users, password_policy=policy, session_admin=admin)
    facts = facts_of(pc, accounts)
    taken_by_the_server("accounts", facts)
    found = {**facts.values, **facts.values.get("password_policy", {})}
    for name in (*accounts._COUNTS, *accounts._POLICY):
        value = found.get(name)
        path = name if name in accounts._COUNTS else "password_policy." + name
        assert (path in facts.unknown) != (type(value) is int and 0 <= value < 2**63)
