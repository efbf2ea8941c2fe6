"""Settings imported into Wine's registry: what `show` says of services, lock, updates, programs."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.catalogue import catalogue
from tests.agents.windows.office import shown
from tests.lab.wine import VERSIONS, Wine

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

HEAD = "Windows Registry Editor Version 5.00\n"
MACHINE = "HKEY_LOCAL_MACHINE"


def section(pc: Wine, version: str, name: str) -> dict[str, Any]:
    return shown(pc, version, "--section", name)


SERVICES = (
    HEAD
    + rf"""
[{MACHINE}\SYSTEM\CurrentControlSet\Control\Terminal Server]
"fDenyTSConnections"=dword:00000001

[{MACHINE}\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services]
"fDenyTSConnections"=dword:00000000

[{MACHINE}\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp]
"UserAuthentication"=dword:00000000
"PortNumber"=dword:00000d3e

[{MACHINE}\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer]
"NoDriveTypeAutoRun"=dword:000000ff

[{MACHINE}\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient]
"EnableMulticast"=dword:00000000
"""
)
#: What the fixture put there is taken away again, so that the next test sees a Windows as it comes.
AWAY = (
    HEAD
    + rf"""
[-{MACHINE}\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services]
[-{MACHINE}\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient]
[-{MACHINE}\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer]
"""
)


@pytest.mark.parametrize("version", VERSIONS)
def test_services(pc: Wine, version: str) -> None:
    pc.imported(SERVICES)
    facts = section(pc, version, "services")["facts"]["services"]
    assert facts["remote_desktop"] == {
        "enabled": True,
        "network_level_authentication": False,
        "port": 3390,
    }
    assert (facts["autorun"], facts["llmnr"]) == (False, False)
    pc.imported(AWAY)
    other = section(pc, version, "services")["facts"]["services"]
    assert other["remote_desktop"]["enabled"] is False
    assert (other["autorun"], other["llmnr"]) == (True, True)


OURS = ("services", "accounts", "session_lock", "updates", "software")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_fact_of_these_sections_is_there_or_named(pc: Wine, version: str) -> None:
    document = shown(pc, version)
    unknown = document["unknown"]
    for name in OURS:
        assert unknown.get(name, {}).get("reason") not in ("failed", "timed_out"), unknown[name]
    assert "S-1-5-21" not in str(document)
    wanted = [
        fact.path
        for fact in catalogue().leaves()
        if fact.path.partition(".")[0] in OURS[:3] and "windows" in fact.platforms
    ]
    assert len(wanted) > 25
    for path in wanted:
        assert path in unknown or path.rpartition(".")[0] in unknown or at(document, path), path


def at(document: dict[str, Any], path: str) -> bool:
    values: Any = document["facts"]
    for word in path.split("."):
        values = values.get(word, {})
    return bool(values != {})


ACCOUNTS = (
    HEAD
    + rf"""
[{MACHINE}\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon]
"AutoAdminLogon"="{{on}}"
"DefaultPassword"="chim-se-{{on}}"
"""
)


@pytest.mark.parametrize("version", VERSIONS)
def test_signing_in_by_itself(pc: Wine, version: str) -> None:
    pc.imported(ACCOUNTS.replace("{on}", "1"))
    document = section(pc, version, "accounts")
    assert document["facts"]["accounts"]["auto_logon"] is True
    assert document["facts"]["accounts"]["auto_logon_password_stored"] is True
    assert "chim-se" not in str(document)
    pc.imported(ACCOUNTS.replace("{on}", "0").replace('"chim-se-0"', '""'))
    facts = section(pc, version, "accounts")["facts"]["accounts"]
    assert (facts["auto_logon"], facts["auto_logon_password_stored"]) == (False, False)


SAVER = (
    HEAD
    + r"""
[HKEY_CURRENT_USER\Control Panel\Desktop]
"ScreenSaveActive"="1"
"ScreenSaverIsSecure"="{secure}"
"ScreenSaveTimeOut"="600"
"SCRNSAVE.EXE"="C:\\windows\\system32\\scrnsave.scr"

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System]
"InactivityTimeoutSecs"=dword:{limit}
"""
)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_screen_lock(pc: Wine, version: str) -> None:
    """Wine is a Windows 7 as it comes, which does not look at the machine's limit."""
    pc.imported(SAVER.replace("{secure}", "1").replace("{limit}", "0000003c"))
    locked = section(pc, version, "session_lock")["facts"]["session_lock"]
    assert locked == {"enabled": True, "after": 600, "enforced": False}
    pc.imported(SAVER.replace("{secure}", "0").replace("{limit}", "00000000"))
    document = section(pc, version, "session_lock")
    assert document["facts"]["session_lock"] == {"enabled": False, "enforced": False}
    assert document["unknown"]["session_lock.after"]["reason"] == "not_supported"


