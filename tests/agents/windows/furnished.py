"""What the recorded PCs have beside their firewall: programs, updates, settings, screen locks.

Names and versions are those of programs that offices in Việt Nam do use; which PC has which is made
up.
"""

from __future__ import annotations

from typing import Any

from agents.windows import accounts, name_services, services, session_lock, smb, system, updates
from tests.agents.windows.office_pc import (
    ADAPTER,
    CURRENT,
    PACKAGES,
    RECORDED_AT,
    SERVICES,
    UNINSTALL,
    USER,
    OfficePc,
    automatic,
    filetime,
)

DAY = 86_400
SECOND_USER = USER[:-1] + "2"
DESKTOP, DESKTOP_POLICY = session_lock.DESKTOP, session_lock.DESKTOP_POLICY
OPEN = {"ScreenSaveActive": "0", "ScreenSaverIsSecure": "0", "ScreenSaveTimeOut": "900"}
FOLDER = ["CSCFlags=0", "MaxUses=4294967295", "Path=D:\\Chung", "Permissions=0", "Type=0"]

#: Key below Uninstall: name, version, publisher, day.
_64 = {
    "Google Chrome": ("Google Chrome", "142.0.7444.163", "Google LLC", "20261118"),
    "WinRAR archiver": ("WinRAR 6.24 (64-bit)", "6.24.0", "win.rar GmbH", ""),
    "O365ProPlusRetail - vi-vn": (
        "Microsoft 365 Apps for enterprise - vi-vn",
        "16.0.19328.20190",
        "Microsoft Corporation",
        "",
    ),
    "{7CF1D1F1-8B24-4AF8-9B6E-1C5A8A2E5F01}": (
        "Microsoft Visual C++ 2022 X64 Minimum Runtime - 14.38.33135",
        "14.38.33135",
        "Microsoft Corporation",
        "20240105",
    ),
}
_32 = {
    "UltraViewer_is1": (
        "UltraViewer version 6.6.109",
        "6.6.109",
        "DucFabulous Co,.Ltd",
        "20260302",
    ),
    "Microsoft Edge": ("Microsoft Edge", "142.0.3595.80", "Microsoft Corporation", "20261115"),
    "HTKK": ("Hỗ trợ kê khai 5.3.5", "5.3.5", "Cục Thuế", "20260512"),
    "iTaxViewer": ("iTaxViewer 2.4.3", "2.4.3", "Cục Thuế", "20260512"),
    "VNPT-CA Plugin_is1": ("VNPT-CA Plugin version 1.0.4.9", "1.0.4.9", "VNPT", "20250820"),
    "{2C0E3D4F-50A7-44B1-9C3B-0B7A1A9B0C77}": (
        "VNPT-CA Token Manager (vnptca_p11_v6)",
        "1.0.8.22",
        "VNPT",
        "20250820",
    ),
}
#: Parts and updates of programs, which are no programs.
_PARTS: dict[str, dict[str, Any]] = {
    "Connection Manager": {"SystemComponent": 1},
    "{90160000-0011-0000-0000-0000000FF1CE}_Office16.PROPLUS_{A1B2}": {
        "DisplayName": "Security Update for Microsoft Office 2016 (KB5002623) 32-Bit Edition",
        "ParentKeyName": "Office16.PROPLUS",
        "ReleaseType": "Security Update",
    },
}
_SEVEN_64 = {
    "WinRAR archiver": ("WinRAR 5.21 (64-bit)", "5.21.0", "win.rar GmbH", ""),
    "Google Chrome": ("Google Chrome", "109.0.5414.168", "Google LLC", "20231009"),
    "Office14.STANDARD": (
        "Microsoft Office Standard 2010",
        "14.0.7015.1000",
        "Microsoft Corporation",
        "",
    ),
}
_SERVER_64 = {
    "Microsoft SQL Server SQL2019": (
        "Microsoft SQL Server 2019 (64-bit)",
        "",
        "Microsoft Corporation",
        "",
    ),
    "{5BC7E9EB-13E8-45DB-8A60-F2481FEB4595}": (
        "Microsoft SQL Server 2019 Setup (English)",
        "15.0.4455.2",
        "Microsoft Corporation",
        "20260203",
    ),
}


