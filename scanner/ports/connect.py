"""The port scan of a user without rights: the kernel connects, and tells less than bare packets.

A refusal may be the host's own or a packet filter's that rejects with "port unreachable": the
kernel does not say. So such a host's filtering stays unknown, with this reason.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence

from scanner.filtering import Probed, verdict
from scanner.partial import Partial
from scanner.ports.scan import PortScan, closed_ports
from scanner.scanning import Scanning
from scanner.sighting import Filtering, Port
from scanner.wire.connects import connects

METHOD = "tcp_connect"
_TRIES = 2  #: handshakes of a silent port, each with the kernel's own second SYN
#: That a port which answers stays silent: each try sends two SYNs, and on a line that loses one
#: exchange in ten (an assumption: nothing here measures it) all four are lost so often.
_DOUBT = 0.1 ** (2 * _TRIES)


def connect_ports(
    scanning: Scanning, hosts: Sequence[str], ports: Sequence[int], *, present: bool = True
) -> PortScan:
    """Ask ``ports`` and a few closed ones of ``hosts`` by the kernel's own connections.

    Raises:
        NotAllowed: a host is outside the networks of the scan.
    """
    probes = closed_ports(ports)
    asked = [*probes, *ports]
    states: dict[str, dict[int, str]] = {host: dict.fromkeys(asked, "silent") for host in hosts}
    for _ in range(_TRIES):
        silent = [
            (host, port) for port in asked for host in hosts if states[host][port] == "silent"
        ]
        for done, tried in enumerate(connects(scanning, METHOD, silent), 1):
            states[tried.ip][tried.port] = tried.state
            scanning.progress(METHOD, done, len(silent))
    whole = not scanning.stop.is_set()
    partials = [
        _partial(host, found, set(probes), present=present, whole=whole)
        for host, found in states.items()
    ]
    opened = {one.ip: sorted(port.port for port in one.ports) for one in partials if one.ports}
    return PortScan(partials, opened, None, None, _TRIES)


def _partial(
    host: str, states: Mapping[int, str], probes: set[int], *, present: bool, whole: bool
) -> Partial:
    count: dict[str, int] = defaultdict(int)
    for port, state in states.items():
        count[state] += port not in probes
    answered = any(state != "silent" for state in states.values())
    said = ", ".join(f"{number} {state}" for state, number in sorted(count.items()) if number)
    return Partial(
        host,
        METHOD,
        time.time(),
        ports=tuple(
            Port("tcp", port, "open")
            for port, state in sorted(states.items())
            if state == "open" and port not in probes
        ),
        filtering=_filtering([states[port] for port in sorted(probes)], present or answered, whole),
        evidence=(("tcp_ports", f"{sum(count.values())} asked: {said}"),) if said and whole else (),
        answered=answered,
    )


def _filtering(states: Sequence[str], present: bool, whole: bool) -> Filtering:
    found = verdict(Probed(states, silence_doubt=_DOUBT, present=present, whole=whole))
    if found.verdict == "open" or found.reason == "router_refuses":
        return Filtering("unknown", "needs_raw_sockets", found.evidence)
    return found
