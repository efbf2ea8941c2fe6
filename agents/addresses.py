"""IP addresses and netmasks as text, in the one usual form of each."""

from __future__ import annotations

import socket

from agents.outcome import Facts, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.outcome import Answers


def address(text: str) -> str:
    """An IP address in its one usual form."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return socket.inet_ntop(family, socket.inet_pton(family, text))
        except (OSError, ValueError):
            continue
    raise Unknown("unreadable", "no IP address: %r" % text[:50])


def prefix(netmask: str) -> int:
    """The length of a netmask; one with holes has none."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            bits = "".join(f"{byte:08b}" for byte in socket.inet_pton(family, netmask))
        except (OSError, ValueError):
            continue
        if "01" not in bits:
            return bits.count("1")
    raise Unknown("unreadable", "no netmask: %r" % netmask[:50])


def of_interface(answers: Answers, name: str) -> list[Facts]:
    """The rows of one interface, from the answer ``addresses``."""
    everything: Any = answers.get("addresses")
    found = everything.get(name, []) if isinstance(everything, dict) else None
    if not isinstance(found, list):
        raise Unknown("unreadable", "no list of addresses")
    return [_address(one) for one in found if isinstance(one, dict)]


def _address(entry: dict[str, Any]) -> Facts:
    facts = Facts()
    facts.put("address", lambda: address(str(entry.get("address")).partition("%")[0]))
    facts.put("prefix", prefix, str(entry.get("netmask", "")))
    return facts
