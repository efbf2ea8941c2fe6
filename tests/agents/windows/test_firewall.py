"""Windows' firewall: which setting is in force, and when the whole is on, off or not known."""

from __future__ import annotations

from typing import Any

import pytest

from agents.outcome import Facts, Unknown
from agents.windows import firewall
from agents.windows.firewall_profiles import LOCAL, POLICIES, PROFILES
from tests.agents.windows.authored import Pc

GPO, MDM = POLICIES
DENIED = Unknown("not_elevated", "denied by the test")
NO_CENTER = Unknown("not_supported", "a server")
RUNNING = {"MpsSvc": {"start": 2, "state": "running"}}
GOOD = {"firewall": "good", "antivirus": "good", "updates": "good"}
#: productState as products fill it.
ON, OFF, SNOOZED, EXPIRED, ODD = 0x011000, 0x010000, 0x012000, 0x013000, 0x01F000


@pytest.fixture
def pc() -> Pc:
    """On, blocking, running; nothing set by policy; no other firewall."""
    machine = Pc()
    for profile in PROFILES.values():
        machine.registry[LOCAL + "\\" + profile] = {"EnableFirewall": 1, "DefaultInboundAction": 1}
    machine.values["services"] = {"MpsSvc": {"start": 2, "state": "running"}}
    machine.values["security_health"] = dict(GOOD)
    machine.values["security_products"] = {"firewall": [], "antivirus": []}
    return machine


def read(pc: Pc) -> Facts:
    return firewall.parse(firewall.probe(pc))


def effective(pc: Pc) -> str:
    """On, off, or the reason of the unknown."""
    facts = read(pc)
    if "effective" in facts.unknown:
        assert facts.unknown["reason"].reason == facts.unknown["effective"].reason
        return "unknown: " + facts.unknown["effective"].reason
    return str(facts.values["effective"])


def test_all_three_profiles_on_and_the_service_running_is_on(pc: Pc) -> None:
    facts = read(pc)
    assert facts.unknown == {}
    assert facts.values["effective"] == "on"
    assert facts.values["service"] == {"name": "MpsSvc", "enabled": True, "running": True}
    assert facts.values["security_center"] == "good"
    assert facts.values["profiles"]["private"] == {
        "enabled": True,
        "local": True,
        "group_policy": "not_set",
        "default_inbound": "block",
    }
    assert "block by default" in facts.values["reason"]


@pytest.mark.parametrize("name", list(PROFILES))
@pytest.mark.parametrize("setting", ["EnableFirewall", "DefaultInboundAction"])
def test_one_profile_that_lets_strangers_in_is_off(pc: Pc, name: str, setting: str) -> None:
    pc.registry[LOCAL + "\\" + PROFILES[name]][setting] = 0
    facts = read(pc)
    assert facts.values["effective"] == "off"
    assert facts.values["reason"].startswith(f"the {name} profile ")
    others = [profile for profile in PROFILES if profile != name]
    assert all(facts.values["profiles"][one]["enabled"] for one in others)


@pytest.mark.parametrize(
    ("local", "policy", "device", "expected"),
    [
        (0, 1, None, ("on", "on", False)),
        (1, 0, None, ("off", "off", True)),
        (0, None, 1, ("on", "not_set", False)),
        (1, None, 0, ("off", "not_set", True)),
        (1, 1, 0, ("on", "on", True)),
        (None, None, None, ("on", "not_set", True)),
        (None, 0, None, ("off", "off", True)),
    ],
)
def test_policy_wins_over_the_machine_and_the_default_is_on(
    pc: Pc, local: int | None, policy: int | None, device: int | None, expected: tuple[Any, ...]
) -> None:
    for profile in PROFILES.values():
        for place, value in ((LOCAL, local), (GPO, policy), (MDM, device)):
            settings = pc.registry.setdefault(place + "\\" + profile, {})
            settings.pop("EnableFirewall", None)
            if value is not None:
                settings["enablefirewall"] = value
    values = read(pc).values
    public = values["profiles"]["public"]
    assert (values["effective"], public["group_policy"], public["local"]) == expected
    assert public["enabled"] is (expected[0] == "on")
    if expected[0] == "off":
        assert "(set by policy)" in values["reason"]


def test_each_setting_of_a_policy_wins_by_itself(pc: Pc) -> None:
    public = PROFILES["public"]
    pc.registry[GPO + "\\" + public] = {"DefaultInboundAction": 0}
    assert effective(pc) == "off"
    pc.registry[GPO + "\\" + public] = {"DefaultInboundAction": 0, "DoNotAllowExceptions": 1}
    assert effective(pc) == "on"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("running", "on"),
        ("stopped", "off"),
        ("paused", "off"),
        ("stop_pending", "off"),
        ("start_pending", "unknown: unreadable"),
        ("unknown", "unknown: unreadable"),
    ],
)
def test_the_service_must_run_whatever_the_registry_says(pc: Pc, state: str, expected: str) -> None:
    pc.values["services"]["MpsSvc"]["state"] = state
    assert effective(pc) == expected