def program(name: str, version: str, publisher: str, day: str) -> dict[str, Any]:
    """The values of an Uninstall key; what is empty is not there."""
    found = {"DisplayName": name, "DisplayVersion": version, "Publisher": publisher}
    found["InstallDate"] = day
    return {name: value for name, value in found.items() if value}


def _install(table: dict[str, Any], programs: dict[str, tuple[str, str, str, str]]) -> None:
    for key, words in programs.items():
        table[CURRENT + "\\Uninstall\\" + key] = program(*words)


def _office(pc: OfficePc) -> None:
    """The programs of most PCs of an office."""
    _install(pc.registry, _64)
    _install(pc.registry32, _32)
    pc.registry.update({CURRENT + "\\Uninstall\\" + key: part for key, part in _PARTS.items()})
    pc.registry[rf"{USER}\{UNINSTALL}\CocCocBrowser"] = program(
        "Cốc Cốc", "139.0.234", "Công ty TNHH Cốc Cốc", "20260901"
    )


def _update(pc: OfficePc, name: str, days: float) -> None:
    """An update that was put in so many days ago."""
    ticks = filetime(RECORDED_AT - days * DAY)
    pc.registry[rf"{PACKAGES}\Package_for_{name}"] = {
        "CurrentState": 112,
        "InstallTimeHigh": ticks >> 32,
        "InstallTimeLow": ticks & 0xFFFFFFFF,
    }


def _without(pc: OfficePc, beginning: str) -> None:
    for name in [name for name in pc.registry if name.startswith(beginning)]:
        del pc.registry[name]


def _rollup(pc: OfficePc, version: str) -> None:
    """This Windows' own cumulative update in place of Windows 10's."""
    _without(pc, PACKAGES)
    _update(pc, f"RollupFix~31bf3856ad364e35~amd64~~{version}", 9)


def _seven(pc: OfficePc) -> None:
    _without(pc, PACKAGES)
    for name in ("KB4474419", "KB4490628", "KB4534310"):
        _update(pc, f"{name}~31bf3856ad364e35~amd64~~6.1.3.2", 2500)
    _install(pc.registry, _SEVEN_64)
    _install(pc.registry32, {name: _32[name] for name in ("UltraViewer_is1", "HTKK")})
    pc.registry[USER + "\\" + DESKTOP] = dict(OPEN)
    pc.registry[services.TERMINAL] = {"fDenyTSConnections": 0}
    pc.registry[services.RDP] = {"PortNumber": 3389, "UserAuthentication": 0}
    pc.registry[smb.SHARES] = {"Chung": FOLDER}
    pc.services.update(automatic("TermService"), RemoteRegistry={"start": 3, "state": "stopped"})
    pc.values["users"].update(without_password=1, builtin_admin_enabled=True, admins=3)
    pc.values["password_policy"] = {
        "minimum_length": 0,
        "maximum_age": None,
        "lockout_after": 0,
        "lockout_for": 1800,
    }
    pc.values["pending_updates"] = {"pending": 41, "security": 23}


def _hardened(pc: OfficePc) -> None:
    """What the domain's policies of an office with rules set."""
    _office(pc)
    pc.registry[system.UAC]["InactivityTimeoutSecs"] = 900
    pc.registry[name_services.DNS_POLICY] = {"EnableMulticast": 0}
    pc.registry[ADAPTER] = {"NetbiosOptions": 2}
    pc.values["users"].update(admins=1)
    pc.values["password_policy"].update(minimum_length=12, lockout_after=5, lockout_for=None)
    pc.values["session_admin"] = False
    pc.services["W32Time"] = {"start": 2, "state": "running"}
    pc.registry[SERVICES + r"\W32Time\Parameters"] = {"Type": "NT5DS"}


def _policy_off(pc: OfficePc) -> None:
    """Another unit of the domain: a screen saver by policy, and a restart that waits."""
    _office(pc)
    pc.registry[USER + "\\" + DESKTOP_POLICY] = {
        "ScreenSaveActive": "1",
        "ScreenSaverIsSecure": "1",
        "ScreenSaveTimeOut": "300",
        "SCRNSAVE.EXE": "scrnsave.scr",
    }
    pc.registry[updates.RESTART_KEYS[0]] = {}


