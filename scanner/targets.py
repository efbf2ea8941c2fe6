"""The words of a command line as addresses inside the allowed networks; nothing else is a target.

A target is an address, a network in CIDR notation, or a range of addresses ``10.1.0.1-10.1.0.99``.
Names are not targets: what a name means is decided by somebody else's server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
    summarize_address_range,
)

from language.said import said
from scanner.networks import Address, Network, Networks
from scanner.problems import BadTarget, NotAllowed

MOST_HOSTS = 1 << 16  #: addresses of one scan: a /16; larger ones are scanned in parts
POINT_TO_POINT = 31  #: prefix length from which on every address is a host's (RFC 3021)
_ONE_BY_ONE = 112  #: IPv6 networks up to this size (65,536) are asked one by one
_SHOWN = 60  #: characters of a word that an error repeats
_LONGEST = 80  #: characters of a word: two IPv6 addresses and a dash are 79


@dataclass(frozen=True, slots=True)
class Targets:
    """What one scan asks about: spans of addresses, each wholly allowed, none twice."""

    spans: tuple[Network, ...]

    def __iter__(self) -> Iterator[Address]:
        for span in self.spans:
            yield from _hosts(span)

    def __len__(self) -> int:
        return sum(_count(span) for span in self.spans)

    def __contains__(self, address: Address) -> bool:
        return any(address in span for span in self.spans)

    def v4(self) -> list[IPv4Address]:
        """The IPv4 addresses in order."""
        return [one for one in self if isinstance(one, IPv4Address)]

    def v6(self) -> list[IPv6Address]:
        """The IPv6 addresses that were named one by one; a /64 is discovered by multicast."""
        return [one for one in self if isinstance(one, IPv6Address)]

    def __str__(self) -> str:
        return ", ".join(map(str, self.spans))


def targets(words: Sequence[str], networks: Networks) -> Targets:
    """What ``words`` name, in the order of addresses.

    Raises:
        BadTarget: a word names nothing, or too much.
        NotAllowed: some of it is outside ``networks``.
    """
    if not words:
        raise BadTarget(said("name what to scan, such as 10.1.0.0/22"))
    found = [span for word in words for span in _spans(word)]
    for span in found:
        if not networks.holds(span):
            raise NotAllowed(
                said(
                    "{span} is outside the networks that may be scanned: {networks}; "
                    "nothing was sent",
                    span=span,
                    networks=networks,
                )
            )
    result = Targets(_without_overlap(found))
    if len(result) > MOST_HOSTS:
        raise BadTarget(
            said(
                "{span} has {n} addresses; scan {most} at a time",
                span=result,
                n=len(result),
                most=MOST_HOSTS,
            )
        )
    return result


def _spans(word: str) -> list[Network]:
    shown = repr(word[:_SHOWN])
    strange = not word.isascii() or any(not one.isalnum() and one not in ".:/-" for one in word)
    if strange or len(word) > _LONGEST:
        raise BadTarget(said("{word} is no address and no network such as 10.1.0.0/22", word=shown))
    first, dash, last = word.partition("-")
    try:
        if dash:
            return _range(ip_address(first), ip_address(last))
        return [ip_network(word)]
    except (ValueError, TypeError) as fault:
        raise BadTarget(
            said(
                "{word} is no address and no network such as 10.1.0.0/22: {fault}",
                word=shown,
                fault=fault,
            )
        ) from None


def _range(first: Address, last: Address) -> list[Network]:
    if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
        return list(summarize_address_range(first, last))
    if isinstance(first, IPv6Address) and isinstance(last, IPv6Address):
        return list(summarize_address_range(first, last))
    raise ValueError("a range has two addresses of one kind")


def _without_overlap(found: Iterable[Network]) -> tuple[Network, ...]:
    kept: list[Network] = []
    for span in sorted(set(found), key=lambda one: (one.version, one.prefixlen, int(one[0]))):
        if not any(span[0] in one for one in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda one: (one.version, int(one[0]))))


def _count(span: Network) -> int:
    if isinstance(span, IPv6Network) and span.prefixlen < _ONE_BY_ONE:
        return 0
    return span.num_addresses - (2 if _has_edges(span) else 0)


def _hosts(span: Network) -> Iterator[Address]:
    if isinstance(span, IPv6Network) and span.prefixlen < _ONE_BY_ONE:
        return
    if _has_edges(span):
        yield from span.hosts()
    else:
        yield from span


def _has_edges(span: Network) -> bool:
    """Whether the first address is the network's own and the last its broadcast (RFC 3021)."""
    return isinstance(span, IPv4Network) and span.prefixlen < POINT_TO_POINT
