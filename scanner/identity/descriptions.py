"""Descriptions that hosts pointed to by SSDP or WS-Discovery, read at those hosts alone.

A device's word on where its description stands is followed to the very address that gave it and
to no other, never to a port that prints, one page and no redirect, and no more than a job reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from scanner.heard import Heard
from scanner.identity import http, upnp, wsd_metadata
from scanner.names import ssdp
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.wire.streams import FRAGILE, converse
from scanner.wire.talks import Job

TECHNIQUE = "descriptions"
_READERS: dict[str, Callable[[bytes], Heard]] = {"upnp": upnp.read, "wsd": wsd_metadata.read}


def describe(scanning: Scanning, found: Iterable[Partial]) -> list[Partial]:
    """What the descriptions say; ``found`` is what `names` gave. One of each kind for a host."""
    jobs = {(job.ip, job.what): job for one in found for job in _jobs(one)}
    told = (
        (one, _READERS[one.job.what](one.received))
        for one in converse(scanning, TECHNIQUE, jobs.values())
    )
    return [heard.partial(one.job.ip, one.job.what, one.at) for one, heard in told if heard]


def _jobs(one: Partial) -> Iterator[Job]:
    said = dict(one.evidence)
    for what, key in (("upnp", "ssdp_location"), ("wsd", "wsd_address")):
        place = ssdp.location(said.get(key, ""), one.ip)
        if place is None or place[0] in FRAGILE:
            continue
        port, path = place
        if what == "upnp":
            yield Job(one.ip, port, what, partial(http.talk, one.ip, path))
        elif "wsd_id" in said:
            talk = partial(wsd_metadata.talk, one.ip, port, path, said["wsd_id"])
            yield Job(one.ip, port, what, talk)
