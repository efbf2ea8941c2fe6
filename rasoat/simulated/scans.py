"""What scans of a district's LANs saw, as the documents that sensors send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inventory.times import stamp
from rasoat.simulated import MARK
from rasoat.simulated.block import Block
from rasoat.simulated.chance import chance
from rasoat.simulated.hardware import Card
from rasoat.simulated.machines import Pc, Phase
from rasoat.simulated.making import Calendar
from rasoat.simulated.network import open_ports
from rasoat.simulated.places import Place
from rasoat.simulated.strangers import Stranger

_ASKED = 100  #: ports of each host


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan. ``sensor``: the key of the agent that made it, "" for the collector's own machine.

    ``things``: which thing each sighting of the document is of, in its order.
    """

    at: datetime
    place: Place
    sensor: str
    document: dict[str, Any]
    things: tuple[str, ...]


def scans(block: Block, seed: int, calendar: Calendar) -> Iterator[Scan]:
    """Two scans of every LAN, the older ones first."""
    for which, at in enumerate(calendar.scans):
        for index, place in enumerate(block.places):
            pcs = [one for one in block.pcs if one.place is place]
            others = [one for one in block.strangers if one.place is place]
            if pcs:
                begin = at + timedelta(minutes=3 * index)
                name = chance("scan", seed, block.number, index, which).getrandbits(64)
                yield _scan(place, begin, (which, f"{name:016x}"), pcs, others)


def _scan(
    place: Place,
    at: datetime,
    which: tuple[int, str],
    pcs: Sequence[Pc],
    others: Sequence[Stranger],
) -> Scan:
    sensor = "" if place.unit.kind == "department" or place.routed else pcs[0].now.key
    found = [seen for one in pcs if one.seen[which[0]] for seen in _of_pc(one, at)]
    found += [_of_stranger(one, which[0]) for one in others if one.macs[which[0]]]
    found.sort(key=lambda pair: tuple(map(int, pair[1]["ip"].split("."))))
    times = {"first_answer": stamp(at), "last_answer": stamp(at + timedelta(seconds=40))}
    sightings = [_routed(one, place) | times for _, one in found]
    document = {"scan": _about(place, at, which[1], len(found)), "sightings": sightings}
    return Scan(at, place, sensor, document, tuple(thing for thing, _ in found))


def _about(place: Place, at: datetime, name: str, hosts: int) -> dict[str, Any]:
    return {
        "id": name,
        "sensor": f"{MARK} {place.unit.code}",
        "started": stamp(at),
        "ended": stamp(at + timedelta(minutes=2)),
        "targets": [str(place.network)],
        "networks": [str(place.network)],
        "rate": 200.0,
        "complete": True,
        "hosts": hosts,
        "asked": place.network.num_addresses - 2,
        "loss": 0.0,
        "probability_missed": 0.0,
        "gone": {},
        "ports": {"asked": _ASKED, "open": 0},
        "packets": {"arp": 508},
        "losses": [],
    }


def _routed(sighting: dict[str, Any], place: Place) -> dict[str, Any]:
    """Across a router no MAC is seen, and names come by SMB alone."""
    if not place.routed:
        return sighting
    named = [{"name": one["name"], "source": "smb"} for one in sighting["names"]]
    plain = {key: value for key, value in sighting.items() if key not in ("mac", "vendor")}
    return plain | {"names": named, "methods": ["icmp", "tcp"]}


def _of_pc(one: Pc, at: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """A sighting for each card that has an address."""
    phase = one.at(at)
    for card in phase.cards:
        if card.host is not None:
            yield card.of or one.thing, _sighting(one, phase, card)


def _sighting(one: Pc, phase: Phase, card: Card) -> dict[str, Any]:
    filtered = "drops" if phase.posture.filtered else "open"
    windows = phase.system.family == "windows"
    source = "netbios" if windows else "mdns"
    guess = one.shown.get("os", "Windows" if windows else "Linux")
    return {
        "ip": one.place.address(card.host or 0),
        "mac": card.shown,
        "vendor": "SIMULATED",
        "names": [{"name": one.shown.get("name", phase.name), "source": source}],
        "kind": "server" if "Server" in phase.system.name else "pc",
        "kind_confidence": 0.9,
        "os_guess": guess,
        "ports": [_port(port) for port in _ports(one, phase)],
        "filtering": {"verdict": one.shown.get("filtering", filtered)},
        "methods": ["arp", "tcp"],
    }


def _ports(one: Pc, phase: Phase) -> list[int]:
    """What answers: what should, or what shows that the agent does not tell all."""
    told: dict[str, tuple[int, ...]] = {"open": (135, 139, 445), "drops": ()}
    ports = set(told.get(one.shown.get("filtering", ""), open_ports(phase)))
    return sorted(ports | {int(one.shown["port"])} if "port" in one.shown else ports)


def _port(port: int) -> dict[str, Any]:
    return {"protocol": "tcp", "port": port, "state": "open"}


def _of_stranger(one: Stranger, which: int) -> tuple[str, dict[str, Any]]:
    names = [{"name": one.name, "source": "netbios"}] if one.name else []
    sighting = {
        "ip": one.place.address(one.host),
        "mac": one.macs[which],
        "vendor": one.vendor,
        "names": names,
        "kind": one.kind,
        "kind_confidence": 0.8,
        "os_guess": one.os_guess,
        "ports": [_port(port) for port in one.ports],
        "filtering": {"verdict": "unknown", "reason": "not_probed"},
        "methods": ["arp"],
    }
    return one.thing, sighting