def _laptop(pc: OfficePc) -> None:
    """Nobody is signed in; updates are off; somebody looks after it over SSH."""
    _office(pc)
    _without(pc, USER)
    pc.registry[r"HKU\.DEFAULT\Control Panel\Desktop"] = dict(OPEN)
    pc.values["session_admin"] = _nobody()
    pc.registry[updates.AUTOMATIC_POLICY] = {"NoAutoUpdate": 1}
    pc.services.update(automatic("sshd"))
    pc.files[services.SSHD] = b"PasswordAuthentication no\r\nMatch Group administrators\r\n"


def _nobody() -> Any:
    from agents.outcome import Unknown

    return Unknown("not_found", "nobody is at the console")


def _suite(pc: OfficePc) -> None:
    """An old PC with a suite: SMB 1 for an old printer, files that wait for the next start."""
    _office(pc)
    suite = program(
        "Kaspersky Endpoint Security for Windows", "12.8.0.505", "Kaspersky", "20260110"
    )
    pc.registry32[CURRENT + r"\Uninstall\InstallWIX_{KES}"] = suite
    pc.services.update(automatic("mrxsmb10"))
    pc.registry[updates.SESSION_MANAGER]["PendingFileRenameOperations"] = [
        r"\??\C:\Windows\Temp\klif.tmp",
        "",
    ]
    pc.values["pending_updates"] = {"pending": 4, "security": 2}


def _vietnamese(pc: OfficePc) -> None:
    _office(pc)
    pc.registry[services.EXPLORER] = {"NoDriveTypeAutoRun": 0x91}
    pc.registry[updates.AUTOMATIC_POLICY] = {"AUOptions": 2}
    pc.registry[accounts.WINLOGON].update(AutoAdminLogon="1")
    pc.values["users"].update(guest_enabled=True, idle_over_45_days=1)


def _eleven(pc: OfficePc) -> None:
    """Two people are signed in, and the screen of the second stays open."""
    _office(pc)
    _rollup(pc, "26100.7171.1.9")
    pc.registry[SECOND_USER + "\\" + DESKTOP] = dict(OPEN)
    pc.registry[rf"{SECOND_USER}\{UNINSTALL}\ZaloPC"] = program(
        "Zalo 24.11.2", "24.11.2", "VNG Corp.", "20260214"
    )


def _server(pc: OfficePc) -> None:
    _without(pc, USER)
    del pc.registry32[CURRENT + r"\Uninstall\UniKey"]
    _install(pc.registry, _SERVER_64)
    pc.registry[smb.SHARES] = {"CongVan": FOLDER, "print$": FOLDER}
    pc.values["users"].update(local=1, admins=2, builtin_admin_enabled=True)
    pc.values["session_admin"] = _nobody()


def _server_2019(pc: OfficePc) -> None:
    _server(pc)
    _rollup(pc, "17763.7919.1.8")
    pc.registry[services.RDP]["UserAuthentication"] = 0
    pc.registry[r"HKU\S-1-5-18\Control Panel\Desktop"] = dict(OPEN)


def _server_2022(pc: OfficePc) -> None:
    _server(pc)
    _rollup(pc, "20348.4294.1.3")
    pc.registry[system.UAC]["InactivityTimeoutSecs"] = 600
    pc.registry[r"HKU\S-1-5-18\Control Panel\Desktop"] = dict(OPEN)


#: Folder of tests/recordings: what it has.
OF = {
    "windows-7-sp1-workgroup-all-profiles-on": _seven,
    "windows-10-domain-policy-turns-on": _hardened,
    "windows-10-domain-policy-turns-off": _policy_off,
    "windows-10-laptop-public-profile-off": _laptop,
    "windows-10-third-party-firewall": _suite,
    "windows-10-vietnamese-all-profiles-on": _vietnamese,
    "windows-10-standard-user-unprivileged": _office,
    "windows-11-bitlocker-all-profiles-on": _eleven,
    "windows-11-service-stopped": _eleven,
    "windows-server-2019-domain-profile-off": _server_2019,
    "windows-server-2022-all-profiles-on": _server_2022,
}
