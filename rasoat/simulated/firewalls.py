"""The section ``firewall`` for each way in which a firewall may stand, as collectors tell it."""

from __future__ import annotations

from typing import Any

_PROFILES = ("domain", "private", "public")
_ON = "the domain, private and public profiles are on and block by default; MpsSvc runs"
_NO_OTHER = "no other firewall is registered and well"
#: how it stands → profiles that are off, whether by policy, why
_WINDOWS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "on": ((), "not_set", _ON),
    "public_off": (
        ("public",),
        "not_set",
        f"the public profile is off (set at this machine); {_NO_OTHER}",
    ),
    "all_off": (
        _PROFILES,
        "not_set",
        f"the domain profile is off (set at this machine); {_NO_OTHER}",
    ),
    "policy_off": (_PROFILES, "off", f"the domain profile is off (set by policy); {_NO_OTHER}"),
    "stopped": ((), "not_set", f"the service MpsSvc does not run (stopped); {_NO_OTHER}"),
    "third_party": (
        _PROFILES,
        "not_set",
        "Kaspersky is on in place of Windows' firewall; Security Center: good",
    ),
}
_LINUX_ON = (
    "IPv4 is blocked by default (policy drop of ip filter INPUT); "
    "IPv6 is blocked by default (policy drop of ip6 filter INPUT)"
)
_LINUX_OFF = (
    "IPv4 is let in (no inbound chain meets it); IPv6 is let in (no inbound chain meets it)"
)


def windows(how: str) -> dict[str, Any]:
    """The section of a Windows PC."""
    off, policy, reason = _WINDOWS[how]
    works = how in ("on", "third_party")
    return {
        "effective": "on" if works else "off",
        "reason": reason,
        "service": {"name": "MpsSvc", "enabled": how != "stopped", "running": how != "stopped"},
        "profiles": {name: _profile(policy, off=name in off) for name in _PROFILES},
        "products": [{"name": "Kaspersky", "enabled": True}] if how == "third_party" else [],
        "security_center": "good" if works else "poor",
    }


def _profile(policy: str, *, off: bool) -> dict[str, Any]:
    return {
        "enabled": not off,
        "local": not off or policy == "off",
        "group_policy": policy if off else "not_set",
        "default_inbound": "block",
    }


def linux(how: str) -> dict[str, Any]:
    """The section of a PC with Linux and ufw."""
    works = how in ("on", "third_party")
    state = "on" if works else "off"
    return {
        "ipv4": state,
        "ipv6": state,
        "effective": state,
        "default_inbound": "block" if works else "allow",
        "reason": _LINUX_ON if works else _LINUX_OFF,
        "rules_loaded": works,
        "rules_count": 168 if works else 0,
        "backends": {
            "nftables": "filters" if works else "empty",
            "iptables_legacy": "empty",
            "ufw": "enabled" if works else "disabled",
            "firewalld": "absent",
        },
        "service": {"name": "ufw", "enabled": True} if works else {"enabled": False},
    }
