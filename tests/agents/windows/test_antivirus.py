"""Antivirus on Windows: Security Center's numbers decoded, Defender by its settings and service."""

from __future__ import annotations

from typing import Any

import pytest

from agents.outcome import Facts, Unknown
from agents.windows import antivirus, defender
from agents.windows.security_center import Product
from tests.agents.windows.authored import NOW, Pc

DENIED = Unknown("not_elevated", "denied by the test")
NO_CENTER = Unknown("not_supported", "a server")
REAL_TIME = defender.HOME + defender.REAL_TIME
PLATFORM = r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.24090.11-0"
POLICY = defender.POLICY + defender.REAL_TIME
#: 2027-01-13 08:00 UTC, two days before the machine's clock, as Defender keeps it.
UPDATED = (1_799_827_200 + 11_644_473_600) * 10_000_000
#: productState: number, on, up to date; an outcome that is a text is a reason.
STATES: list[tuple[int, Any, Any]] = [
    (0x061100, True, True),  # Windows Defender, on
    (0x061110, True, False),  # Defender, signatures old
    (0x060100, False, True),  # Defender, off
    (0x041000, True, True),  # another maker's
    (0x041010, True, False),
    (0x042000, False, True),  # snoozed
    (0x043010, False, False),  # expired
    (0x040000, False, True),
    (266240, True, True),
    (397568, True, True),
    (0x05F000, "unreadable", True),
    (0x041020, True, "unreadable"),
]


@pytest.fixture
def pc() -> Pc:
    """Windows 10 with Defender alone, on, signatures of two days ago."""
    machine = Pc()
    machine.values["services"] = {"WinDefend": {"start": 2, "state": "running"}}
    machine.values["security_health"] = dict.fromkeys(("firewall", "antivirus", "updates"), "good")
    register(machine, ("Windows Defender", 0x061100))
    machine.registry[defender.HOME] = {
        "InstallLocation": r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.24090.11-0"
        "\\"
    }
    machine.registry[REAL_TIME] = {}
    machine.registry[defender.FEATURES] = {"TamperProtection": 5}
    machine.registry[defender.SIGNATURES] = {
        "SignaturesLastUpdated": UPDATED.to_bytes(8, "little"),
        "AVSignatureVersion": "1.421.226.0",
        "EngineVersion": "1.1.24090.11",
    }
    return machine


def register(machine: Pc, *products: tuple[str, int]) -> None:
    rows = [{"name": name, "state": state} for name, state in products]
    machine.values["security_products"] = {"antivirus": rows, "firewall": []}


def read(pc: Pc) -> Facts:
    return antivirus.parse(antivirus.probe(pc))


def effective(pc: Pc) -> str:
    facts = read(pc)
    if "effective" in facts.unknown:
        return "unknown: " + facts.unknown["effective"].reason
    return str(facts.values["effective"])


@pytest.mark.parametrize(("number", "on", "current"), STATES)
def test_product_states(number: int, on: Any, current: Any) -> None:
    product = Product("X", number)
    for ask, expected in ((product.enabled, on), (product.up_to_date, current)):
        if isinstance(expected, str):
            with pytest.raises(Unknown) as caught:
                ask()
            assert caught.value.reason == expected
        else:
            assert ask() is expected


def test_defender_tells_everything(pc: Pc) -> None:
    facts = read(pc)
    assert facts.unknown == {}
    assert facts.values == {
        "products": [
            {
                "name": "Microsoft Defender Antivirus",
                "version": "4.18.24090.11",
                "enabled": True,
                "signatures_at": "2027-01-13T08:00:00Z",
                "signature_age": int(NOW) - 1_799_827_200,
                "signature_version": "1.421.226.0",
                "tamper_protection": True,
                "up_to_date": True,
            }
        ],
        "effective": "on",
    }


@pytest.mark.parametrize(
    ("own", "policy", "tamper", "expected"),
    [
        (1, None, 5, "off"),
        (0, None, 5, "on"),
        (None, 1, 5, "on"),
        (1, 0, 5, "off"),
        (None, 1, 4, "off"),
        (None, 1, None, "off"),
        (1, 0, 4, "on"),
        (None, 1, 77, "unknown: unreadable"),
        (None, 1, DENIED, "unknown: not_elevated"),
    ],
)
def test_which_switch_is_heard(pc: Pc, own: Any, policy: Any, tamper: Any, expected: str) -> None:
    """A policy's, unless tamper protection is on; then Defender's own alone."""
    name = "DisableRealtimeMonitoring"
    pc.registry[REAL_TIME] = {} if own is None else {name: own}
    if policy is not None:
        pc.registry[POLICY] = {name: policy}
    pc.registry[defender.FEATURES] = {} if tamper is None else {"TamperProtection": tamper}
    if isinstance(tamper, Unknown):
        pc.registry[defender.FEATURES] = tamper
    register(pc)
    assert effective(pc) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [("running", "on"), ("stopped", "off"), ("start_pending", "unknown: unreadable")],
)
def test_the_service_must_run(pc: Pc, state: str, expected: str) -> None:
    pc.values["services"]["WinDefend"]["state"] = state
    assert effective(pc) == expected


