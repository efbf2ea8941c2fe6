"""The port scan of one LAN as partial sightings: open ports, and the verdict on filtering."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from scanner.filtering import FIRST, LAST, PROBES, Probed, verdict
from scanner.interfaces import Interface
from scanner.partial import Partial
from scanner.ports.syn import CLOSED, FILTERED, OPEN, Answers, syn_scan
from scanner.scanning import Scanning
from scanner.sighting import Port

METHOD = "tcp"
_WORDS = {OPEN: "open", CLOSED: "closed", FILTERED: "filtered"}


@dataclass(frozen=True, slots=True)
class PortScan:
    """What the ports said, and how sure silence is.

    ``loss``: share of questions that got lost with their answers, None where too few answered to
    tell; ``probability_missed``: that at least one open port was missed, None where nothing tells.
    """

    partials: Sequence[Partial]
    open_ports: Mapping[str, Sequence[int]]
    loss: float | None
    probability_missed: float | None
    rounds: int


def scan_ports(
    scanning: Scanning,
    interface: Interface,
    hosts: Mapping[str, str],
    ports: Sequence[int],
    own: IPv4Address,
    *,
    present: bool = True,
    known: tuple[int, int] = (0, 0),
) -> PortScan:
    """Ask ``ports`` and a few closed ones of ``hosts`` (address → MAC of the next hop).

    ``present``: that the hosts are there is known otherwise, as by ARP. ``known``: (exchanges
    lost, exchanges) that discovery saw on this line.

    Raises:
        NotAllowed: a host is outside the networks of the scan; nothing was sent.
        CannotScan: no rights, or the interface went down.
    """
    if not hosts:
        return PortScan((), {}, None, 0.0, 0)
    probes = closed_ports(ports)
    answers = syn_scan(scanning, interface, hosts, [*probes, *ports], own, known)
    whole = not scanning.stop.is_set()
    partials = list(_partials(answers, set(probes), present=present, whole=whole))
    found = {one.ip: sorted(port.port for port in one.ports) for one in partials if one.ports}
    rounds = answers.rounds
    missed = rounds.probability_missed(sum(map(len, found.values())))
    return PortScan(partials, found, rounds.loss, missed if whole else None, rounds.count)


def closed_ports(ports: Sequence[int]) -> list[int]:
    """Ports by chance that nothing should listen on, none of which was asked for."""
    chance = secrets.SystemRandom()
    return chance.sample(sorted(set(range(FIRST, LAST + 1)) - set(ports)), PROBES)


def _partials(
    answers: Answers, probes: set[int], *, present: bool, whole: bool
) -> Iterator[Partial]:
    now = time.time()
    for number, host in enumerate(answers.hosts):
        states = answers.of(number)
        answered = any(states.values())
        codes = [answers.codes[host, port] for port in probes if (host, port) in answers.codes]
        probed = Probed(
            [_WORDS.get(states[port], "silent") for port in sorted(probes)],
            codes,
            answers.rounds.silence_doubt,
            present or answered,
            whole,
        )
        yield Partial(
            host,
            METHOD,
            now,
            ports=tuple(
                Port("tcp", port, "open")
                for port, state in sorted(states.items())
                if state == OPEN and port not in probes
            ),
            filtering=verdict(probed),
            evidence=tuple(_evidence(answers, host, states, probes, whole=whole)),
            flags=_flags(states, probes),
            answered=answered,
        )


def _evidence(
    answers: Answers, host: str, states: Mapping[int, int], probes: set[int], *, whole: bool
) -> Iterator[tuple[str, str]]:
    asked = [state for port, state in states.items() if port not in probes]
    said = [f"{asked.count(state)} {word}" for state, word in _WORDS.items()]
    if asked and whole:
        yield "tcp_ports", f"{len(asked)} asked: {', '.join(said)}, {asked.count(0)} silent"
    if host in answers.stacks:
        ttl, window = answers.stacks[host]
        yield "ttl", str(ttl)
        if window:
            yield "tcp_window", str(window)


def _flags(states: Mapping[int, int], probes: set[int]) -> tuple[str, ...]:
    """A host that accepts connections where nothing listens answers for everything."""
    accepts = sum(states[port] == OPEN for port in probes)
    return ("tarpit",) if accepts > len(probes) // 2 else ()
