"""Hosts behind a router: ICMP first, then a few TCP ports; a MAC of theirs is never seen."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address

from scanner.discovery.arp import packed
from scanner.discovery.echo import ECHO, TIMESTAMP, question
from scanner.discovery.sweeping import Swept, sweep
from scanner.interfaces import Interface
from scanner.partial import Partial
from scanner.ports.syn import Answers, syn_scan
from scanner.scanning import Scanning
from scanner.wire.filters import icmp
from scanner.wire.link import Link

#: Ports of which one answers on most machines, open or closed.
PORTS = (443, 80, 445, 22, 3389)
METHOD = "tcp_answer"


def routed(
    scanning: Scanning,
    interface: Interface,
    targets: Sequence[IPv4Address],
    own: IPv4Address,
    hop: str,
) -> tuple[list[Swept], list[Partial]]:
    """Ask ``targets`` by way of the router whose MAC is ``hop``.

    Raises:
        NotAllowed: a target is outside the networks of the scan.
        CannotScan: no rights, or the interface went down.
    """
    swept, silent = [], list(targets)
    for kind in (ECHO, TIMESTAMP):
        asked = question(kind, packed(interface.mac), own, packed(hop))
        with Link(scanning, interface, asked.technique, icmp(kind[1])) as link:
            found = sweep(scanning, link, asked, silent)
        swept.append(found)
        silent = [target for target in silent if target.packed not in found.macs]
    answers: Answers | None = None
    if silent and not scanning.stop.is_set():
        hosts = dict.fromkeys(map(str, silent), hop)
        answers = syn_scan(scanning, interface, hosts, PORTS, own, _exchanges(swept))
    return swept, [*_echoed(swept), *(_answered(answers) if answers else ())]


def _exchanges(swept: Sequence[Swept]) -> tuple[int, int]:
    """(lost, all) of the exchanges so far, in whole numbers."""
    pairs = [one.answers.exchanges() for one in swept]
    return round(sum(lost for lost, _ in pairs)), round(sum(every for _, every in pairs))


def _echoed(swept: Sequence[Swept]) -> list[Partial]:
    return [
        Partial(str(IPv4Address(ip)), one.technique, at)
        for one in swept
        for ip, at in one.times.items()
    ]


def _answered(answers: Answers) -> list[Partial]:
    now = time.time()
    hosts: Mapping[str, dict[int, int]] = {
        host: answers.of(number) for number, host in enumerate(answers.hosts)
    }
    return [Partial(host, METHOD, now) for host, states in hosts.items() if any(states.values())]
