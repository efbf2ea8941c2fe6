"""The port scan of many hosts, each in the best way that this machine has for it.

Bare SYN frames where the next hop's MAC is known and we have the rights; the kernel's connections
for the rest, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, ip_address

from scanner.interfaces import Interface, attached_to
from scanner.ports.connect import connect_ports
from scanner.ports.scan import PortScan, scan_ports
from scanner.problems import CannotScan
from scanner.scanning import Scanning

_TECHNIQUE = "ports"
_Group = tuple[Interface, IPv4Address]


def scan_hosts(
    scanning: Scanning,
    hosts: Mapping[str, tuple[str, str]],
    ports: Sequence[int],
    *,
    known: tuple[int, int] = (0, 0),
) -> PortScan:
    """Ask ``ports``, and a few closed ones, of hosts that were seen.

    ``hosts``: address → (MAC of the next hop, address of the next hop; both "" where unknown).
    ``known``: (exchanges lost, exchanges) that discovery saw.

    Raises:
        NotAllowed: a host is outside the networks of the scan.
    """
    groups, others = _grouped(scanning, hosts)
    scans = []
    for (card, own), members in groups.items():
        try:
            scans.append(scan_ports(scanning, card, members, ports, own, known=known))
        except CannotScan as why:
            scanning.lost(_TECHNIQUE, "no_rights", f"{why}; the kernel connects instead")
            others += members
    if others:
        scans.append(connect_ports(scanning, others, ports))
    return joined(scans)


def _grouped(
    scanning: Scanning, hosts: Mapping[str, tuple[str, str]]
) -> tuple[dict[_Group, dict[str, str]], list[str]]:
    """({(interface, own address): {host: MAC}}, the hosts that the kernel must connect to)."""
    groups: dict[_Group, dict[str, str]] = defaultdict(dict)
    others = []
    for host, (mac, hop) in hosts.items():
        next_hop = ip_address(hop or host)
        card = attached_to(next_hop, scanning.interfaces)
        own = card.address_in(next_hop) if card else None
        if mac and card and isinstance(own, IPv4Address):
            groups[card, own][host] = mac
        else:
            others.append(host)
    return groups, others


def joined(scans: Iterable[PortScan]) -> PortScan:
    """Several scans as one; its loss is the worst, its doubt the sum of all."""
    found = list(scans)
    losses = [one.loss for one in found if one.loss is not None]
    heard = 1.0
    for one in found:
        heard *= 1.0 - (1.0 if one.probability_missed is None else one.probability_missed)
    unsure = any(one.probability_missed is None for one in found)
    return PortScan(
        [partial for one in found for partial in one.partials],
        {host: ports for one in found for host, ports in one.open_ports.items()},
        max(losses, default=None),
        None if unsure else 1.0 - heard,
        max((one.rounds for one in found), default=0),
    )