def test_passive_defender_does_not_protect(pc: Pc) -> None:
    pc.registry[defender.HOME]["PassiveMode"] = 1
    assert effective(pc) == "off"


@pytest.mark.parametrize("key", [defender.HOME, REAL_TIME, POLICY])
def test_what_was_refused_makes_no_on(pc: Pc, key: str) -> None:
    pc.registry[key] = DENIED
    assert effective(pc) == "unknown: not_elevated"


def test_another_product_beside_a_defender_that_stepped_back(pc: Pc) -> None:
    register(pc, ("Kaspersky Endpoint Security", 0x041010), ("Windows Defender", 0x060100))
    pc.values["services"]["WinDefend"]["state"] = "stopped"
    facts = read(pc)
    kaspersky, own = facts.values["products"]
    assert kaspersky == {
        "name": "Kaspersky Endpoint Security",
        "enabled": True,
        "up_to_date": False,
    }
    assert (own["enabled"], facts.values["effective"]) == (False, "on")
    assert facts.unknown["products[0].signature_age"].reason == "not_supported"


def test_defender_is_known_by_its_maker_where_its_name_is_translated(pc: Pc) -> None:
    register(pc, ("Trình bảo vệ của Windows", 0x061110))
    facts = read(pc)
    assert [row["name"] for row in facts.values["products"]] == ["Microsoft Defender Antivirus"]
    assert facts.values["products"][0]["up_to_date"] is False


def test_on_windows_7_defender_is_no_antivirus(pc: Pc) -> None:
    pc.values["system"].update(major=6, minor=1)
    register(pc)
    facts = read(pc)
    assert (facts.values["products"], facts.values["effective"]) == ([], "off")
    register(pc, ("Microsoft Security Essentials", 0x061100))
    facts = read(pc)
    assert [row["name"] for row in facts.values["products"]] == ["Microsoft Security Essentials"]
    assert facts.values["effective"] == "on"


def test_a_server_has_defender_alone_and_no_word_on_others(pc: Pc) -> None:
    pc.values["security_health"] = pc.values["security_products"] = NO_CENTER
    facts = read(pc)
    assert facts.values["effective"] == "on"
    assert facts.unknown["products.up_to_date"].reason == "not_supported"
    pc.values["services"]["WinDefend"]["state"] = "stopped"
    assert effective(pc) == "unknown: not_supported", "another product is not seen there"
    pc.values["services"] = {}
    assert effective(pc) == "unknown: not_supported"


@pytest.mark.parametrize(
    ("health", "service", "expected"),
    [
        ("good", "stopped", "on"),
        ("poor", "running", "on"),
        ("poor", "stopped", "unknown: not_elevated"),
        (None, "stopped", "unknown: not_elevated"),
    ],
)
def test_where_products_cannot_be_asked(pc: Pc, health: Any, service: str, expected: str) -> None:
    """The list is unknown; what surely protects is still seen."""
    pc.values["security_products"] = DENIED
    pc.values["security_health"]["antivirus"] = health
    pc.values["services"]["WinDefend"]["state"] = service
    facts = read(pc)
    assert facts.unknown["products"].reason == "not_elevated"
    assert effective(pc) == expected


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (UPDATED, "2027-01-13T08:00:00Z"),
        (bytes(8), "not_found"),
        (b"\x01", "unreadable"),
        ("2027", "unreadable"),
        (b"\xff" * 8, "unreadable"),
        (b"\x01" + bytes(7), "unreadable"),
    ],
)
def test_signature_times(pc: Pc, value: Any, outcome: str) -> None:
    pc.registry[defender.SIGNATURES]["SignaturesLastUpdated"] = value
    facts = read(pc)
    row = facts.values["products"][0]
    if "signatures_at" in row:
        assert row["signatures_at"] == outcome
        return
    assert facts.unknown["products.signatures_at"].reason == outcome
    assert facts.unknown["products.signature_age"].reason == outcome
    assert row["enabled"] is True


def test_the_age_of_signatures_is_never_below_nothing(pc: Pc) -> None:
    pc.registry[defender.SIGNATURES]["SignaturesLastUpdated"] = UPDATED + 10**15
    assert read(pc).values["products"][0]["signature_age"] == 0
