"""What the values of a choice are called: a rule has ``windows``, a person reads *Windows*."""

from __future__ import annotations

from language.texts import marked, sense, texts

#: The same in every language.
_NAMES = {
    "apparmor": "AppArmor",
    "arm": "ARM",
    "arm64": "ARM64",
    "bios": "BIOS",
    "dpkg": "dpkg",
    "ethernet": "Ethernet",
    "flatpak": "Flatpak",
    "hdd": "HDD",
    "linux": "Linux",
    "macos": "macOS",
    "nvme": "NVMe",
    "rpm": "RPM",
    "selinux_enforcing": "SELinux (enforcing)",
    "selinux_permissive": "SELinux (permissive)",
    "snap": "Snap",
    "ssd": "SSD",
    "tcp": "TCP",
    "udp": "UDP",
    "uefi": "UEFI",
    "wifi": "Wi-Fi",
    "windows": "Windows",
    "wsus": "WSUS",
    "x86": "x86",
    "x86_64": "x86-64",
}
_WORDS = {
    "absent": marked("absent"),
    "accepts_all": marked("accepts all"),
    "access_point": marked("access point"),
    "address": marked("address"),
    "all_in_one": marked("all-in-one computer"),
    "allow": marked("allow"),
    "application": marked("application"),
    "block": marked("block"),
    "camera": marked("camera"),
    "closed": sense("a port", "closed"),
    "desktop": marked("desktop computer"),
    "disabled": marked("disabled"),
    "download": marked("download only"),
    "drops": marked("drops packets"),
    "empty": sense("a packet filter", "empty"),
    "enabled": marked("enabled"),
    "enrolment": marked("the enrolment"),
    "filtered": sense("a port", "filtered"),
    "filters": marked("filters"),
    "firewall": marked("firewall"),
    "good": sense("Security Center", "good"),
    "in_progress": marked("not finished"),
    "install": marked("download and install"),
    "iot": marked("appliance with a network connection"),
    "keys_only": marked("by key only"),
    "laptop": marked("portable computer"),
    "local_mirror": marked("local mirror"),
    "locked": marked("locked"),
    "loopback": sense("a network interface", "loopback"),
    "managed": marked("reporting"),
    "mini": marked("mini computer"),
    "missing": marked("not seen"),
    "mobile": marked("mobile network"),
    "name": sense("of a machine", "name"),
    "nas": marked("network storage"),
    "network": marked("the network"),
    "no": marked("no"),
    "no_agent": marked("no agent"),
    "none": marked("none"),
    "not_monitored": marked("not monitored"),
    "not_set": marked("not set"),
    "notify": marked("notify only"),
    "off": marked("off"),
    "on": marked("on"),
    "open": sense("a port", "open"),
    "other": marked("other"),
    "pc": marked("computer"),
    "phone": marked("telephone"),
    "poor": sense("Security Center", "poor"),
    "ports": sense("of a machine", "ports"),
    "printer": marked("printer"),
    "receipt": marked("installer's receipt"),
    "register": marked("the register"),
    "registry": marked("the system's registry"),
    "rejects": marked("rejects packets"),
    "router": marked("router"),
    "server": marked("server"),
    "silent": marked("silent"),
    "snooze": sense("Security Center", "snoozed"),
    "store": marked("app store"),
    "suspended": marked("suspended"),
    "switch": marked("switch"),
    "system": marked("operating system"),
    "tablet": marked("tablet computer"),
    "tunnel": sense("a network interface", "tunnel"),
    "unknown": marked("unknown"),
    "unknown_device": marked("unknown device"),
    "unregistered": marked("not in the register"),
    "unused": marked("unused"),
    "user_registry": marked("the user's registry"),
    "vendor": marked("the maker"),
    "virtual": marked("virtual"),
    "yes": marked("yes"),
}


#: where the word alone would say the opposite
_OF_A_FACT = {("scan.filtering", "open"): marked("no filter")}


def choice_words(value: str, lang: str, path: str = "") -> str:
    """The value as a person says it; one of a later release as it is, in words.

    ``path``: the fact's.
    """
    words = _OF_A_FACT.get((path, value)) or _WORDS.get(value)
    return texts(lang)(words) if words else _NAMES.get(value, value.replace("_", " "))
