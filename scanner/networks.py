"""Where packets may go: the configured networks, or the private ones attached to this machine.

Public addresses are never allowed, whatever was configured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from language.said import said
from scanner.interfaces import Interface
from scanner.problems import BadTarget, NotAllowed

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Ranges that offices use inside. RFC 1918; 3927 and 4291 (link-local); 6598 (shared); 4193 (ULA).
INSIDE: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "fc00::/7",
        "fe80::/10",
    )
)
#: Only when it is configured by name: tests, and a collector that looks at itself.
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
#: Groups that discovery protocols speak to, never through a router (TTL 1).
#: mDNS (RFC 6762), LLMNR (RFC 4795), SSDP and WS-Discovery, all nodes (RFC 4291).
GROUPS: frozenset[str] = frozenset(
    (
        *("224.0.0.251", "224.0.0.252", "239.255.255.250"),
        *("ff02::fb", "ff02::1:3", "ff02::c", "ff02::1"),
    )
)
#: Groups of those who may have one address (RFC 4291, 2.7.1): neighbour solicitations go there.
SOLICITED = IPv6Network("ff02::1:ff00:0/104")


def inside(network: Network) -> bool:
    """Whether a network lies in a range that offices use inside."""
    return any(_within(network, one) for one in INSIDE)


def _within(network: Network, outer: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(outer, IPv4Network) and network.subnet_of(outer)
    return isinstance(outer, IPv6Network) and network.subnet_of(outer)


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of one scan; nothing is sent to an address outside them."""

    allowed: tuple[Network, ...]

    @classmethod
    def configured(cls, words: Iterable[str]) -> Networks:
        """The networks that an officer named, such as ``10.1.0.0/22``.

        Raises:
            BadTarget: a word is no network.
            NotAllowed: it is public.
        """
        return cls(tuple(_configured(word) for word in words))

    @classmethod
    def attached(cls, interfaces: Iterable[Interface]) -> Networks:
        """The private networks that this machine's own interfaces stand in."""
        found = {net for card in interfaces if not card.loopback for net in card.networks}
        return cls(tuple(sorted(filter(inside, found), key=str)))

    def __contains__(self, address: Address) -> bool:
        return any(address in network for network in self.allowed)

    def holds(self, network: Network) -> bool:
        """Whether the whole of ``network`` may be scanned."""
        return any(_within(network, one) for one in self.allowed)

    def check(self, address: Address) -> None:
        """Refuse an address that is not inside.

        Raises:
            NotAllowed: it is outside.
        """
        if address not in self:
            raise NotAllowed(
                said(
                    "{address} is outside the networks that may be scanned: {networks}",
                    address=address,
                    networks=self,
                )
            )

    def check_group(self, group: str) -> None:
        """Refuse a multicast group that no discovery protocol of ours speaks to.

        Raises:
            NotAllowed: it is another.
        """
        if group not in GROUPS and ip_address(group) not in SOLICITED:
            raise NotAllowed(said("{group} is no group of a discovery protocol", group=group))

    def __str__(self) -> str:
        return ", ".join(map(str, self.allowed)) or "none"


def _configured(word: str) -> Network:
    try:
        network = ip_network(word.strip())
    except ValueError as fault:
        raise BadTarget(
            said(
                "{word!r} is no network such as 10.1.0.0/22: {fault}",
                word=word[:60],
                fault=str(fault)[:200],
            )
        ) from None
    if not inside(network) and not any(_within(network, one) for one in LOOPBACK):
        raise NotAllowed(
            said(
                "{network} is not private: only networks inside an office are scanned ({inside})",
                network=network,
                inside=", ".join(map(str, INSIDE)),
            )
        )
    return network
