"""The sections of a report that tell how a PC is kept, from antivirus to services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from inventory.times import stamp
from rasoat.simulated.machines import Phase
from rasoat.simulated.posture import Posture

_NAMES = {
    "kaspersky": "Kaspersky",
    "bkav": "Bkav Pro",
    "essentials": "Microsoft Security Essentials",
}
_NEVER = 4_294_967_295  #: seconds, as Windows keeps "a password never expires"


def antivirus(one: Posture, at: datetime, *, linux: bool) -> dict[str, Any]:
    """The section ``antivirus``."""
    if linux:
        return {"products": [], "effective": "off"}
    products = [_defender(one, at)]
    if one.antivirus in _NAMES:
        other = {"name": _NAMES[one.antivirus], "enabled": True}
        products.insert(0, other | {"up_to_date": one.signature_days < 7})
    return {"products": products, "effective": "off" if one.antivirus == "off" else "on"}


def _defender(one: Posture, at: datetime) -> dict[str, Any]:
    age = timedelta(days=one.signature_days, hours=7)
    return {
        "name": "Microsoft Defender Antivirus",
        "version": "4.18.25100.9",
        "enabled": one.antivirus == "defender",
        "signatures_at": stamp(at - age),
        "signature_age": int(age.total_seconds()),
        "signature_version": f"1.441.{max(0, 120 - one.signature_days)}.0",
        "tamper_protection": one.antivirus == "defender",
        "up_to_date": one.signature_days < 7,
    }


def updates(one: Posture, at: datetime) -> dict[str, Any]:
    """The section ``updates``."""
    return {
        "last_installed_at": stamp(at - timedelta(days=one.update_days)),
        "pending": one.pending,
        "pending_security": one.pending // 2,
        "reboot_pending": one.pending > 0 and one.extra % 5 == 0,
        "automatic": one.automatic,
        "source": "vendor",
    }


def volumes(phase: Phase) -> list[dict[str, Any]]:
    """The section ``volumes``: the system's."""
    one, size = phase.posture, phase.hardware.disks[0].size * 98 // 100
    linux = phase.system.family == "linux"
    facts = {
        "mount": "/" if linux else "C:\\",
        "device": "/dev/sda2" if linux else f"\\\\?\\Volume{{{phase.hardware.uuid}}}\\",
        "file_system": "ext4" if linux else "NTFS",
        "size": size,
        "free": int(size * one.free_percent / 100),
        "free_percent": one.free_percent,
        "system": True,
        "removable": False,
    }
    return [facts | ({"encryption": "on" if one.encrypted else "off"} if one.elevated else {})]


def accounts(one: Posture, *, linux: bool) -> dict[str, Any]:
    """The section ``accounts``: counts and flags, never names."""
    facts: dict[str, Any] = {
        "local_users": 1 + one.admins,
        "local_admins": one.admins,
        "builtin_admin_enabled": one.blank_passwords > 0,
        "guest_enabled": False,
        "auto_logon": one.blank_passwords > 0 and one.locks == 0,
        "idle_over_45_days": one.extra % 2,
    }
    facts |= {"without_password": one.blank_passwords} if one.elevated else {}
    if linux:
        return facts | {"sudo_rules": 2, "sudo_full_rights": 1, "passwordless_sudo": False}
    policy = {"minimum_length": 0 if one.locks == 0 else 8, "maximum_age": _NEVER}
    facts["password_policy"] = policy | {"lockout_after": 10, "lockout_for": 600}
    return facts | {"current_user_admin": True, "auto_logon_password_stored": False}


def session_lock(one: Posture, *, linux: bool) -> dict[str, Any]:
    """The section ``session_lock``."""
    facts: dict[str, Any] = {"enabled": one.locks > 0, "enforced": False}
    facts |= {"after": one.locks} if one.locks else {}
    return facts | ({"graphical": True} if linux else {})


def services(one: Posture, *, linux: bool) -> dict[str, Any]:
    """The section ``services``."""
    facts: dict[str, Any] = {
        "remote_desktop": {"enabled": one.remote_desktop and not linux},
        "ssh": {"enabled": linux},
        "smb1": one.smb1 and not linux,
        "file_sharing": one.extra % 4 == 0,
        "telnet": False,
        "ftp": False,
        "llmnr": not linux,
        "time_synchronisation": True,
        "audit_log": True,
    }
    if linux:
        ssh = {"root_login": "keys_only", "password_authentication": True, "ports": [22]}
        facts["ssh"] |= ssh
        return facts
    facts["remote_desktop"] |= {"network_level_authentication": not one.smb1, "port": 3389}
    names = {"remote_registry": False, "winrm": False, "autorun": one.smb1, "netbios": True}
    return facts | names
