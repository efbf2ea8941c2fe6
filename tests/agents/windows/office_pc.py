"""A Windows 10 PC of an office, whole: every key and value that the collectors ask for.

Its registry is written by hand from documented layouts; `recorded_pcs` makes other PCs of it.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

from agents.collect import collect
from agents.outcome import Unknown
from agents.recording import RecordingMachine
from agents.windows import hardware, system
from agents.windows.firewall_profiles import LOCAL, POLICIES, PROFILES
from tests.agents.windows.authored import HARDWARE, TABLE, VOLUME, WINDOWS
from tests.agents.windows.registry_pc import RegistryPc

RECORDED_AT = 1_795_399_200.0  #: 2026-11-23T02:00:00Z
HOUR, DAY = 3600, 86_400
ANYWHERE = "0.0.0.0"  # noqa: S104 - what a PC says of its sockets
PLATFORM = "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\"
MICROSOFT = r"HKLM\SOFTWARE\Microsoft"
CURRENT = MICROSOFT + r"\Windows\CurrentVersion"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control"
WINDOWS_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows"
DEFENDER = MICROSOFT + r"\Windows Defender"
PACKAGES = CURRENT + r"\Component Based Servicing\Packages"
UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
USER = r"HKU\S-1-5-21-1000000001-1000000002-1000000003-1001"
ADAPTER = SERVICES + r"\NetBT\Parameters\Interfaces\Tcpip_{4D36E972-E325-11CE-BFC1-08002BE10318}"
DENIED = Unknown("not_elevated", "access denied")
#: What is in the registry to be read, and must not be in a recording: the bytes of a product key, a
#: password to sign in with.
PRODUCT_KEY = bytes(range(100, 164))
PASSWORD = "Matkhau-2014"
SCRUBBED_HERE = (str(list(PRODUCT_KEY)), PASSWORD)
NO_CENTER = Unknown("not_supported", "this Windows has no Security Center")
DEFENDER_ON, DEFENDER_OFF = 0x061100, 0x060100
OTHER_FIREWALL_ON, OTHER_ANTIVIRUS_ON = 0x041010, 0x041000


def filetime(seconds: float) -> int:
    """FILETIME of seconds since 1970."""
    return int(seconds + 11_644_473_600) * 10_000_000


class OfficePc(RegistryPc):
    """A Windows 10 Pro 22H2 in a workgroup, all well; what makes another PC of it is changed."""

    def __init__(self, about: str) -> None:
        super().__init__(copy.deepcopy(_REGISTRY))
        self.about = about
        self.is_elevated = True
        self.utf_16 = False
        self.values = copy.deepcopy(_VALUES)
        self.services: dict[str, Any] = copy.deepcopy(_SERVICES)
        self.registry32 = {
            CURRENT + r"\Uninstall\UniKey": {
                "DisplayName": "UniKey 4.3 RC5",
                "DisplayVersion": "4.3 RC5",
            },
        }
        self.table = TABLE

    def elevated(self) -> bool:
        return self.is_elevated

    def now(self) -> float:
        return RECORDED_AT

    def value(self, name: str, *arguments: str) -> Any:
        if name != "services":
            return self._told(self.values, name)
        return {one: self.services[one] for one in arguments if one in self.services}

    def firewall(self, **settings: int) -> None:
        """Set EnableFirewall of profiles at the PC itself."""
        for name, enabled in settings.items():
            self.registry[LOCAL + "\\" + PROFILES[name]]["EnableFirewall"] = enabled

    def forced(self, enabled: int) -> None:
        """Set EnableFirewall of all profiles by group policy."""
        for profile in PROFILES.values():
            settings = {"EnableFirewall": enabled, "DefaultInboundAction": 1}
            self.registry[POLICIES[0] + "\\" + profile] = settings

    def joined(self, domain: str) -> None:
        """Make it a member of a domain, whose policies and update server it takes."""
        self.values["domain"] = {"name": domain, "kind": "domain"}
        self.registry[WINDOWS_POLICY + r"\WindowsUpdate"] = {"WUServer": "http://wsus.xa.example"}
        self.registry[WINDOWS_POLICY + r"\WindowsUpdate\AU"] = {"UseWUServer": 1, "AUOptions": 4}

    def is_windows(self, build: int, **version: Any) -> None:
        """Make it another Windows."""
        self.registry[system.VERSION].update({"CurrentBuild": str(build), **version})
        self.values["system"]["build"] = build

    def defender_is(self, state: str, product: int) -> None:
        """How Defender's service is, and what Security Center has of it."""
        self.services["WinDefend"] = {"start": 3 if state == "stopped" else 2, "state": state}
        self.values["security_products"]["antivirus"] = [
            {"name": "Windows Defender", "state": product}
        ]

    def write(self, folder: Path) -> None:
        """Record it, as an agent would, into ``folder``, which is made anew."""
        machine = RecordingMachine(self)
        collect(machine)
        machine.recording.about["simulated"] = self.about
        shutil.rmtree(folder, ignore_errors=True)
        machine.recording.write(str(folder))
        file = folder / "registry/machine.reg"
        if not self.utf_16:
            file.write_bytes(file.read_bytes().decode("utf-16").encode().replace(b"\r\n", b"\n"))


def automatic(*names: str) -> dict[str, Any]:
    """Services that start by themselves and run."""
    return {name: {"start": 2, "state": "running"} for name in names}


