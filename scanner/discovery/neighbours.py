"""The machine's own neighbour table: who spoke to it lately, at no packet's cost (proc(5))."""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from pathlib import Path

from scanner.interfaces import NO_MAC

TABLE = Path("/proc/net/arp")
_COMPLETE = 0x2  #: ATF_COM of linux/if_arp.h: the neighbour answered
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


def neighbours(table: str) -> dict[str, str]:
    """Address → MAC of a table as the kernel prints it; what is incomplete is left out."""
    found = {}
    for line in table.splitlines()[1:]:
        words = line.lower().split()
        try:
            ip, _, flags, mac = words[:4]
            if int(flags, 16) & _COMPLETE and _MAC.fullmatch(mac) and mac != NO_MAC:
                found[str(IPv4Address(ip))] = mac
        except ValueError:
            continue
    return found


def current() -> dict[str, str] | None:
    """This machine's table; None where it cannot be read."""
    try:
        return neighbours(TABLE.read_text("ascii"))
    except (OSError, UnicodeError):
        return None
