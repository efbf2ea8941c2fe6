r"""Values of a live Windows that are neither file nor registry: the table, and their shapes.

A value is asked by its name, computed by one function, and made of plain JSON types, so that a
recording keeps it in ``psutil.json``. Each is guarded alone: a call that fails on one Windows costs
its own value.

system            {"major", "minor", "build", "service_pack": integers, "product_type": 1 for a
                  workstation, 2 domain controller, 3 server, "architecture": as in the catalogue}
computer_name     {"netbios", "dns"}: this computer's two names
uptime            whole seconds since the start
local_time        {"offset": seconds east of UTC now, "zone": the time zone's key name}
memory            {"total": bytes}
cpu               {"sockets", "cores", "threads"}
firmware          "uefi" or "bios"
tpm               {"present": boolean, "version": "1.2", "2.0" or null}
disks             [{"name", "vendor", "model", "serial", "bus": STORAGE_BUS_TYPE, "removable",
                  "seek_penalty": boolean or null, "size": bytes or null}]
volumes           [{"mount": "C:\", "device", "file_system", "size", "free": bytes, "kind":
                  GetDriveTypeW's number, "system": boolean}]; null for what it does not tell
bitlocker         {"C:\": System.Volume.BitLockerProtection, a number, or null}
encryptable       {"C:\": Win32_EncryptableVolume's ProtectionStatus: 0 off, 1 on, 2 unknown}, daily
addresses         [{"name", "description", "mac", "permanent_mac", "type": IfType, "hardware", "up",
                  "dhcp", "speed": bit/s, "addresses": [{"address", "prefix"}], "gateways", "dns"}]
domain            {"name", "kind": "domain", "workgroup", "unjoined" or "unknown"}
sockets           [{"protocol", "address", "port", "process": name or null}], those that listen
services NAME…    {NAME: {"start": Start as in the registry, "state": "running", "stopped", …}} of
                  the named services; one that does not exist is not in it
users             {"local": enabled accounts, "admins": enabled members of S-1-5-32-544, groups
                  counted as one, "builtin_admin_enabled", "guest_enabled", "without_password",
                  "idle_over_45_days"}: counts and flags, never a name
session_admin     whether the user at the console is a member of S-1-5-32-544
password_policy   {"minimum_length", "maximum_age": seconds or null (never), "lockout_after",
                  "lockout_for": seconds or null (until an administrator unlocks)}
security_health   {"firewall", "antivirus", "updates": "good", "poor", "not_monitored", "snooze" or
                  null, where the Security Center service does not run}
security_products {"antivirus" and "firewall": [{"name", "state": productState}]}, WMI, daily
pending_updates   {"pending", "security": counts} of the Windows Update Agent's last search, daily
"""

from __future__ import annotations

import importlib

#: name: (module, function). A module is imported when one of its values is asked.
VALUES = {
    "system": ("agents.windows.calls_system", "system"),
    "computer_name": ("agents.windows.calls_system", "computer_name"),
    "uptime": ("agents.windows.calls_system", "uptime"),
    "local_time": ("agents.windows.calls_system", "local_time"),
    "memory": ("agents.windows.calls_hardware", "memory"),
    "cpu": ("agents.windows.calls_hardware", "cpu"),
    "firmware": ("agents.windows.calls_hardware", "firmware"),
    "tpm": ("agents.windows.calls_hardware", "tpm"),
    "disks": ("agents.windows.calls_disks", "disks"),
    "volumes": ("agents.windows.calls_volumes", "volumes"),
    "bitlocker": ("agents.windows.calls_shell", "bitlocker"),
    "encryptable": ("agents.windows.calls_wmi", "encryptable_volumes"),
    "addresses": ("agents.windows.calls_network", "addresses"),
    "domain": ("agents.windows.calls_network", "domain"),
    "sockets": ("agents.windows.calls_sockets", "sockets"),
    "services": ("agents.windows.calls_services", "services"),
    "users": ("agents.windows.calls_accounts", "users"),
    "session_admin": ("agents.windows.calls_accounts", "session_admin"),
    "password_policy": ("agents.windows.calls_accounts", "password_policy"),
    "security_health": ("agents.windows.calls_security", "security_health"),
    "pending_updates": ("agents.windows.calls_updates", "pending_updates"),
    "security_products": ("agents.windows.calls_wmi", "security_products"),
}
#: Slow ones: asked once a day, their answers kept (`agents.daily`).
DAILY = frozenset(["encryptable", "pending_updates", "security_products"])

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def value(name: str, *arguments: str) -> Any:
    """Compute the value of that name; raises whatever its function raises."""
    module, function = VALUES[name]
    return getattr(importlib.import_module(module), function)(*arguments)
