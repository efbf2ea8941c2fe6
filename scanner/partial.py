"""What one technique saw of one address, and the one merge that makes sightings of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address

from scanner.sighting import Filtering, Name, Port, Sighting

_BETTER = {"open": 2, "closed": 1, "filtered": 0}


@dataclass(frozen=True, slots=True)
class Partial:
    """One technique's word on one address; ``at`` in seconds since 1970."""

    ip: str
    method: str
    at: float
    mac: str = ""
    names: tuple[Name, ...] = ()
    ports: tuple[Port, ...] = ()
    filtering: Filtering | None = None
    os_guess: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()
    answered: bool = True  #: False: it says something about the address, but nothing came back


def merge(partials: Iterable[Partial], *, sensor: str = "", scan: str = "") -> list[Sighting]:
    """One sighting for each address that answered, in the order of addresses.

    The same partials in any order give the same sightings.
    """
    by_ip: dict[str, list[Partial]] = defaultdict(list)
    for one in partials:
        by_ip[one.ip].append(one)
    merged = [
        replace(_merged(ip, found), sensor=sensor, scan=scan)
        for ip, found in by_ip.items()
        if any(one.answered for one in found)
    ]
    return sorted(merged, key=_order)


def _order(sighting: Sighting) -> tuple[int, int]:
    address = ip_address(sighting.ip)
    return address.version, int(address)


def _merged(ip: str, found: list[Partial]) -> Sighting:
    found = sorted(found, key=lambda one: (one.at, one.method, repr(one)))
    answers = [one.at for one in found if one.answered]
    macs = list(dict.fromkeys(one.mac for one in found if one.mac))
    flags = {flag for one in found for flag in one.flags}
    if len(macs) > 1:
        flags.add("duplicate_ip")
    return Sighting(
        ip=ip,
        mac=macs[0] if macs else "",
        names=tuple(sorted({name for one in found for name in one.names})),
        ports=_ports(port for one in found for port in one.ports),
        filtering=_filtering([one.filtering for one in found if one.filtering]),
        os_guess=next((one.os_guess for one in found if one.os_guess), ""),
        methods=tuple(sorted({one.method for one in found if one.answered})),
        evidence=tuple(sorted({pair for one in found for pair in one.evidence})),
        flags=tuple(sorted(flags)),
        first_answer=_stamp(min(answers)),
        last_answer=_stamp(max(answers)),
    )


def _ports(ports: Iterable[Port]) -> tuple[Port, ...]:
    """One entry a port: the state that answered most, each text as the fullest source gave it."""
    best: dict[tuple[str, int], Port] = {}
    for port in sorted(ports):
        key = (port.protocol, port.port)
        best[key] = _joined(best[key], port) if key in best else port
    return tuple(sorted(best.values()))


def _joined(one: Port, other: Port) -> Port:
    state = max(one.state, other.state, key=lambda state: _BETTER.get(state, -1))
    texts = {
        name: max(getattr(one, name), getattr(other, name), key=lambda text: (len(text), text))
        for name in ("service", "product", "version", "banner")
    }
    return Port(one.protocol, one.port, state, **texts)


def _filtering(found: list[Filtering]) -> Filtering:
    """The verdict that the probes agree on; two that contradict each other are unknown."""
    said = {one.verdict for one in found} - {"unknown"}
    evidence = tuple(dict.fromkeys(line for one in found for line in one.evidence))
    if len(said) == 1:
        return Filtering(said.pop(), "", evidence)
    reason = "contradictory" if said else next((one.reason for one in found), "not_probed")
    return Filtering("unknown", reason, evidence)


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
