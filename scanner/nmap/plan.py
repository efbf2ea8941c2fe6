"""What nmap is asked: jobs of a port and hosts, so that no host has two connections at a time.

nmap itself speaks to one host on many ports at once. A job of one port cannot, and one that finds
nothing there costs nothing but its own time; jobs that share a host never run together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from language.said import said
from scanner.networks import Address, Networks
from scanner.partial import Partial
from scanner.problems import BadTarget
from scanner.wire.streams import FRAGILE

_LAST_PORT = 65535

OpenPorts = Mapping[str, Iterable[int]]  #: address → its open TCP ports


@dataclass(frozen=True, slots=True)
class Job:
    """One run of nmap: a port that every host has open; all are of one version of IP."""

    port: int
    hosts: tuple[Address, ...]

    @property
    def version(self) -> int:
        """4 or 6."""
        return self.hosts[0].version


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs, and who is left out of them and why."""

    jobs: tuple[Job, ...]
    fragile: tuple[str, ...] = ()  #: hosts with a port that prints whatever comes
    link_local: tuple[str, ...] = ()  #: IPv6 addresses that mean nothing without an interface


def plan(open_ports: OpenPorts, networks: Networks) -> Plan:
    """The jobs for these ports.

    A host that listens for raw print data is a printer, whose other services may take a probe for a
    page too: nmap is kept from all of it.

    Raises:
        BadTarget: a key is no address, or a port no port.
        NotAllowed: an address is outside ``networks``.
    """
    asked = {_address(ip, networks): _ports(ip, ports) for ip, ports in open_ports.items()}
    fragile = [ip for ip, ports in asked.items() if FRAGILE.intersection(ports)]
    local = [ip for ip in asked if ip.version == 6 and ip.is_link_local]  # noqa: PLR2004
    for ip in {*fragile, *local}:
        del asked[ip]
    return Plan(
        tuple(_by_port(asked)),
        tuple(map(str, sorted(fragile, key=_order))),
        tuple(map(str, sorted(local, key=_order))),
    )


def unexplained(partials: Iterable[Partial]) -> dict[str, tuple[int, ...]]:
    """The open TCP ports of which nobody yet knows the product: what is left for nmap to ask."""
    every: dict[str, set[int]] = defaultdict(set)
    known: dict[str, set[int]] = defaultdict(set)
    for one in partials:
        for port in one.ports:
            if port.protocol == "tcp" and port.state == "open":
                (known if port.product else every)[one.ip].add(port.port)
    left = {ip: tuple(sorted(ports - known[ip])) for ip, ports in every.items()}
    return {ip: ports for ip, ports in left.items() if ports}


def _by_port(asked: Mapping[Address, tuple[int, ...]]) -> list[Job]:
    hosts: dict[tuple[int, int], list[Address]] = defaultdict(list)
    for ip, ports in asked.items():
        for port in ports:
            hosts[port, ip.version].append(ip)
    return [Job(port, _sorted(found)) for (port, _), found in sorted(hosts.items())]


def _sorted(found: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(sorted(found, key=_order))


def _order(ip: Address) -> tuple[int, int]:
    return ip.version, int(ip)


def _address(word: str, networks: Networks) -> Address:
    try:
        address = ip_address(word)
    except ValueError:
        raise BadTarget(
            said("{word!r} is no address; nmap was not started", word=word[:60])
        ) from None
    if "%" in word:
        raise BadTarget(said("{word!r} has a zone; name the address alone", word=word[:60]))
    networks.check(address)
    return address


def _ports(ip: str, ports: Iterable[int]) -> tuple[int, ...]:
    found = tuple(sorted(set(ports)))
    for port in found:
        if type(port) is not int or not 0 < port <= _LAST_PORT:
            raise BadTarget(
                said("{ip}: {port!r} is no port; nmap was not started", ip=ip, port=str(port)[:20])
            )
    return found
