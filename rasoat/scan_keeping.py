"""Where a scan's result goes: into this machine's inventory, or signed to the collector."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from language.said import said
from rasoat.problems import NotCarriedOut, Problem
from scanner.scan import Result, document

if TYPE_CHECKING:
    from inventory.sighting_changes import Change

HERE = "this machine"  #: what stands where a sensor's address would


def raw(result: Result) -> bytes:
    """The result as the JSON that is kept and sent."""
    return json.dumps(document(result), ensure_ascii=True, separators=(",", ":")).encode("ascii")


def kept_here(data: Path) -> bool:
    """Whether there is an inventory to keep scans in; SQLite is not loaded to find out."""
    from inventory.folder import is_ours

    return is_ours(data)


def known_macs(data: Path, targets: Sequence[str]) -> Mapping[str, str]:
    """Address → MAC of this machine's last complete scan of the same targets."""
    from inventory import sightings
    from rasoat.folder import opened

    with opened(data, read_only=True) as store:
        before = sightings.before(store, targets, sightings.SERVER)
        return sightings.macs(store, before) if before else {}


def store(data: Path, result: Result) -> list[Change] | None:
    """Keep the result; what changed since the scan before of the same targets, None without one.

    Raises:
        InventoryError: the inventory cannot be written.
    """
    from inventory import sighting_changes, sighting_types, sightings
    from rasoat.folder import opened

    text = raw(result)
    arrival = sightings.Arrival(datetime.now(UTC).replace(microsecond=0), HERE)
    with opened(data) as where:
        body = gzip.compress(text, mtime=0)
        sightings.accept(where, sighting_types.decode(text), body, arrival)
        before = sightings.before(
            where, result.scan["targets"], sightings.SERVER, result.scan["id"]
        )
        old = sightings.document(where, before) if before else None
    return None if old is None else sighting_changes.changes(old, json.loads(text))


def check_sensor(url: str, state: str) -> None:
    """Refuse a collector that this machine's agent is not enrolled at, before anything is scanned.

    Raises:
        Problem: this machine's agent is enrolled elsewhere.
        BadInput: this machine has no enrolled agent.
    """
    from agents import run

    enrolment, _, _ = run.enrolled(state)
    if url.rstrip("/") != enrolment.url.rstrip("/"):
        raise Problem(
            said(
                "{url}: this machine's agent reports to {own}; name that one",
                url=url,
                own=enrolment.url,
            )
        )


def send(result: Result, state: str) -> str:
    """Sign, keep and send the result, and what waits; one line about what came of it.

    Raises:
        NotCarriedOut: something waits for a later try; it is on disk.
        AgentProblem: this machine has no enrolled agent, or its disk is full.
    """
    from agents import sightings as waiting

    waiting.keep(state, raw(result))
    sent = waiting.deliver(state)
    if sent.problem:
        raise NotCarriedOut(
            said("{sentence}; what waits is sent with the next scan", sentence=sent.sentence())
        )
    return sent.sentence()


def imported(path: Path, networks: Any) -> Result:
    """nmap's XML file as a scan's result, of hosts inside the networks that may be scanned.

    Raises:
        Problem: it is no such file, or names nobody inside.
    """
    from ipaddress import ip_address, ip_network

    from scanner.nmap.xml import read_nmap_xml
    from scanner.scan import of_partials
    from scanner.scanning import Scanning
    from scanner.targets import Targets

    partials, losses = read_nmap_xml(path)
    inside = [one for one in partials if ip_address(one.ip) in networks]
    if not inside:
        raise Problem(
            said(
                "{path}: names no host inside the networks that may be scanned: {networks}",
                path=path,
                networks=networks,
            )
        )
    scanning = Scanning(networks, ())
    scanning.losses += losses
    if len(inside) < len(partials):
        outside = len({one.ip for one in partials} - {one.ip for one in inside})
        scanning.lost("import", "outside", f"{outside} hosts are outside the networks")
    spans = tuple(ip_network(ip) for ip in sorted({one.ip for one in inside}))
    return of_partials(scanning, Targets(spans), inside, sensor="nmap")