_SERVICES: dict[str, Any] = {
    **automatic("MpsSvc", "WinDefend", "LanmanServer", "W32Time", "EventLog"),
    "NetBT": {"start": 1, "state": "running"},
    "TermService": {"start": 3, "state": "stopped"},
    "RemoteRegistry": {"start": 4, "state": "stopped"},
    "WinRM": {"start": 3, "state": "stopped"},
    "wuauserv": {"start": 3, "state": "stopped"},
}
_VALUES: dict[str, Any] = {
    **HARDWARE,
    "computer_name": {"netbios": "VANPHONG-01", "dns": "vanphong-01"},
    "uptime": 5 * HOUR,
    "local_time": {"offset": 7 * HOUR, "zone": "SE Asia Standard Time"},
    "volumes": [{**VOLUME, "size": 499_000_000_000, "free": 210_000_000_000}],
    "bitlocker": {"C:\\": 2},
    "sockets": [
        {"protocol": "tcp", "address": ANYWHERE, "port": 135, "process": "svchost.exe"},
        {"protocol": "tcp", "address": "10.20.1.15", "port": 139, "process": "System"},
        {"protocol": "tcp", "address": "::", "port": 445, "process": "System"},
        {"protocol": "udp", "address": ANYWHERE, "port": 5355, "process": "svchost.exe"},
    ],
    "users": {
        "local": 2,
        "admins": 2,
        "builtin_admin_enabled": False,
        "guest_enabled": False,
        "without_password": 0,
        "idle_over_45_days": 0,
    },
    "session_admin": True,
    "password_policy": {
        "minimum_length": 8,
        "maximum_age": 90 * DAY,
        "lockout_after": 10,
        "lockout_for": 600,
    },
    "security_health": {"firewall": "good", "antivirus": "good", "updates": "good"},
    "security_products": {
        "firewall": [],
        "antivirus": [{"name": "Windows Defender", "state": DEFENDER_ON}],
    },
    "pending_updates": {"pending": 1, "security": 0},
}
_INSTALLED_AT = filetime(RECORDED_AT - 9 * DAY)
_REGISTRY: dict[str, Any] = {
    system.VERSION: {
        **WINDOWS,
        "UBR": 6456,
        "InstallDate": 1_690_000_000,
        "DigitalProductId": PRODUCT_KEY,
    },
    system.UAC: {"EnableLUA": 1, "ConsentPromptBehaviorAdmin": 5},
    system.ZONE: {"TimeZoneKeyName": "SE Asia Standard Time"},
    system.NAME: {"Hostname": "vanphong-01"},
    system.ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": "AMD64"},
    hardware.PROCESSOR: {
        "ProcessorNameString": "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz",
        "~MHz": 3000,
    },
    hardware.SECURE_BOOT: {"UEFISecureBootEnabled": 1},
    **{
        LOCAL + "\\" + profile: {"EnableFirewall": 1, "DisableNotifications": 0}
        for profile in PROFILES.values()
    },
    DEFENDER: {
        "ProductStatus": 0,
        "InstallLocation": PLATFORM + "4.18.25100.9-0\\",
    },
    DEFENDER + r"\Real-Time Protection": {"DpaDisabled": 0},
    DEFENDER + r"\Features": {"TamperProtection": 5},
    DEFENDER + r"\Signature Updates": {
        "SignaturesLastUpdated": filetime(RECORDED_AT - 7 * HOUR).to_bytes(8, "little"),
        "AVSignatureVersion": "1.441.120.0",
    },
    CURRENT + r"\WindowsUpdate\Auto Update": {"AcceleratedInstallRequired": 0},
    PACKAGES + r"\Package_for_KB5066791~31bf3856ad364e35~amd64~~19041.6456.1.10": {
        "CurrentState": 112,
        "InstallTimeHigh": _INSTALLED_AT >> 32,
        "InstallTimeLow": _INSTALLED_AT & 0xFFFFFFFF,
    },
    CONTROL + r"\Session Manager": {"ProtectionMode": 1},
    CONTROL + r"\Terminal Server": {"fDenyTSConnections": 1},
    CONTROL + r"\Terminal Server\WinStations\RDP-Tcp": {
        "PortNumber": 3389,
        "UserAuthentication": 1,
    },
    SERVICES + r"\LanmanServer\Parameters": {"SMB1": 0},
    SERVICES + r"\LanmanServer\Shares": {},
    SERVICES + r"\W32Time\Parameters": {"Type": "NTP", "NtpServer": "time.windows.com,0x9"},
    SERVICES + r"\W32Time\TimeProviders\NtpClient": {"Enabled": 1},
    ADAPTER: {"NetbiosOptions": 0},
    MICROSOFT + r"\Windows NT\CurrentVersion\Winlogon": {
        "AutoAdminLogon": "0",
        "Shell": "explorer.exe",
    },
    CURRENT + r"\Policies\Explorer": {"NoDriveTypeAutoRun": 255},
    CURRENT + r"\Uninstall\7-Zip": {
        "DisplayName": "7-Zip 24.08 (x64)",
        "DisplayVersion": "24.08",
        "Publisher": "Igor Pavlov",
    },
    CURRENT + r"\Uninstall\{90160000-008C-0000-1000-0000000FF1CE}": {
        "DisplayName": "Office 16 Click-to-Run Extensibility Component",
        "SystemComponent": 1,
    },
    USER + r"\Control Panel\Desktop": {
        "ScreenSaveActive": "1",
        "ScreenSaverIsSecure": "1",
        "ScreenSaveTimeOut": "600",
        "SCRNSAVE.EXE": r"C:\Windows\system32\scrnsave.scr",
    },
    USER + "\\" + UNINSTALL + r"\ZaloPC": {
        "DisplayName": "Zalo 24.11.2",
        "DisplayVersion": "24.11.2",
        "Publisher": "VNG Corp.",
        "InstallDate": "20251110",
    },
}
