"""The shape of every section, from the catalogue: what an agent may say at all.

Made by `make docs` from inventory/catalogue.yaml; do not edit. An object is a dict, a list has the
shape of its elements; a word is a type, one that begins with ``=`` the choices.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# fmt: off
LONGEST = 1024  #: characters of one text
MOST_ELEMENTS = 4096  #: of a list
MOST_PROGRAMS = 20000  #: of the list of software
PATTERNS = {
    "timestamp": r"^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ$",
    "mac": r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$",
    "ip": r"^[0-9a-fA-F:.]{2,45}$",
}
SHAPES: dict[str, Any] = {
    "hardware": {
        "vendor": "text",
        "model": "text",
        "serial": "text",
        "uuid": "text",
        "asset_tag": "text",
        "chassis": "=desktop|laptop|tablet|all_in_one|mini|server|virtual|other",
        "virtual": "boolean",
        "board": {
            "vendor": "text",
            "model": "text",
            "serial": "text",
        },
        "bios": {
            "vendor": "text",
            "version": "text",
            "date": "text",
        },
        "firmware": "=uefi|bios",
        "secure_boot": "boolean",
        "tpm": {
            "present": "boolean",
            "version": "version",
        },
        "cpu": {
            "model": "text",
            "sockets": "integer",
            "cores": "integer",
            "threads": "integer",
            "frequency": "integer",
        },
        "memory": {
            "total": "integer",
            "modules": [{
                "slot": "text",
                "size": "integer",
                "type": "text",
                "speed": "integer",
                "vendor": "text",
                "serial": "text",
            }],
        },
        "disks": [{
            "name": "text",
            "model": "text",
            "serial": "text",
            "size": "integer",
            "kind": "=ssd|hdd|nvme|virtual|other",
            "removable": "boolean",
        }],
    },
    "os": {
        "family": "=windows|linux|macos",
        "name": "text",
        "version": "version",
        "id": "text",
        "release": "text",
        "edition": "text",
        "build": "integer",
        "update_build_revision": "integer",
        "server": "boolean",
        "lifecycle": "text",
        "architecture": "=x86|x86_64|arm|arm64|other",
        "kernel": "text",
        "installed_at": "timestamp",
        "booted_at": "timestamp",
        "timezone": "text",
        "hostname": "text",
        "mandatory_access_control": "=selinux_enforcing|selinux_permissive|apparmor|none",
        "uac": "boolean",
        "gatekeeper": "boolean",
        "integrity_protection": "boolean",
    },
    "volumes": [{
        "mount": "text",
        "device": "text",
        "file_system": "text",
        "size": "integer",
        "free": "integer",
        "free_percent": "number",
        "system": "boolean",
        "removable": "boolean",
        "encryption": "=on|off|suspended|in_progress|locked",
    }],
    "network": {
        "domain": "text",
        "workgroup": "text",
        "domain_joined": "boolean",
        "gateways": ["ip"],
        "dns_servers": ["ip"],
        "proxy": "boolean",
        "interfaces": [{
            "name": "text",
            "kind": "=ethernet|wifi|loopback|virtual|tunnel|mobile|other",
            "mac": "mac",
            "permanent_mac": "mac",
            "up": "boolean",
            "addresses": [{
                "address": "ip",
                "prefix": "integer",
            }],
            "dhcp": "boolean",
            "speed": "integer",
        }],
        "listening": [{
            "protocol": "=tcp|udp",
            "address": "ip",
            "port": "integer",
            "exposed": "boolean",
            "process": "text",
        }],
    },
    "firewall": {
        "effective": "=on|off",
        "reason": "text",
        "ipv4": "=on|off",
        "ipv6": "=on|off|unused",
        "service": {
            "name": "text",
            "enabled": "boolean",
            "running": "boolean",
        },
        "rules_loaded": "boolean",
        "rules_count": "integer",
        "block_all": "boolean",
        "stealth": "boolean",
        "default_inbound": "=allow|block",
        "backends": {
            "nftables": "=filters|accepts_all|empty|absent",
            "iptables_legacy": "=filters|accepts_all|empty|absent",
            "ufw": "=enabled|disabled|absent",
            "firewalld": "=enabled|disabled|absent",
        },
        "profiles": {
            "domain": {
                "enabled": "boolean",
                "local": "boolean",
                "group_policy": "=on|off|not_set",
                "default_inbound": "=allow|block",
            },
            "private": {
                "enabled": "boolean",
                "local": "boolean",
                "group_policy": "=on|off|not_set",
                "default_inbound": "=allow|block",
            },
            "public": {
                "enabled": "boolean",
                "local": "boolean",
                "group_policy": "=on|off|not_set",
                "default_inbound": "=allow|block",
            },
        },
        "products": [{
            "name": "text",
            "enabled": "boolean",
        }],
        "security_center": "=good|not_monitored|poor|snooze",
    },
    "antivirus": {
        "effective": "=on|off",
        "products": [{
            "name": "text",
            "version": "version",
            "enabled": "boolean",
            "signatures_at": "timestamp",
            "signature_age": "integer",
            "up_to_date": "boolean",
            "signature_version": "version",
            "tamper_protection": "boolean",
        }],
    },
    "updates": {
        "last_installed_at": "timestamp",
        "last_checked_at": "timestamp",
        "pending": "integer",
        "pending_security": "integer",
        "reboot_pending": "boolean",
        "automatic": "=install|download|notify|off",
        "source": "=vendor|local_mirror|wsus",
        "installed": [{
            "id": "text",
            "installed_at": "timestamp",
        }],
    },
    "accounts": {
        "local_users": "integer",
        "local_admins": "integer",
        "current_user_admin": "boolean",
        "builtin_admin_enabled": "boolean",
        "guest_enabled": "boolean",
        "without_password": "integer",
        "auto_logon": "boolean",
        "auto_logon_password_stored": "boolean",
        "idle_over_45_days": "integer",
        "sudo_rules": "integer",
        "sudo_full_rights": "integer",
        "passwordless_sudo": "boolean",
        "password_policy": {
            "minimum_length": "integer",
            "maximum_age": "integer",
            "lockout_after": "integer",
            "lockout_for": "integer",
        },
    },
    "session_lock": {
        "enabled": "boolean",
        "after": "integer",
        "enforced": "boolean",
        "graphical": "boolean",
    },
    "services": {
        "remote_desktop": {
            "enabled": "boolean",
            "network_level_authentication": "boolean",
            "port": "integer",
        },
        "ssh": {
            "enabled": "boolean",
            "root_login": "=yes|no|keys_only",
            "password_authentication": "boolean",
            "ports": ["integer"],
        },
        "smb1": "boolean",
        "file_sharing": "boolean",
        "telnet": "boolean",
        "ftp": "boolean",
        "remote_registry": "boolean",
        "winrm": "boolean",
        "autorun": "boolean",
        "llmnr": "boolean",
        "netbios": "boolean",
        "time_synchronisation": "boolean",
        "audit_log": "boolean",
    },
    "software": [{
        "name": "text",
        "version": "version",
        "publisher": "text",
        "architecture": "text",
        "installed_at": "timestamp",
        "source": "=dpkg|rpm|snap|flatpak|registry|user_registry|store|application|receipt",
    }],
}
