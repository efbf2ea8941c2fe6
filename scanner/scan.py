"""One scan from plan to result: techniques in turn, their words merged, each host classified.

A technique that fails costs its own part, and the result says so. A stop (ctrl-C) ends the one
under way, skips the rest, and leaves a valid result that is marked partial.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address
from typing import Any, TypeVar

from language.said import plain, said
from scanner.discovery.discover import Discovery, discover
from scanner.interfaces import Interface
from scanner.partial import Partial, merge
from scanner.ports.scan import PortScan
from scanner.problems import CannotScan, ScannerError
from scanner.scanning import Scanning
from scanner.sighting import Sighting
from scanner.targets import Targets

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with who is found.

    ``ports``: asked of each, none: discovery alone; ``identity``: names and what stands behind open
    ports, by short questions; ``services``: nmap besides; ``communities``: of SNMP, and no others;
    ``resolver``: a DNS server inside the networks; ``listen``: seconds of listening alone.
    """

    ports: tuple[int, ...] = ()
    identity: bool = False
    services: bool = False
    communities: tuple[str, ...] = ()
    resolver: str | None = None
    listen: float = 0.0
    known: Mapping[str, str] = field(default_factory=dict)  #: address → MAC of an earlier scan


@dataclass(frozen=True, slots=True)
class Result:
    """What was seen, and the scan itself as a document: counts, loss, what was not done."""

    sightings: Sequence[Sighting]
    scan: Mapping[str, Any]


def scan(scanning: Scanning, targets: Targets, plan: Plan, *, sensor: str = "") -> Result:
    """Carry out ``plan`` on ``targets``.

    Raises:
        NotAllowed: something named by the caller is outside the networks of the scan.
        CannotScan: it was to listen, and cannot.
    """
    return _Scan(scanning, targets, plan, sensor).run()


def document(result: Result) -> dict[str, Any]:
    """The whole result as one document, as the inventory keeps it and a sensor sends it."""
    return {
        "scan": dict(result.scan),
        "sightings": [one.to_document() for one in result.sightings],
    }


def of_partials(
    scanning: Scanning, targets: Targets, partials: Sequence[Partial], *, sensor: str = ""
) -> Result:
    """A result of what another program saw; no packet is sent."""
    return _Scan(scanning, targets, Plan(), sensor).of(partials)


