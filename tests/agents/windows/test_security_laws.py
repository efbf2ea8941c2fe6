"""Firewall and antivirus, whatever Windows refuses or answers: never raised, never guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.collect import collect
from agents.outcome import Unknown
from agents.windows import defender
from agents.windows.firewall_profiles import LOCAL, POLICIES, PROFILES
from tests.agents.windows.authored import Pc
from tests.lab.server_asked import report_of

SECTIONS = ("firewall", "antivirus")
FIREWALL_KEYS = [place + "\\" + one for place in (LOCAL, *POLICIES) for one in PROFILES.values()]
DEFENDER_KEYS = [
    defender.HOME,
    defender.HOME + defender.REAL_TIME,
    defender.POLICY,
    defender.POLICY + defender.REAL_TIME,
    defender.SIGNATURES,
    defender.FEATURES,
]
VALUES = ["services", "security_health", "security_products", "system"]
NAMES = [
    "EnableFirewall",
    "DefaultInboundAction",
    "DoNotAllowExceptions",
    "DisabledInterfaces",
    "DisableRealtimeMonitoring",
    "PassiveMode",
    "TamperProtection",
    "SignaturesLastUpdated",
    "AVSignatureVersion",
    "InstallLocation",
]
REFUSALS = st.sampled_from(["not_elevated", "unreadable", "timed_out"]).map(Unknown)
CONTENT = st.one_of(
    st.integers(0, 2**64 - 1), st.text(max_size=20), st.binary(max_size=9), st.lists(st.text())
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


def machine(*, well: bool) -> Pc:
    """All on and well, or surely all off."""
    pc = Pc()
    state = "running" if well else "stopped"
    pc.values["services"] = {name: {"start": 2, "state": state} for name in ("MpsSvc", "WinDefend")}
    health = "good" if well else "poor"
    pc.values["security_health"] = dict.fromkeys(("firewall", "antivirus", "updates"), health)
    number = 0x061100 if well else 0x060100
    products = [{"name": "Windows Defender", "state": number}]
    pc.values["security_products"] = {"firewall": [], "antivirus": products}
    for profile in PROFILES.values():
        pc.registry[LOCAL + "\\" + profile] = {"EnableFirewall": int(well)}
    pc.registry[defender.HOME + defender.REAL_TIME] = {"DisableRealtimeMonitoring": int(not well)}
    return pc


def effective(pc: Pc) -> set[str]:
    document = collect(pc, SECTIONS)
    report_of(document)
    assert document["agent"]["sections_failed"] == 0, document["unknown"]
    return {document["facts"].get(one, {}).get("effective", "unknown") for one in SECTIONS}


@pytest.mark.parametrize("well", [True, False])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_refused_turns_nothing_on_or_off(well: bool, data: st.DataObject) -> None:
    pc = machine(well=well)
    for key in data.draw(st.sets(st.sampled_from(FIREWALL_KEYS + DEFENDER_KEYS))):
        pc.registry[key] = data.draw(REFUSALS)
    for name in data.draw(st.sets(st.sampled_from(VALUES), max_size=2)):
        pc.values[name] = data.draw(REFUSALS)
    assert effective(pc) <= ({"on", "unknown"} if well else {"off", "unknown"})


def test_the_law_above_looked_at_all_three() -> None:
    """The floor, and the control: what is well is on, what is not is off."""
    assert effective(machine(well=True)) == {"on"}
    assert effective(machine(well=False)) == {"off"}
    denied = machine(well=True)
    denied.values["services"] = Unknown("not_elevated")
    denied.values["security_products"] = denied.values["security_health"] = Unknown("unreadable")
    assert effective(denied) == {"unknown"}


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_parse_never_raises_whatever_windows_said(data: st.DataObject) -> None:
    pc = machine(well=data.draw(st.booleans()))
    for key in data.draw(st.sets(st.sampled_from(FIREWALL_KEYS + DEFENDER_KEYS))):
        pc.registry[key] = data.draw(
            st.dictionaries(st.sampled_from(NAMES), CONTENT, max_size=4) | REFUSALS
        )
    for name in data.draw(st.sets(st.sampled_from(VALUES))):
        pc.values[name] = data.draw(JSON | REFUSALS)
    effective(pc)


PRODUCT: Any = st.fixed_dictionaries(
    {"name": st.text(max_size=9), "state": st.integers(-1, 2**32)}, optional={"x": st.none()}
)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(PRODUCT, max_size=3), health=st.sampled_from(["good", "poor", None, "odd"]))
def test_whatever_registers_the_report_is_taken(rows: list[Any], health: Any) -> None:
    pc = machine(well=False)
    pc.values["security_products"] = {"firewall": rows, "antivirus": rows}
    pc.values["security_health"] = dict.fromkeys(("firewall", "antivirus", "updates"), health)
    if "on" in effective(pc):
        assert health == "good" or any((one["state"] >> 12) & 0xF == 1 for one in rows)
