"""The network's word beside the agent's: confirmed, contradicted, or not to be compared.

Nothing is compared that the other witness could not have seen: a silence behind a router may be the
router's, a port may have been opened since, an address may have changed hands. What is not compared
is left out; it confirms nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inventory.identity.evidence import Kind, usable
from inventory.identity.observing import OWN_NAMES

APART = timedelta(days=7)  #: claims further apart in time are about two different days
MOST_NAMED = 20  #: ports or names in one sentence


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question that both witnesses answered.

    ``about``: firewall, ports, address, name or system; ``path``: the fact that the agent claims;
    ``evidence``: the report and the scan that both words stand in.
    """

    about: str
    path: str
    confirmed: bool
    agent_says: str
    network_shows: str
    agent_at: str
    network_at: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BothWords:
    """What the agent said last, and what one sighting shows; times as the store keeps them."""

    facts: Mapping[str, Any]
    reported_at: datetime
    report: str
    sighting: Mapping[str, Any]
    seen_at: datetime
    scan: str


_Answer = tuple[str, bool, str, str]  #: path, confirmed, the agent's word, the network's


def compare(both: BothWords) -> list[Comparison]:
    """Every question that both answered, in the order of importance."""
    if abs(both.reported_at - both.seen_at) > APART:
        return []
    return [
        Comparison(
            *(about, *answer),
            agent_at=f"{both.reported_at:%Y-%m-%dT%H:%M:%SZ}",
            network_at=f"{both.seen_at:%Y-%m-%dT%H:%M:%SZ}",
            evidence=(f"report {both.report}", f"scan {both.scan}"),
        )
        for about, question in _QUESTIONS.items()
        for answer in question(both.facts, both.sighting)
    ]


def _firewall(facts: Mapping[str, Any], sighting: Mapping[str, Any]) -> Iterator[_Answer]:
    """RST from closed ports shows no filter; silence or ICMP on the same LAN shows one."""
    claimed = facts.get("firewall", {}).get("effective")
    shown = sighting.get("filtering", {}).get("verdict", "unknown")
    if claimed not in ("on", "off") or shown == "unknown":
        return
    if shown != "open" and not sighting.get("mac"):
        return  # across a router it may be the router that filters
    yield "firewall.effective", (claimed == "on") == (shown != "open"), claimed, shown


def _ports(facts: Mapping[str, Any], sighting: Mapping[str, Any]) -> Iterator[_Answer]:
    """A port that answers must be one that the machine says it listens on."""
    listening = facts.get("network", {}).get("listening")
    if listening is None:
        return
    claimed = {(one.get("protocol"), one.get("port")) for one in listening}
    shown = {
        (one["protocol"], one["port"])
        for one in sighting.get("ports", ())
        if one["state"] == "open"
    }
    if shown:
        hidden = shown - claimed
        said = _numbers(claimed & shown) if not hidden else f"not among {len(claimed)}"
        yield "network.listening", not hidden, said, _numbers(hidden or shown)


def _address(facts: Mapping[str, Any], sighting: Mapping[str, Any]) -> Iterator[_Answer]:
    """The card that answered must be one that the machine has."""
    interfaces = facts.get("network", {}).get("interfaces")
    shown = usable(Kind.MAC, sighting.get("mac") or "")
    if not interfaces or shown is None:
        return
    own = {str(one[key]) for one in interfaces for key in ("mac", "permanent_mac") if one.get(key)}
    yield "network.interfaces.mac", shown in own, ", ".join(sorted(own)), shown


def _name(facts: Mapping[str, Any], sighting: Mapping[str, Any]) -> Iterator[_Answer]:
    """One of the names that a host announces must be its own, if it announces any."""
    claimed = facts.get("os", {}).get("hostname")
    shown = sorted(
        {
            one["name"]
            for one in sighting.get("names", ())
            if one["source"].partition(":")[0] in OWN_NAMES
        }
    )[:MOST_NAMED]
    if claimed and shown:
        same = usable(Kind.NAME, claimed) in {usable(Kind.NAME, name) for name in shown}
        yield "os.hostname", same, claimed, ", ".join(shown)


def _system(facts: Mapping[str, Any], sighting: Mapping[str, Any]) -> Iterator[_Answer]:
    """The family of the system, where the scanner could tell it."""
    claimed = facts.get("os", {}).get("family")
    guess = sighting.get("os_guess", "")
    families = {family for word, family in _FAMILIES.items() if word in guess.casefold()}
    if claimed and len(families) == 1:
        yield "os.family", families == {claimed}, claimed, guess


_FAMILIES = {
    "windows": "windows",
    "linux": "linux",
    "debian": "linux",
    "ubuntu": "linux",
    "macos": "macos",
    "mac os": "macos",
    "darwin": "macos",
}
_Question = Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[_Answer]]
_QUESTIONS: Mapping[str, _Question] = {
    "firewall": _firewall,
    "ports": _ports,
    "address": _address,
    "name": _name,
    "system": _system,
}


def _numbers(ports: set[tuple[Any, Any]]) -> str:
    shown = [f"{port}/{protocol}" for protocol, port in sorted(ports)[:MOST_NAMED]]
    more = len(ports) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more > 0 else "")
