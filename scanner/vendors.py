"""Who made a network card, by the IEEE's registry as the package `pymanuf` carries it.

The package's own look-up reads all of its 59,000 lines before the first answer; here only the lines
that are asked for are read, by halving the sorted file. Random addresses name nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from scanner.sighting import clean

PACKAGE = "pymanuf"
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.ASCII)
_LOCAL, _GROUP = 0x02, 0x01  #: bits of the first byte: not assigned by the IEEE; not one card
_BLOCKS = (36, 28, 24)  #: bits of a prefix that the IEEE assigns, the narrowest first
_NOBODY = "IEEE Registration Authority"  #: what a 24-bit prefix says that is shared out
_LONGEST = 100  #: characters of a name

#: Addresses that programs make: beginning → who. RFC 9568 section 7.3 (VRRP); the others by the
#: documentation of their makers. Some have the bit of a random address, and are none.
MADE: dict[str, str] = {
    "00:00:5e:00:01": "VRRP (virtual router)",
    "00:00:5e:00:02": "VRRP (virtual router, IPv6)",
    "00:00:0c:07:ac": "HSRP (virtual router)",
    "00:00:0c:9f:f": "HSRP (virtual router)",
    "00:05:73:a0:0": "HSRP (virtual router, IPv6)",
    "00:07:b4:00": "GLBP (virtual router)",
    "00:05:69": "VMware (virtual machine)",
    "00:0c:29": "VMware (virtual machine)",
    "00:1c:14": "VMware (virtual machine)",
    "00:50:56": "VMware (virtual machine)",
    "00:15:5d": "Hyper-V (virtual machine)",
    "00:16:3e": "Xen (virtual machine)",
    "00:1c:42": "Parallels (virtual machine)",
    "08:00:27": "VirtualBox (virtual machine)",
    "0a:00:27": "VirtualBox (host's own card)",
    "52:54:00": "QEMU/KVM (virtual machine)",
    "bc:24:11": "Proxmox (virtual machine)",
    "02:42": "Docker (container)",
    "02:bf": "Network Load Balancing (cluster)",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a MAC tells of its card; ``vendor`` is empty where nobody is registered."""

    vendor: str = ""
    random: bool = False  #: made up by the host itself, as phones do for each network
    group: bool = False  #: the address of a group, which no card has: a forgery or a mistake


def card(mac: str) -> Card:
    """What ``mac`` (lower case, colons) tells; nothing when it is no MAC."""
    if not _MAC.fullmatch(mac):
        return Card()
    first = int(mac[:2], 16)
    if first & _GROUP:
        return Card(group=True)
    made = next((who for begins, who in MADE.items() if mac.startswith(begins)), "")
    if made:
        return Card(made)
    if first & _LOCAL:
        return Card(random=True)
    return Card(_registered(mac))


def registry_date() -> str:
    """The day of the registry's copy, such as ``2026-10-01``; empty when there is none."""
    from importlib import metadata

    try:
        year, month, day = metadata.version(PACKAGE).split(".")[:3]
        return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"
    except (metadata.PackageNotFoundError, ValueError):
        return ""


def _registered(mac: str) -> str:
    block = _block(mac[:8].upper())
    number = int(mac.replace(":", ""), 16)
    for bits in _BLOCKS:
        name = block.get((bits, number >> 48 - bits), "")
        if name and name != _NOBODY:
            return name
    return ""


@cache
def _block(prefix: str) -> dict[tuple[int, int], str]:
    """Every entry under 24 bits: (bits, those bits) → name."""
    data = _registry()
    start = _find(data, prefix.encode())
    found: dict[tuple[int, int], str] = {}
    while start >= 0 and data.startswith(prefix.encode(), start):
        end = data.find(b"\n", start)
        line = data[start : end if end >= 0 else len(data)]
        begins, _, name = line.decode("utf-8", "replace").partition("\t")
        digits, _, bits = begins.partition("/")
        found |= _entry(digits, bits or "24", name)
        start = end + 1 or -1
    return found


def _entry(digits: str, bits: str, name: str) -> dict[tuple[int, int], str]:
    try:
        number = int(digits.replace(":", "").ljust(12, "0"), 16)
        return {(int(bits), number >> 48 - int(bits)): clean(name, _LONGEST)}
    except ValueError:
        return {}


def _find(data: bytes, prefix: bytes) -> int:
    """Where the first line with ``prefix`` begins, or -1: by halving, or else by looking."""
    low, high = _body(), len(data)
    while low < high:
        middle = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = data.find(b"\n", middle)
        after = end + 1 if end >= 0 else len(data)
        if data[middle : middle + len(prefix)] < prefix:
            low = after
        else:
            high = middle
    if data.startswith(prefix, low):
        return low
    return data.find(b"\n" + prefix) + 1 or -1


@cache
def _body() -> int:
    """Where the comments on top of the file end."""
    data = _registry()
    place = 0
    while data[place : place + 1] in (b"#", b"\n"):
        place = data.find(b"\n", place) + 1 or len(data)
    return place


@cache
def _registry() -> bytes:
    """The file, 2 MB, read once; nothing when the package is not installed."""
    found = find_spec(PACKAGE)  # without running it, which would read the whole file
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / "manuf.txt"
        if path.is_file():
            return path.read_bytes()
    return b""