CBS = rf"{MACHINE}\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"
UPDATES = (
    HEAD
    + rf"""
[{CBS}\RebootPending]

[{CBS}\Packages\Package_for_KB5031224~31bf3856ad364e35~amd64~~10.0.9166.1]
"CurrentState"=dword:00000070
"InstallTimeHigh"=dword:01da0125
"InstallTimeLow"=dword:7d6c8e80

[{CBS}\Packages\Package_1_for_KB5031225~31bf3856ad364e35~amd64~~10.0.9166.1]
"CurrentState"=dword:00000070

[{MACHINE}\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate]
"WUServer"="http://wsus.phuong.example:8530"

[{MACHINE}\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU]
"UseWUServer"=dword:00000001
"AUOptions"=dword:00000003
"""
)
NO_UPDATES = (
    HEAD
    + rf"""
[-{CBS}]
[-{MACHINE}\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate]
"""
)


@pytest.mark.parametrize("version", VERSIONS)
def test_updates(pc: Wine, version: str) -> None:
    pc.imported(UPDATES)
    facts = section(pc, version, "updates")["facts"]["updates"]
    (installed,) = facts["installed"]
    assert installed["id"] == "KB5031224"
    assert facts["last_installed_at"] == installed["installed_at"]
    assert installed["installed_at"].startswith("2023-10-1")
    assert facts["reboot_pending"] is True
    assert facts["source"] == "wsus"
    assert facts.get("automatic") in ("download", "off"), "off where Wine has no wuauserv"
    pc.imported(NO_UPDATES)
    document = section(pc, version, "updates")
    assert document["facts"]["updates"]["source"] == "vendor"
    assert document["unknown"]["updates.installed"]["reason"] == "not_found"


UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
PROGRAMS = (
    HEAD
    + rf"""
[{MACHINE}\{UNINSTALL}\VNPT-CA]
"DisplayName"="VNPT-CA Plugin – chữ ký số"
"DisplayVersion"="1.0.3.2"
"Publisher"="Tập đoàn VNPT"
"InstallDate"="20260314"

[{MACHINE}\{UNINSTALL}\Part]
"DisplayName"="A part of it"
"SystemComponent"=dword:00000001

[{MACHINE}\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\UniKey]
"DisplayName"="UniKey 4.6 RC2"
"DisplayVersion"="4.6"

[HKEY_CURRENT_USER\{UNINSTALL}\Zalo]
"DisplayName"="Zalo 24.11.1"
"DisplayVersion"="24.11.1"
"Publisher"="VNG Corp."
"""
)
NO_PROGRAMS = (
    HEAD
    + rf"""
[-{MACHINE}\{UNINSTALL}\VNPT-CA]
[-{MACHINE}\{UNINSTALL}\Part]
[-{MACHINE}\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\UniKey]
[-HKEY_CURRENT_USER\{UNINSTALL}\Zalo]
"""
)
FIXTURES = ("VNPT-CA Plugin – chữ ký số", "UniKey 4.6 RC2", "Zalo 24.11.1", "A part of it")


@pytest.mark.parametrize("version", VERSIONS)
def test_software_of_both_views_and_the_user(pc: Wine, version: str) -> None:
    pc.imported(PROGRAMS)
    rows = section(pc, version, "software")["facts"]["software"]
    assert [row for row in rows if row["name"] in FIXTURES] == [
        {
            "name": "UniKey 4.6 RC2",
            "version": "4.6",
            "source": "registry",
            "architecture": "x86",
        },
        {
            "name": "VNPT-CA Plugin – chữ ký số",
            "version": "1.0.3.2",
            "publisher": "Tập đoàn VNPT",
            "installed_at": "2026-03-14T00:00:00Z",
            "source": "registry",
            "architecture": "x86_64",
        },
        {
            "name": "Zalo 24.11.1",
            "version": "24.11.1",
            "publisher": "VNG Corp.",
            "source": "user_registry",
        },
    ]
    pc.imported(NO_PROGRAMS)
    left = section(pc, version, "software")["facts"]["software"]
    assert not [row for row in left if row["name"] in FIXTURES]
