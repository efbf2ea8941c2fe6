"""The recorded Windows PCs of tests/recordings, written by hand from documented layouts.

Each is the office's PC with what makes it another. ``python -m tests.agents.windows.recorded_pcs``
writes their folders anew, as `rasoat-agent record` would on such a PC: needed when a collector asks
for something that they do not hold yet. Registry files are UTF-8 here, so that a change can be
read; one is UTF-16 LE, as regedit writes.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from agents.windows import hardware, system
from agents.windows.firewall_profiles import LOCAL, POLICIES, PROFILES
from tests.agents.windows import furnished
from tests.agents.windows.office_pc import (
    CONTROL,
    CURRENT,
    DEFENDER,
    DEFENDER_OFF,
    DEFENDER_ON,
    DENIED,
    MICROSOFT,
    NO_CENTER,
    OTHER_ANTIVIRUS_ON,
    OTHER_FIREWALL_ON,
    PACKAGES,
    PASSWORD,
    PRODUCT_KEY,
    SERVICES,
    OfficePc,
    automatic,
)
from tests.conftest import ROOT

FOLDER = ROOT / "tests/recordings"
_ADMINISTRATORS_ALONE = ("session_admin", "tpm", "disks", "bitlocker", "encryptable")


def _seven() -> OfficePc:
    pc = OfficePc("Written by hand after Windows 7 Professional SP1 in a workgroup.")
    pc.registry[system.VERSION] = {
        "ProductName": "Windows 7 Professional",
        "CurrentBuild": "7601",
        "CurrentVersion": "6.1",
        "CSDVersion": "Service Pack 1",
        "EditionID": "Professional",
        "InstallationType": "Client",
        "InstallDate": 1_400_000_000,
        "DigitalProductId": PRODUCT_KEY,
    }
    pc.values["system"].update(major=6, minor=1, build=7601, service_pack=1)
    pc.values.update(firmware="bios", tpm={"present": False, "version": None})
    del pc.registry[hardware.SECURE_BOOT], pc.registry[CURRENT + r"\Policies\Explorer"]
    del pc.registry[SERVICES + r"\LanmanServer\Parameters"]["SMB1"]
    pc.services.update(automatic("srv", "mrxsmb10"))
    pc.defender_is("stopped", DEFENDER_OFF)
    pc.values["security_products"]["antivirus"] = [
        {"name": "Microsoft Security Essentials", "state": 0x061110}
    ]
    for name in [name for name in pc.registry if name.startswith(DEFENDER)]:
        del pc.registry[name]
    auto = CURRENT + r"\WindowsUpdate\Auto Update"
    pc.registry[auto] = {"AUOptions": 3}
    pc.registry[auto + r"\Results\Detect"] = {"LastSuccessTime": "2026-11-22 23:41:07"}
    winlogon = MICROSOFT + r"\Windows NT\CurrentVersion\Winlogon"
    pc.registry[winlogon].update(AutoAdminLogon="1", DefaultPassword=PASSWORD)
    return pc


def _policy_on() -> OfficePc:
    pc = OfficePc("Written by hand after a Windows 10 Pro whose domain's policy turns it on.")
    pc.joined("xa.example")
    pc.firewall(domain=0, private=0, public=0)
    pc.forced(1)
    return pc


def _policy_off() -> OfficePc:
    pc = OfficePc("Written by hand after a Windows 10 Pro whose domain's policy turns it off.")
    pc.joined("xa.example")
    pc.forced(0)
    pc.values["security_health"]["firewall"] = "poor"
    return pc


def _eleven() -> OfficePc:
    pc = OfficePc("Written by hand after a Windows 11 Pro laptop with BitLocker, in a workgroup.")
    # Windows 11 still has the name of its predecessor there.
    pc.is_windows(26100, UBR=7171, DisplayVersion="24H2")
    pc.values["bitlocker"] = {"C:\\": 1}
    return pc


def _public_off() -> OfficePc:
    pc = OfficePc(
        "Written by hand after a Windows 10 Pro whose public profile somebody turned off."
    )
    pc.firewall(public=0)
    pc.values["security_health"]["firewall"] = "poor"
    pc.values["bitlocker"] = {"C:\\": 5}
    return pc


def _other_firewall() -> OfficePc:
    pc = OfficePc("Written by hand after a Windows 10 Pro with a security suite of somebody else.")
    pc.firewall(domain=0, private=0, public=0)
    pc.defender_is("stopped", DEFENDER_OFF)
    products = pc.values["security_products"]
    products["firewall"] = [{"name": "Kaspersky", "state": OTHER_FIREWALL_ON}]
    products["antivirus"].append({"name": "Kaspersky", "state": OTHER_ANTIVIRUS_ON})
    return pc


def _stopped() -> OfficePc:
    pc = _eleven()
    pc.about = "Written by hand after a Windows 11 Pro whose firewall's service was disabled."
    pc.services["MpsSvc"] = {"start": 4, "state": "stopped"}
    pc.values["security_health"]["firewall"] = "poor"
    return pc


def _vietnamese() -> OfficePc:
    pc = OfficePc("Written by hand after a Windows 10 Pro in Vietnamese.")
    pc.utf_16 = True
    card = pc.values["addresses"][0]
    pc.values["addresses"] = [{**card, "name": "Mạng cục bộ", "description": "Cạc mạng Realtek"}]
    pc.values["computer_name"] = {"netbios": "VĂNPHÒNG-02", "dns": "vănphòng-02"}
    pc.values["domain"] = {"name": "NHÓMLÀMVIỆC", "kind": "workgroup"}
    pc.registry[system.NAME] = {"Hostname": "vănphòng-02"}
    antivirus = "Tính năng Chống vi-rút của Microsoft Defender"
    pc.values["security_products"]["antivirus"] = [{"name": antivirus, "state": DEFENDER_ON}]
    pc.registry[CURRENT + r"\Uninstall\MISA"] = {
        "DisplayName": "Phần mềm kế toán Mimosa",
        "DisplayVersion": "2024.1",
        "Publisher": "Công ty Cổ phần MISA",
        "InstallDate": "20240312",
    }
    return pc


def _unprivileged() -> OfficePc:
    pc = OfficePc(
        "Written by hand after a Windows 10 Pro where the agent was started by a standard user, and"
        " standard users may not read the firewall's settings or its service."
    )
    pc.is_elevated = False
    pc.values.update(dict.fromkeys(_ADMINISTRATORS_ALONE, DENIED))
    pc.values["security_products"] = DENIED
    for profile in PROFILES.values():
        pc.registry[LOCAL + "\\" + profile] = DENIED
        pc.registry[POLICIES[0] + "\\" + profile] = DENIED
    pc.registry[SERVICES + r"\LanmanServer\Parameters"] = DENIED
    pc.refused[PACKAGES] = DENIED
    return pc


def _server(build: int, name: str, **version: Any) -> OfficePc:
    pc = OfficePc(f"Written by hand after a {name} Standard.")
    pc.is_windows(
        build,
        ProductName=name + " Standard",
        EditionID="ServerStandard",
        InstallationType="Server",
        **version,
    )
    pc.values["system"]["product_type"] = 3
    pc.values["security_health"] = pc.values["security_products"] = NO_CENTER
    pc.services.update(automatic("WinRM", "TermService", "wuauserv"))
    pc.registry[CONTROL + r"\Terminal Server"] = {"fDenyTSConnections": 0}
    pc.registry[CURRENT + r"\WSMAN\Listener\*+HTTP"] = {"Port": 5985}
    pc.registry[CURRENT + r"\WindowsUpdate\Auto Update"] = {"AUOptions": 3}
    return pc


def _server_2019() -> OfficePc:
    pc = _server(17763, "Windows Server 2019", UBR=7919, DisplayVersion="1809")
    pc.joined("xa.example")
    pc.firewall(domain=0)
    return pc


def _server_2022() -> OfficePc:
    return _server(20348, "Windows Server 2022", UBR=4294, DisplayVersion="21H2")


_BY_FIREWALL = {
    "windows-7-sp1-workgroup-all-profiles-on": _seven,
    "windows-10-domain-policy-turns-on": _policy_on,
    "windows-10-domain-policy-turns-off": _policy_off,
    "windows-10-laptop-public-profile-off": _public_off,
    "windows-10-third-party-firewall": _other_firewall,
    "windows-10-vietnamese-all-profiles-on": _vietnamese,
    "windows-10-standard-user-unprivileged": _unprivileged,
    "windows-11-bitlocker-all-profiles-on": _eleven,
    "windows-11-service-stopped": _stopped,
    "windows-server-2019-domain-profile-off": _server_2019,
    "windows-server-2022-all-profiles-on": _server_2022,
}


def _furnished(name: str) -> OfficePc:
    """The PC with all that it has beside its firewall."""
    pc = _BY_FIREWALL[name]()
    furnished.OF[name](pc)
    return pc


#: Folder: the PC. How a folder's name ends says what its firewall must come to.
PCS = {name: partial(_furnished, name) for name in _BY_FIREWALL}


def main() -> None:
    """Write every folder, and what is expected of it as it was before, where it was."""
    for name, make in PCS.items():
        expected = FOLDER / name / "expected.json"
        before = expected.read_bytes() if expected.exists() else b"{}\n"
        make().write(FOLDER / name)
        expected.write_bytes(before)


if __name__ == "__main__":
    main()