class _Scan:
    def __init__(self, scanning: Scanning, targets: Targets, plan: Plan, sensor: str) -> None:
        self._scanning, self._targets, self._plan = scanning, targets, plan
        self._sensor, self._id = sensor, secrets.token_hex(8)
        self._began = time.time()
        self._partials: list[Partial] = []
        self._found = Discovery()
        self._ports: PortScan | None = None
        self._whole = True  #: no part of ours failed

    def run(self) -> Result:
        if self._plan.listen:
            self._listen()
        else:
            self._look()
        self._leave_out_others()
        return self._concluded()

    def _concluded(self) -> Result:
        merged = merge(self._partials, sensor=self._sensor, scan=self._id)
        sightings = self._part("kinds", lambda: _classified(merged), merged, always=True)
        return Result(sightings, self._document(len(sightings)))

    def _leave_out_others(self) -> None:
        """Who answered a group's question, and is not among the targets: counted, and said."""
        others = {one.ip for one in self._partials if ip_address(one.ip) not in self._targets}
        if others:
            self._partials = [one for one in self._partials if one.ip not in others]
            detail = f"{len(others)} hosts that were heard are not among the targets"
            self._scanning.lost("names", "outside", detail)

    def of(self, partials: Sequence[Partial]) -> Result:
        """The result of what is known already."""
        self._partials += partials
        self._found.complete = False
        return self._concluded()

    def _look(self) -> None:
        plan, scanning = self._plan, self._scanning
        found = self._part(
            "discovery", lambda: discover(scanning, self._targets, plan.known), self._found
        )
        self._found = found
        self._partials += found.partials
        if plan.ports and (others := sum(":" in ip for ip in found.hosts)):
            detail = f"ports and names are asked by IPv4 alone: not of {others} IPv6 addresses"
            scanning.lost("ports", "not_supported", detail)
        if plan.ports:
            self._part("ports", self._ask_ports, None)
        if plan.identity:
            self._part("names", self._ask_names, None)
            self._part("identity", self._identify, None)
        if plan.services:
            self._part("nmap", self._ask_nmap, None)

    def _part(
        self, name: str, work: Callable[[], _Part], otherwise: _Part, *, always: bool = False
    ) -> _Part:
        """One part of the scan; a fault of ours costs this part, and is told."""
        if self._scanning.stop.is_set() and not always:
            self._scanning.lost(name, "stopped", "the scan was stopped before")
            return otherwise
        try:
            return work()
        except ScannerError as why:
            if why.exit_code == ScannerError.exit_code:
                raise
            self._scanning.lost(name, "not_possible", str(why))
            self._whole = False
        except Exception as fault:  # noqa: BLE001 - one technique's fault must not cost the others
            self._scanning.lost(name, "fault", f"{type(fault).__name__}: {fault}"[:300])
            self._whole = False
        return otherwise

    def _ask_ports(self) -> None:
        from scanner.ports.hosts import scan_hosts

        found = self._found
        hosts = {ip: found.hops.get(ip, ("", "")) for ip in self._others()}
        self._ports = scan_hosts(self._scanning, hosts, self._plan.ports, known=found.exchanges)
        self._partials += self._ports.partials

    def _ask_names(self) -> None:
        from scanner.names.asking import names

        plan = self._plan
        self._partials += names(
            self._scanning,
            self._others(),
            communities=plan.communities,
            resolver=plan.resolver,
        )

    def _identify(self) -> None:
        from scanner.identity.quick import identify

        self._partials += identify(self._scanning, self._open())

    def _ask_nmap(self) -> None:
        from scanner.nmap.plan import unexplained
        from scanner.nmap.services import services

        self._partials += services(self._scanning, unexplained(self._partials))

    def _listen(self) -> None:
        """Hear every card that stands among the targets; where none can be heard, say so."""
        cards = _cards(self._scanning, self._targets)
        if not cards:
            raise CannotScan(
                said("no interface of this machine stands in {targets}", targets=self._targets)
            )
        for card in cards:
            self._part("listening", partial(self._hear, card), None)
        deaf = [loss for loss in self._scanning.losses if loss.reason == "no_rights"]
        if len(deaf) == len(cards):
            raise CannotScan(said("nothing can be heard: {detail}", detail=deaf[0].detail))

    def _hear(self, card: Interface) -> None:
        from scanner.names.listening import listen

        self._partials += listen(self._scanning, card, self._plan.listen)

    def _others(self) -> list[str]:
        """Who was found by IPv4, ourselves not: our own firewall is our agent's business."""
        own = {str(one.ip) for card in self._scanning.interfaces for one in card.addresses}
        return [ip for ip in self._found.hosts if ip not in own and ":" not in ip]

    def _open(self) -> Mapping[str, Sequence[int]]:
        return self._ports.open_ports if self._ports else {}

    def _document(self, hosts: int) -> dict[str, Any]:
        stopped, found, ports = self._scanning.stop.is_set(), self._found, self._ports
        return {
            "id": self._id,
            "sensor": self._sensor,
            "started": _stamp(self._began),
            "ended": _stamp(time.time()),
            "targets": list(map(str, self._targets.spans)),
            "networks": list(map(str, self._scanning.networks.allowed)),
            "rate": self._scanning.pace.rate or None,
            "complete": self._whole and not stopped,
            "hosts": hosts,
            "asked": len(self._targets),
            "loss": found.loss,
            "probability_missed": None if stopped else found.probability_missed,
            "gone": {} if stopped else found.gone,
            "ports": _ports(ports, self._plan),
            "packets": self._scanning.ledger.counts(),
            "losses": [
                asdict(loss) | {"detail": plain(loss.detail)}  # in a document: English
                for loss in self._scanning.losses
            ],
        }


def _cards(scanning: Scanning, targets: Targets) -> list[Interface]:
    return [
        card
        for card in scanning.interfaces
        if any(net.overlaps(span) for net in card.networks for span in targets.spans)
    ]


def _classified(sightings: Sequence[Sighting]) -> list[Sighting]:
    from scanner.kinds.classify import classified

    return [classified(one) for one in sightings]


def _ports(found: PortScan | None, plan: Plan) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "asked": len(plan.ports),
        "open": sum(map(len, found.open_ports.values())),
        "loss": found.loss,
        "probability_missed": found.probability_missed,
        "rounds": found.rounds,
    }


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
