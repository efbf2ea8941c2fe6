"""A firewall's registry, imported into Wine: what the agent says of it, here and at the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.run import Collector
from tests.agents.windows.office import accepted, agent, collecting, shown, token_file
from tests.lab.wine import VERSIONS, Wine, windows

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

#: Local: domain on, private {private}, public {public}. Group policy says that private is on.
FIXTURE = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy]

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile]
"EnableFirewall"=dword:00000001
"DefaultInboundAction"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\StandardProfile]
"EnableFirewall"=dword:00000000
"DefaultInboundAction"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\PublicProfile]
"EnableFirewall"=dword:0000000{public}
"DefaultInboundAction"=dword:00000001

[-HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall]

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\StandardProfile]
"EnableFirewall"=dword:00000001
"""


def imported(pc: Wine, *, public: bool) -> None:
    pc.imported(FIXTURE.replace("{public}", str(int(public))))


@pytest.fixture(scope="module", autouse=True)
def service(pc: Wine) -> Iterator[None]:
    """A service of the firewall's name that runs: any program of Wine's that is a service."""
    program = r"C:\windows\system32\plugplay.exe"
    assert (
        pc.run("sc.exe", "create", "MpsSvc", "binPath=", program, "start=", "auto").returncode == 0
    )
    assert pc.run("sc.exe", "start", "MpsSvc").returncode == 0
    yield
    pc.run("sc.exe", "stop", "MpsSvc")
    pc.run("sc.exe", "delete", "MpsSvc")


def firewall(pc: Wine, version: str) -> dict[str, Any]:
    section: dict[str, Any] = shown(pc, version, "--section", "firewall")["facts"]["firewall"]
    return section


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_in_force_is_what_the_registry_says(pc: Wine, version: str) -> None:
    imported(pc, public=True)
    facts = firewall(pc, version)
    profiles = facts["profiles"]
    assert {name: profiles[name]["local"] for name in profiles} == {
        "domain": True,
        "private": False,
        "public": True,
    }
    assert {name: profiles[name]["group_policy"] for name in profiles} == {
        "domain": "not_set",
        "private": "on",
        "public": "not_set",
    }
    assert {name: profiles[name]["enabled"] for name in profiles} == dict.fromkeys(profiles, True)
    assert facts["service"] == {"name": "MpsSvc", "enabled": True, "running": True}
    assert facts["effective"] == "on"
    imported(pc, public=False)
    other = firewall(pc, version)
    assert (other["profiles"]["public"]["enabled"], other["effective"]) == (False, "off")


def test_a_registry_that_says_on_while_the_service_stands_still_is_off(pc: Wine) -> None:
    imported(pc, public=True)
    assert pc.run("sc.exe", "stop", "MpsSvc").returncode == 0
    try:
        stopped = firewall(pc, "3.8")
    finally:
        assert pc.run("sc.exe", "start", "MpsSvc").returncode == 0
    assert (stopped["service"]["running"], stopped["effective"]) == (False, "off")
    assert firewall(pc, "3.8")["effective"] == "on", "the control"


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    with collecting(tmp_path / "dữ liệu") as running:
        yield running


@pytest.mark.parametrize("version", VERSIONS)
def test_the_server_has_what_the_registry_says(
    pc: Wine, version: str, collector: Collector, tmp_path: Path
) -> None:
    imported(pc, public=False)
    here = firewall(pc, version)
    token_file(collector, tmp_path / "enrol.json")
    state = rf"C:\ProgramData\tường lửa {version}"
    agent(pc, version, "enrol", windows(tmp_path / "enrol.json"), "--state", state)
    assert "sent 1; waiting 0" in agent(pc, version, "run", "--state", state)
    (document,) = accepted(collector)
    assert document["facts"]["firewall"] == here
    assert here["effective"] == "off"
