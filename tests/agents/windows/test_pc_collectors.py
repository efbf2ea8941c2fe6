"""Hardware, system, volumes and network of a Windows PC, from answers written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from agents.collect import collect
from agents.outcome import Unknown
from agents.windows import hardware, network, system, volumes
from tests.agents.documents import facts_of, reasons
from tests.agents.windows.authored import CARD, DISK, TABLE, Pc
from tests.lab.server_asked import report_of

OURS = ("hardware", "os", "volumes", "network")


@pytest.fixture
def pc() -> Pc:
    machine = Pc()
    machine.table = TABLE
    return machine


def test_an_office_pc_says_everything(pc: Pc) -> None:
    document = collect(pc, OURS)
    report_of(document)
    assert list(document["unknown"]) == [
        "network.domain",
        "network.listening[2].process",
    ]
    assert document["facts"]["os"] == {
        "family": "windows",
        "id": "windows",
        "name": "Windows 10",
        "version": "10.0.19045.4046",
        "release": "22H2",
        "edition": "Professional",
        "build": 19045,
        "update_build_revision": 4046,
        "server": False,
        "lifecycle": "windows-10-22h2-pro",
        "architecture": "x86_64",
        "installed_at": "2023-11-14T22:13:20Z",
        "booted_at": "2027-01-15T07:00:00Z",
        "timezone": "SE Asia Standard Time",
        "hostname": "ketoan-phong-tang2",
        "uac": True,
    }
    assert document["facts"]["hardware"]["memory"]["modules"] == [
        {
            "slot": "DIMM1",
            "size": 8 << 30,
            "type": "DDR4",
            "speed": 2666,
            "vendor": "Samsung",
            "serial": "MEM1",
        }
    ]


SYSTEMS = [
    ({"CurrentBuild": "22631", "DisplayVersion": "23H2"}, {}, "Windows 11", "windows-11-23h2-pro"),
    (
        {"CurrentBuild": "26100", "DisplayVersion": "24H2", "EditionID": "Core"},
        {},
        "Windows 11",
        "windows-11-24h2-pro",
    ),
    ({"CurrentBuild": "21999"}, {}, "Windows 10", "windows-10-22h2-pro"),
    ({"EditionID": "Education"}, {}, "Windows 10", "windows-10-22h2-enterprise"),
    (
        {
            "EditionID": "EnterpriseS",
            "CurrentBuild": "17763",
            "DisplayVersion": None,
            "ReleaseId": "1809",
        },
        {},
        "Windows 10",
        "windows-10-1809-ltsc",
    ),
    (
        {
            "EditionID": "EnterpriseS",
            "CurrentBuild": "10240",
            "DisplayVersion": None,
            "ReleaseId": None,
        },
        {},
        "Windows 10",
        "windows-10-1507-ltsc",
    ),
    (
        {
            "CurrentMajorVersionNumber": None,
            "CurrentBuild": "7601",
            "DisplayVersion": None,
            "CSDVersion": "Service Pack 1",
        },
        {"major": 6, "minor": 1, "build": 7601, "service_pack": 1},
        "Windows 7",
        "windows-7-sp1",
    ),
    (
        {"CurrentMajorVersionNumber": None, "CurrentVersion": "6.3", "CurrentBuild": "9600"},
        None,
        "Windows 8.1",
        "windows-8.1",
    ),
    (
        {"InstallationType": "Server Core", "CurrentBuild": "17763", "EditionID": "ServerStandard"},
        {"product_type": 3},
        "Windows Server 2019",
        "windows-server-2019",
    ),
    (
        {"InstallationType": None, "CurrentBuild": "9600", "CurrentMajorVersionNumber": None},
        {"major": 6, "minor": 3, "product_type": 2},
        "Windows Server 2012 R2",
        "windows-server-2012-r2",
    ),
]


@pytest.mark.parametrize(("registry", "kernel", "name", "lifecycle"), SYSTEMS)
def test_which_windows_it_is(
    pc: Pc, registry: dict[str, Any], kernel: dict[str, Any] | None, name: str, lifecycle: str
) -> None:
    """ProductName is never asked: it says Windows 10 on Windows 11."""
    version = pc.registry[system.VERSION]
    version.update(registry)
    pc.registry[system.VERSION] = {k: v for k, v in version.items() if v is not None}
    if kernel is None:
        pc.values["system"] = Unknown("unreadable", "by the test")
    else:
        pc.values["system"].update(kernel)
    facts = facts_of(pc, system)
    assert (facts.values["name"], facts.values["lifecycle"]) == (name, lifecycle)


def test_names_of_values_have_no_case(pc: Pc) -> None:
    version = pc.registry[system.VERSION]
    pc.registry[system.VERSION] = {name.upper(): value for name, value in version.items()}
    assert facts_of(pc, system).values["lifecycle"] == "windows-10-22h2-pro"


def test_an_arm_machine_is_not_what_an_emulated_process_is_told(pc: Pc) -> None:
    pc.registry[system.ENVIRONMENT] = {"PROCESSOR_ARCHITECTURE": "ARM64"}
    assert facts_of(pc, system).values["architecture"] == "arm64"


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({}, "ssd"),
        ({"seek_penalty": True}, "hdd"),
        ({"bus": 17, "seek_penalty": None}, "nvme"),
        ({"bus": 7}, "other"),
        ({"bus": 15}, "virtual"),
        ({"vendor": "VMware", "model": "Virtual disk"}, "virtual"),
        ({"seek_penalty": None}, None),
        ({"bus": None}, None),
    ],
)
def test_kinds_of_disks(pc: Pc, changed: dict[str, Any], kind: str | None) -> None:
    pc.values["disks"] = [{**DISK, **changed}]
    facts = facts_of(pc, hardware)
    assert facts.values["disks"][0].get("kind") == kind
    assert ("disks.kind" in facts.unknown) == (kind is None)


def test_a_bios_has_no_secure_boot_and_no_tpm_has_no_version(pc: Pc) -> None:
    pc.values["firmware"] = "bios"
    pc.values["tpm"] = {"present": False, "version": None}
    facts = facts_of(pc, hardware)
    assert facts.values["tpm"] == {"present": False}
    why = reasons(facts)
    assert (why["secure_boot"], why["tpm.version"]) == ("not_supported", "not_supported")


def test_without_a_table_the_rest_of_the_hardware_is_there(pc: Pc) -> None:
    pc.table = b""
    facts = facts_of(pc, hardware)
    assert facts.values["cpu"]["threads"] == 8
    assert facts.values["disks"][0]["serial"] == "S62BNX0R123456"
    assert reasons(facts)["serial"] == "not_supported"
    assert "virtual" in facts.unknown, "a machine that is not known is not a physical one"


STATES = [
    (1, None, "on"),
    (2, None, "off"),
    (3, None, "in_progress"),
    (5, None, "suspended"),
    (6, None, "locked"),
    (None, 1, "on"),
    (None, 0, "off"),
    (8, 1, "on"),
    (8, None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("shell", "slow", "state"), STATES)
def test_bitlocker(pc: Pc, shell: int | None, slow: int | None, state: str | None) -> None:
    pc.values["bitlocker"] = {"C:\\": shell}
    pc.values["encryptable"] = {} if slow is None else {"C:\\": slow}
    (row,) = facts_of(pc, volumes).values[""]
    assert row.get("encryption") == state


def test_bitlocker_that_nobody_tells_is_unknown(pc: Pc) -> None:
    pc.values["bitlocker"] = Unknown("not_supported", "an edition without BitLocker")
    pc.values["encryptable"] = Unknown("not_elevated", "denied")
    facts = facts_of(pc, volumes)
    assert (facts.values[""][0]["free_percent"], reasons(facts)) == (
        25.5,
        {".encryption": "not_supported"},
    )


def test_a_domain_is_no_workgroup(pc: Pc) -> None:
    pc.values["domain"] = {"name": "UBND", "kind": "domain"}
    facts = facts_of(pc, network)
    assert (facts.values["domain"], facts.values["domain_joined"]) == ("UBND", True)
    assert "workgroup" in facts.unknown


def test_not_to_know_the_domain_is_not_to_be_in_none(pc: Pc) -> None:
    pc.values["domain"] = {"name": "", "kind": "unknown"}
    facts = facts_of(pc, network)
    assert {"domain", "workgroup", "domain_joined"} <= facts.unknown.keys()


def test_gateways_of_cards_that_are_down_are_no_way_out(pc: Pc) -> None:
    wifi = {**CARD, "name": "Wi-Fi", "type": 71, "up": False, "gateways": ["192.168.1.1"]}
    pc.values["addresses"] = [CARD, wifi]
    facts = facts_of(pc, network)
    assert facts.values["gateways"] == ["10.20.1.1"]
    card, other = facts.values["interfaces"]
    assert (card["speed"], card["kind"], other["kind"]) == (1000, "ethernet", "wifi")
    assert card["addresses"][1] == {"address": "fe80::1", "prefix": 64}


@pytest.mark.parametrize(
    ("machine", "policy", "proxy"),
    [
        ({"ProxyEnable": 1}, {}, True),
        ({"ProxyEnable": 0}, {"ProxySettingsPerUser": 0}, False),
        ({}, {"ProxySettingsPerUser": 0}, False),
        ({}, {}, None),
        (Unknown("not_found"), Unknown("not_found"), None),
        (Unknown("not_elevated"), Unknown("not_found"), None),
    ],
)
def test_the_machines_proxy(pc: Pc, machine: Any, policy: Any, proxy: bool | None) -> None:
    pc.registry[network.PROXY], pc.registry[network.PROXY_POLICY] = machine, policy
    facts = facts_of(pc, network)
    assert facts.values.get("proxy") == proxy
    assert ("proxy" in facts.unknown) == (proxy is None)


def test_what_listens_on_loopback_is_not_exposed(pc: Pc) -> None:
    rows = facts_of(pc, network).values["listening"]
    assert [(row["port"], row["exposed"]) for row in rows] == [
        (445, True),
        (5354, False),
        (5355, True),
    ]
