"""Discovery of all targets, each by the best technique that this machine has for it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from scanner.discovery import ipv6, neighbours, routes
from scanner.discovery.arp import arp, gone, partials
from scanner.discovery.connect import connect
from scanner.discovery.routed import routed
from scanner.discovery.sweeping import Swept
from scanner.interfaces import Interface, attached_to
from scanner.networks import Address
from scanner.partial import Partial
from scanner.problems import CannotScan
from scanner.scanning import Scanning
from scanner.targets import Targets

_Way = tuple[Interface, IPv4Address, str]  #: the card, our address on it, the router's MAC or ""


@dataclass(slots=True)
class Discovery:
    """Who was found, and how sure it is that nobody is missing.

    ``hops``: address → (MAC, address) of the next hop, by which bare frames reach it; ``gone``:
    known hosts that stayed silent → the probability that this is not just loss.
    """

    partials: list[Partial] = field(default_factory=list)
    hops: dict[str, tuple[str, str]] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    swept: list[Swept] = field(default_factory=list)
    complete: bool = True  #: False: some technique could not be used, and nothing was measured

    @property
    def hosts(self) -> list[str]:
        """The addresses that answered."""
        return list(dict.fromkeys(one.ip for one in self.partials if one.answered))

    @property
    def loss(self) -> float | None:
        """The worst loss that was measured; None where nothing tells."""
        return max((one.loss for one in self.swept if one.loss is not None), default=None)

    @property
    def exchanges(self) -> tuple[int, int]:
        """(lost, all) exchanges, for the techniques that follow."""
        pairs = [one.answers.exchanges() for one in self.swept if one.loss is not None]
        return round(sum(lost for lost, _ in pairs)), round(sum(every for _, every in pairs))

    @property
    def probability_missed(self) -> float | None:
        """The probability that a host which would answer was missed; None where nothing tells."""
        if not self.swept or not self.complete:
            return None
        heard = 1.0
        for one in self.swept:
            heard *= 1.0 - one.probability_missed
        return 1.0 - heard


def discover(
    scanning: Scanning, targets: Targets, known: Mapping[str, str] | None = None
) -> Discovery:
    """Find who is there; ``known``: address → MAC of an earlier scan, asked alone first.

    Raises:
        NotAllowed: a target is outside the networks of the scan.
    """
    found = Discovery()
    found.partials += _ourselves(scanning, targets)
    for way, members in _ways(scanning, targets.v4()).items():
        if scanning.stop.is_set():
            break
        _by(scanning, found, way, members, known or {})
    if spans := [span for span in targets.spans if isinstance(span, IPv6Network)]:
        _by_ipv6(scanning, found, spans, targets.v6())
    return found


def _by_ipv6(
    scanning: Scanning,
    found: Discovery,
    spans: Sequence[IPv6Network],
    targets: Sequence[IPv6Address],
) -> None:
    """Ask the links of IPv6 networks, and for each address that was named."""
    reached: set[IPv6Network] = set()
    for card in scanning.interfaces:
        here = [span for span in spans if any(span.overlaps(net) for net in _networks(card))]
        own = ipv6.own_in(card, here)
        if own is None or scanning.stop.is_set():
            continue
        reached |= set(here)
        near = [one for one in targets if any(one in net for net in _networks(card))]
        try:
            asked = [ipv6.everybody(scanning, card, own, here)]
            asked += [ipv6.named(scanning, card, own, near)] if near else []
        except CannotScan as why:
            found.complete = False
            scanning.lost("discovery", "no_rights", f"IPv6 of {card.name}: {why}")
            continue
        for swept, seen in asked:
            found.swept.append(swept)
            found.partials += seen
    if beyond := [span for span in spans if span not in reached]:
        found.complete = False
        detail = f"{', '.join(map(str, beyond))}: IPv6 is asked on this machine's own links alone"
        scanning.lost("discovery", "not_attached", detail)


def _networks(card: Interface) -> list[IPv6Network]:
    return [net for net in card.networks if isinstance(net, IPv6Network)]


def _by(
    scanning: Scanning,
    found: Discovery,
    way: _Way | None,
    members: Sequence[IPv4Address],
    known: Mapping[str, str],
) -> None:
    """Ask ``members`` by one way; without rights, or a way, by the kernel's connections."""
    if way is None:
        _connected(scanning, found, members, "no route of ours leads there")
        return
    card, own, hop = way
    try:
        if hop:
            swept, seen = routed(scanning, card, members, own, hop)
            found.swept += swept[:1]
            found.hops |= {str(one): (hop, str(_gateway(one))) for one in members}
        else:
            others = {str(member) for member in members} - {str(own)}
            here = {ip: mac for ip, mac in known.items() if ip in others}
            one = arp(scanning, card, members, own, here)
            found.swept.append(one)
            found.gone |= gone(one, here)
            seen = partials(one)
            found.hops |= {each.ip: (each.mac, each.ip) for each in seen}
        found.partials += seen
    except CannotScan as why:
        _connected(scanning, found, members, str(why))


def _connected(scanning: Scanning, found: Discovery, members: Sequence[Address], why: str) -> None:
    found.complete = False
    found.partials += connect(scanning, members, why)


def _ways(
    scanning: Scanning, targets: Sequence[IPv4Address]
) -> dict[_Way | None, list[IPv4Address]]:
    ways: dict[_Way | None, list[IPv4Address]] = defaultdict(list)
    for target in targets:
        ways[_way(scanning, target)].append(target)
    return ways


def _way(scanning: Scanning, target: IPv4Address) -> _Way | None:
    """How frames reach an address: by a card of its own network, or by the router's MAC.

    Only a router that the kernel knows already: we do not ask for one outside the scan's networks.
    """
    card = attached_to(target, scanning.interfaces)
    if card is not None:
        own = card.address_in(target)
        return (card, own, "") if isinstance(own, IPv4Address) else None
    gateway = _gateway(target)
    card = attached_to(gateway, scanning.interfaces) if gateway else None
    own = card.address_in(gateway) if card and gateway else None
    mac = (neighbours.current() or {}).get(str(gateway), "")
    return (card, own, mac) if card and mac and isinstance(own, IPv4Address) else None


def _gateway(target: IPv4Address) -> IPv4Address | None:
    route = routes.next_hop(target, routes.current())
    return route.gateway if route else None


def _ourselves(scanning: Scanning, targets: Targets) -> Iterator[Partial]:
    """The sensor's own addresses among the targets: nobody need ask for them."""
    for card in scanning.interfaces:
        for one in card.addresses:
            if one.ip in targets:
                yield Partial(str(one.ip), "own", time.time(), mac=card.mac)
