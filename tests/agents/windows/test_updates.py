"""Updates of a Windows, from keys written by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.outcome import Unknown
from agents.windows import packages, system, updates
from tests.agents.documents import facts_of, reasons, taken_by_the_server
from tests.agents.windows.registry_pc import RegistryPc

ROLLUP = packages.PACKAGES + r"\Package_for_RollupFix~31bf3856ad364e35~amd64~~19041.3570.1.7"
DOTNET = packages.PACKAGES + r"\Package_for_KB5031224~31bf3856ad364e35~amd64~~10.0.9166.1"
PART = packages.PACKAGES + r"\Package_3_for_KB5031224~31bf3856ad364e35~amd64~~10.0.9166.1"
STAGED = packages.PACKAGES + r"\Package_for_KB5032189~31bf3856ad364e35~amd64~~19041.3693.1.4"


def package(state: int, seconds: int) -> dict[str, Any]:
    ticks = (seconds + 11_644_473_600) * 10_000_000
    return {
        "CurrentState": state,
        "InstallTimeHigh": ticks >> 32,
        "InstallTimeLow": ticks & 0xFFFFFFFF,
    }


REGISTRY: dict[str, Any] = {
    ROLLUP: package(112, 1_697_600_000),
    DOTNET: package(112, 1_697_500_000),
    PART: package(112, 1_699_000_000),
    STAGED: package(64, 1_699_000_000),
    system.VERSION: {"CurrentBuild": "19045", "InstallationType": "Client"},
    updates.LOCAL: {},
    updates.SESSION_MANAGER: {"BootExecute": ["autocheck autochk *"]},
}
SEVEN = {system.VERSION: {"CurrentBuild": "7601", "InstallationType": "Client"}}
SERVER = {system.VERSION: {"CurrentBuild": "17763", "InstallationType": "Server"}}
WAITS = {"wuauserv": {"start": 3, "state": "stopped"}}


def a_pc(registry: dict[str, Any] | None = None, services: Any = None) -> RegistryPc:
    keys = {**copy.deepcopy(REGISTRY), **(registry or {})}
    return RegistryPc(
        {path: values for path, values in keys.items() if values is not None},
        services=WAITS if services is None else services,
        pending_updates={"pending": 3, "security": 1},
    )


def test_an_office_pc() -> None:
    facts = facts_of(a_pc(), updates)
    assert facts.values == {
        "last_installed_at": "2023-10-18T03:33:20Z",
        "pending": 3,
        "pending_security": 1,
        "reboot_pending": False,
        "automatic": "install",
        "source": "vendor",
        "installed": [
            {"id": "KB5031224", "installed_at": "2023-10-16T23:46:40Z"},
            {"id": "RollupFix 19041.3570.1.7", "installed_at": "2023-10-18T03:33:20Z"},
        ],
    }
    assert reasons(facts) == {"last_checked_at": "not_supported"}


AU, WU = updates.AUTOMATIC_POLICY, updates.POLICY
CASES: list[tuple[str, Any, dict[str, Any]]] = [
    ("automatic", "off", {AU: {"NoAutoUpdate": 1, "AUOptions": 4}}),
    ("automatic", "notify", {AU: {"NoAutoUpdate": 0, "AUOptions": 2}}),
    ("automatic", "download", {AU: {"auoptions": 3}}),
    ("automatic", "install", {AU: {"AUOptions": 4}}),
    ("automatic", "install", {AU: {"AUOptions": 5}}),
    ("automatic", "install", {updates.LOCAL: {"AUOptions": 1}}),
    ("automatic", "off", {**SEVEN, updates.LOCAL: {"AUOptions": 1}}),
    ("automatic", "install", {**SEVEN, updates.LOCAL: {"AUOptions": 4}}),
    ("automatic", "download", {**SEVEN, updates.LOCAL: {"AUOptions": 3}, AU: {"AUOptions": 5}}),
    ("automatic", "download", {**SERVER, AU: {"AUOptions": 7}}),
    ("automatic", None, SEVEN),
    ("automatic", None, SERVER),
    ("automatic", None, {**SEVEN, updates.LOCAL: {"AUOptions": 0}}),
    ("automatic", None, {AU: {"AUOptions": 9}}),
    ("automatic", None, {AU: Unknown("not_elevated")}),
    ("source", "wsus", {WU: {"WUServer": "http://10.0.0.5:8530"}, AU: {"UseWUServer": 1}}),
    ("source", "vendor", {WU: {"WUServer": "http://10.0.0.5:8530"}, AU: {"UseWUServer": 0}}),
    ("source", "vendor", {WU: {"WUServer": "http://10.0.0.5:8530"}}),
    ("source", None, {AU: {"UseWUServer": 1}}),
    ("source", None, {WU: Unknown("not_elevated")}),
    ("reboot_pending", True, {updates.RESTART_KEYS[0]: {}}),
    ("reboot_pending", True, {updates.RESTART_KEYS[1]: {"x": 1}}),
    (
        "reboot_pending",
        True,
        {updates.SESSION_MANAGER: {"PendingFileRenameOperations": ["\\??\\C:\\a", ""]}},
    ),
    ("reboot_pending", False, {updates.SESSION_MANAGER: {"PendingFileRenameOperations": []}}),
    ("reboot_pending", None, {updates.RESTART_KEYS[0]: Unknown("not_elevated")}),
    (
        "reboot_pending",
        True,
        {updates.RESTART_KEYS[0]: Unknown("not_elevated"), updates.RESTART_KEYS[1]: {}},
    ),
    ("reboot_pending", None, {updates.SESSION_MANAGER: None}),
    (
        "last_checked_at",
        "2026-11-20T03:15:42Z",
        {updates.CHECKED: {"LastSuccessTime": "2026-11-20 03:15:42"}},
    ),
    ("last_checked_at", None, {updates.CHECKED: {"LastSuccessTime": "hôm qua"}}),
    ("last_installed_at", None, {ROLLUP: None, DOTNET: None}),
    ("last_installed_at", None, {ROLLUP: Unknown("not_elevated")}),
    ("last_installed_at", "2023-10-16T23:46:40Z", {ROLLUP: {"CurrentState": 112}}),
]


@pytest.mark.parametrize(("path", "value", "registry"), CASES)
def test_a_setting_changes_its_own_fact(path: str, value: Any, registry: dict[str, Any]) -> None:
    facts = facts_of(a_pc(registry), updates)
    assert facts.values.get(path) == value
    assert (path in facts.unknown) == (value is None)


def test_updates_that_may_not_be_listed_are_not_none() -> None:
    pc = a_pc()
    pc.refused[packages.PACKAGES] = Unknown("not_elevated", "denied")
    facts = facts_of(pc, updates)
    assert "installed" not in facts.values
    assert reasons(facts)["installed"] == reasons(facts)["last_installed_at"] == "not_elevated"


def test_a_package_without_a_time_lacks_it_alone() -> None:
    facts = facts_of(a_pc({ROLLUP: {"CurrentState": 112}}), updates)
    assert facts.values["installed"][1] == {"id": "RollupFix 19041.3570.1.7"}
    assert reasons(facts)["installed[1].installed_at"] == "not_found"


def test_a_disabled_service_updates_nothing() -> None:
    disabled = {"wuauserv": {"start": 4, "state": "stopped"}}
    assert facts_of(a_pc(services=disabled), updates).values["automatic"] == "off"


def test_a_search_that_failed_is_no_zero() -> None:
    pc = a_pc()
    pc.values["pending_updates"] = Unknown("unreadable", "0x80240438")
    assert {"pending", "pending_security"} <= facts_of(pc, updates).unknown.keys()


VALUE = st.integers(-1, 2**64) | st.text(max_size=8) | st.binary(max_size=4) | st.just(["x"])
NAMES = st.sampled_from(
    [
        "CurrentState",
        "InstallTimeHigh",
        "InstallTimeLow",
        "AUOptions",
        "NoAutoUpdate",
        "UseWUServer",
        "WUServer",
        "LastSuccessTime",
        "CurrentBuild",
        "PendingFileRenameOperations",
    ]
)


@given(
    st.dictionaries(
        st.sampled_from([*REGISTRY, AU, WU, updates.CHECKED]),
        st.dictionaries(NAMES, VALUE) | st.just(Unknown("not_elevated")),
    ),
    st.none() | st.integers() | st.dictionaries(st.just("pending"), st.integers() | st.text()),
)
def test_garbage_is_a_value_or_a_reason(registry: dict[str, Any], pending: Any) -> None:
    pc = a_pc(registry)
    pc.values["pending_updates"] = pending
    facts = facts_of(pc, updates)
    taken_by_the_server("updates", facts)
    for name in ("pending", "reboot_pending", "automatic", "source", "installed"):
        assert (name in facts.values) != (name in facts.unknown)