def test_a_service_that_does_not_exist_filters_nothing(pc: Pc) -> None:
    pc.values["services"] = {}
    facts = read(pc)
    assert facts.values["effective"] == "off"
    assert "no service MpsSvc" in facts.values["reason"]
    assert facts.unknown["service.running"].reason == "not_found"


def test_a_service_that_cannot_be_asked_is_not_taken_for_running(pc: Pc) -> None:
    pc.values["services"] = DENIED
    assert effective(pc) == "unknown: not_elevated"
    pc.registry[LOCAL + r"\PublicProfile"]["EnableFirewall"] = 0
    assert effective(pc) == "off", "one thing that surely says so is enough"


@pytest.mark.parametrize("place", [LOCAL, GPO, MDM])
def test_a_key_that_was_refused_makes_no_on(pc: Pc, place: str) -> None:
    pc.registry[place + r"\DomainProfile"] = DENIED
    facts = read(pc)
    assert facts.unknown["effective"].reason == "not_elevated"
    assert facts.unknown["profiles.domain.enabled"].reason == "not_elevated"
    assert facts.values["profiles"]["public"]["enabled"] is True
    pc.values["services"]["MpsSvc"]["state"] = "stopped"
    assert effective(pc) == "off"


def test_without_the_machines_own_key_nothing_is_guessed(pc: Pc) -> None:
    """Absent values have defaults; a key that every Windows has, and this one lacks, has none."""
    del pc.registry[LOCAL + r"\StandardProfile"]
    assert effective(pc) == "unknown: not_found"


CARD = "{4D36E972-E325-11CE-BFC1-08002BE10318}"


@pytest.mark.parametrize("place", [LOCAL, GPO, MDM])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"{CARD},{CARD}", "unknown: unreadable"),
        ([CARD], "unknown: unreadable"),
        (b"\x01", "unknown: unreadable"),
        ("", "on"),
        ("{}", "on"),
        ([], "on"),
    ],
)
def test_a_profile_that_leaves_out_an_interface_is_not_on(
    pc: Pc, place: str, value: Any, expected: str
) -> None:
    """Which interface that is, and whether it leads anywhere, is not told: nor is it off."""
    pc.registry.setdefault(place + r"\PublicProfile", {})["DisabledInterfaces"] = value
    assert effective(pc) == expected


@pytest.mark.parametrize("value", ["1", b"\x01", -1])
def test_a_value_of_another_type_is_not_read(pc: Pc, value: Any) -> None:
    pc.registry[LOCAL + r"\DomainProfile"]["EnableFirewall"] = value
    assert effective(pc) == "unknown: unreadable"
    pc.registry[LOCAL + r"\DomainProfile"] = {"DefaultInboundAction": 7}
    assert effective(pc) == "unknown: unreadable"


@pytest.mark.parametrize(
    ("health", "products", "expected"),
    [
        ("good", [("Kaspersky", ON)], "on"),
        ("good", [("Old", OFF), ("Kaspersky", ON)], "on"),
        ("poor", [("Kaspersky", ON)], "off"),
        ("snooze", [("Kaspersky", ON)], "off"),
        (None, [("Kaspersky", ON)], "unknown: not_found"),
        ("good", [("Kaspersky", OFF)], "off"),
        ("good", [("Kaspersky", SNOOZED)], "off"),
        ("good", [("Kaspersky", EXPIRED)], "off"),
        ("good", [("Kaspersky", ODD)], "unknown: unreadable"),
        ("good", [], "off"),
        ("good", NO_CENTER, "unknown: not_supported"),
        ("poor", NO_CENTER, "off"),
        (NO_CENTER, NO_CENTER, "off"),
        (DENIED, [("Kaspersky", ON)], "unknown: not_elevated"),
        (DENIED, [], "off"),
    ],
)
def test_another_firewall_in_windows_place(
    pc: Pc, health: Any, products: Any, expected: str
) -> None:
    """Windows' own is off in all; the other must be on, and Security Center must find it well."""
    for profile in PROFILES.values():
        pc.registry[LOCAL + "\\" + profile]["EnableFirewall"] = 0
    known = not isinstance(health, Unknown)
    pc.values["security_health"] = {**GOOD, "firewall": health} if known else health
    if not isinstance(products, Unknown):
        rows = [{"name": name, "state": state} for name, state in products]
        pc.values["security_products"] = {"firewall": rows, "antivirus": []}
    else:
        pc.values["security_products"] = products
    assert effective(pc) == expected
    if expected == "on":
        assert read(pc).values["reason"].startswith("Kaspersky is on in place of Windows' firewall")


def test_windows_own_is_enough_whatever_security_center_says(pc: Pc) -> None:
    pc.values["security_health"] = DENIED
    pc.values["security_products"] = DENIED
    facts = read(pc)
    assert facts.values["effective"] == "on"
    assert facts.unknown["products"].reason == facts.unknown["security_center"].reason


@pytest.mark.parametrize("rows", [[{}], [{"name": 1, "state": 2}], [7], "x", None])
def test_garbage_from_security_center_is_unreadable(pc: Pc, rows: Any) -> None:
    pc.values["security_products"] = {"firewall": rows, "antivirus": []}
    facts = read(pc)
    assert facts.unknown["products"].reason == "unreadable"
    assert facts.values["effective"] == "on"
