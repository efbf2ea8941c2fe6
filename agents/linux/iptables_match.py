"""What the options of an iptables rule say of a stranger's packet: YES, NO or MAYBE.

The names are those of iptables-extensions(8). What a reading cannot make out raises, and its rule
becomes a MAYBE (`agents.linux.iptables`).
"""

from __future__ import annotations

from agents.linux import names
from agents.linux.names import any_of
from agents.linux.stranger import MAYBE, NO, YES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from agents.linux.stranger import Stranger

    Option = Callable[[Stranger, list[str]], str]

#: Modules whose every option is in OPTIONS; any other module makes its rule a MAYBE.
KNOWN_MODULES = frozenset(
    [
        "tcp",
        "udp",
        "icmp",
        "icmp6",
        "ipv6-icmp",
        "comment",
        "multiport",
        "conntrack",
        "state",
        "addrtype",
        "pkttype",
        "mac",
        "iprange",
        "limit",
        "hashlimit",
        "recent",
        "connlimit",
        "rpfilter",
        "policy",
        "set",
    ]
)
#: Options that let only so many packets through.
RATES = ("--limit", "--hashlimit-upto", "--hashlimit")


def _ports(_: Stranger, values: list[str]) -> str:
    return any_of([_port_range(word) for word in values[0].split(",")])


def _port_range(word: str) -> str:
    first, colon, last = word.partition(":")
    low, high = int(first or 0), int(last or (65535 if colon else first))
    return names.ports(low, high)


def _source(stranger: Stranger, values: list[str]) -> str:
    return any_of([_network(stranger, word) for word in values[0].split(",")])


def _destination(stranger: Stranger, values: list[str]) -> str:
    return names.own(values[0], _source(stranger, values))


def _network(stranger: Stranger, word: str) -> str:
    address, slash, mask = word.partition("/")
    if not slash:
        return NO
    if mask.isdigit():
        return names.prefix(stranger, address, int(mask))
    bits = names.number(mask, stranger.family)
    return MAYBE if bits is None else names.prefix(stranger, address, bin(bits).count("1"))


def _range(stranger: Stranger, values: list[str]) -> str:
    first, _, last = values[0].partition("-")
    return names.addresses(stranger, first, last or first)


def _state(_: Stranger, values: list[str]) -> str:
    return any_of([names.state(word, NO) for word in values[0].split(",")])


def state_or_untracked(_: Stranger, values: list[str]) -> str:
    """As --state, where a raw table exempts some packets from tracking."""
    return any_of([names.state(word, MAYBE) for word in values[0].split(",")])


def _tcp_flags(_: Stranger, values: list[str]) -> str:
    mask, wanted = (_flag_bits(word) for word in values[:2])
    return names.answer(names.SYN & mask == wanted)


def _flag_bits(words: str) -> int:
    if words == "NONE":
        return 0
    if words == "ALL":
        return 0x3F
    return sum(names.TCP_FLAGS[word.lower()] for word in words.split(","))


def _each(reading: Callable[[str], str]) -> Option:
    return lambda _, values: any_of([reading(word) for word in values[0].split(",")])


def _always(word: str) -> Option:
    return lambda _stranger, _values: word


#: What each option says of a stranger's packet.
OPTIONS: dict[str, Option] = {
    "-i": lambda stranger, values: names.interface(stranger, values[0]),
    "-o": _always(NO),
    "-p": lambda stranger, values: names.protocol(stranger, values[0]),
    "-s": _source,
    "-d": _destination,
    "-f": _always(NO),
    "--dport": _ports,
    "--dports": _ports,
    "--sport": _ports,
    "--sports": _ports,
    "--ports": _ports,
    "--tcp-flags": _tcp_flags,
    "--syn": _always(YES),
    "--tcp-option": _always(MAYBE),
    "--icmp-type": _always(NO),
    "--icmpv6-type": _always(NO),
    "--comment": _always(YES),
    "--ctstate": _state,
    "--state": _state,
    "--ctstatus": _always(NO),
    "--ctdir": lambda _, values: names.answer(values[0] == "ORIGINAL"),
    "--dst-type": _each(names.address_type),
    "--src-type": _each(names.source_type),
    "--limit-iface-in": _always(YES),
    "--pkt-type": _each(names.packet_type),
    "--mac-source": _always(NO),
    "--src-range": _range,
    "--dst-range": lambda stranger, values: names.own(values[0], _range(stranger, values)),
    "--limit": _always(YES),
    "--limit-burst": _always(YES),
    "--hashlimit": _always(YES),
    "--hashlimit-upto": _always(YES),
    "--hashlimit-above": _always(NO),
    "--connlimit-upto": _always(YES),
    "--connlimit-above": _always(NO),
    "--rcheck": _always(NO),
    "--update": _always(NO),
    "--remove": _always(NO),
    "--set": _always(YES),
    "--invert": _always(NO),
    "--pol": lambda _, values: names.answer(values[0] == "none"),
    "--match-set": _always(MAYBE),
}
#: Options that say how, not whom: they do not narrow a rule.
MANNERS = frozenset(
    [
        "--name",
        "--rsource",
        "--rdest",
        "--mask",
        "--seconds",
        "--hitcount",
        "--rttl",
        "--reap",
        "--hashlimit-burst",
        "--hashlimit-mode",
        "--hashlimit-name",
        "--hashlimit-srcmask",
        "--hashlimit-dstmask",
        "--hashlimit-htable-size",
        "--hashlimit-htable-max",
        "--hashlimit-htable-expire",
        "--hashlimit-htable-gcinterval",
        "--connlimit-mask",
        "--connlimit-saddr",
        "--connlimit-daddr",
        "--loose",
        "--validmark",
        "--accept-local",
        "--dir",
        "--return-nomatch",
        "--update-counters",
        "--update-subcounters",
    ]
)
