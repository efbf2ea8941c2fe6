"""Whether a rule's word meets the stranger: interfaces, ports, addresses, states, flags.

The stranger's port and address are ones that no rule names. A range that covers half of all ports
or addresses names nothing, so it meets the stranger; anything narrower does not.
"""

from __future__ import annotations

import socket

from agents.linux.stranger import MAYBE, NO, YES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.linux.stranger import Stranger

HALF_OF_PORTS = 1 << 15
#: IPv4: half of all addresses. IPv6: an eighth, for 2000::/3 is every global address there is.
_WIDE = {"ipv4": 1 << 31, "ipv6": 1 << 125}
_BITS = {"ipv4": 32, "ipv6": 128}
_PROTOCOLS = {"tcp": ("tcp", "6"), "udp": ("udp", "17")}
_NOT_OURS = ("224.", "239.", "255.255.255.255", "127.", "ff", "::1")
TCP_FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128}
SYN = TCP_FLAGS["syn"]  #: the flags of a connection's first packet


def answer(matches: bool) -> str:
    """YES or NO."""
    return YES if matches else NO


def inverted(word: str) -> str:
    """The answer to the negated test."""
    return {YES: NO, NO: YES}.get(word, MAYBE)


def any_of(answers: list[str]) -> str:
    """YES when one is, MAYBE when one is and none is YES, else NO."""
    return YES if YES in answers else MAYBE if MAYBE in answers else NO


def interface(stranger: Stranger, pattern: str) -> str:
    """An interface's name; ``*`` (nftables) or ``+`` (iptables) at its end stands for anything."""
    if pattern[-1:] in ("*", "+"):
        return answer(stranger.interface.startswith(pattern[:-1]))
    return answer(stranger.interface == pattern)


def protocol(stranger: Stranger, word: str) -> str:
    """A transport protocol by name or number; ``all`` and 0 (iptables) are any."""
    return answer(word.lower() in (*_PROTOCOLS[stranger.protocol], "all", "0"))


def ports(first: int, last: int) -> str:
    """A range of ports."""
    return answer(last - first + 1 >= HALF_OF_PORTS)


def addresses(stranger: Stranger, first: str, last: str) -> str:
    """A range of source addresses; NO where they are of the other family."""
    low, high = number(first, stranger.family), number(last, stranger.family)
    if low is None or high is None:
        return NO
    return answer(high - low + 1 >= _WIDE[stranger.family])


def prefix(stranger: Stranger, address: str, length: int) -> str:
    """A network of source addresses."""
    if number(address, stranger.family) is None:
        return NO
    return answer(1 << (_BITS[stranger.family] - length) >= _WIDE[stranger.family])


def own(address: str, wide: str) -> str:
    """A destination: multicast, broadcast and loopback are not the stranger's.

    Others may be this machine's.
    """
    if wide == YES:
        return YES
    return NO if address.lower().startswith(_NOT_OURS) else MAYBE


def number(address: str, family: str) -> int | None:
    """An address as a number; None where it is no address of that family."""
    try:
        packed = socket.inet_pton(socket.AF_INET if family == "ipv4" else socket.AF_INET6, address)
    except (OSError, ValueError):
        return None
    return int.from_bytes(packed, "big")


def state(word: str, untracked: str) -> str:
    """A connection tracking state: the stranger is new.

    ``untracked`` is the answer for that word.
    """
    word = word.lower()
    return untracked if word == "untracked" else answer(word == "new")


def address_type(word: str) -> str:
    """The routing type of the destination: the stranger's packet is for this machine."""
    return answer(word.lower() == "local")


def source_type(word: str) -> str:
    """The routing type of the source: some other machine's address."""
    return answer(word.lower() == "unicast")


def packet_type(word: str) -> str:
    """Link-layer delivery: to this machine alone."""
    return answer(word.lower() in ("host", "unicast", "0"))
