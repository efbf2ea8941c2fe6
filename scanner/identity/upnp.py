"""UPnP descriptions: a device's maker, model and friendly name, from the device itself alone.

A device's word on where its description stands is followed to the very address that gave it and
to no other, never to a port that prints, one page and no redirect, and no more than a job reads.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import partial

from scanner.heard import Heard, evidence, plain
from scanner.identity import http
from scanner.names import ssdp
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.wire.streams import FRAGILE, converse
from scanner.wire.talks import Job

TECHNIQUE = "upnp"
#: elements of the device itself (UPnP Device Architecture 2.0 section 2.3)
_FIELDS = ("friendlyName", "manufacturer", "modelName", "modelNumber", "modelDescription")
_FIELD = re.compile(rf"<({'|'.join(_FIELDS)})>([^<>]{{1,300}})</")
_DEVICE = re.compile(r"<deviceType>([^<>]{1,200})</")
_LONGEST = 32 << 10  #: bytes of a description that are read


def describe(scanning: Scanning, found: Iterable[Partial]) -> list[Partial]:
    """What the descriptions say that hosts pointed to by SSDP; ``found`` is what `names` gave."""
    jobs: dict[str, Job] = {}
    for one in found:
        for what, url in one.evidence:
            place = ssdp.location(url, one.ip) if what == "ssdp_location" else None
            if place is not None and place[0] not in FRAGILE:
                port, path = place
                talk = partial(http.talk, one.ip, path)
                jobs.setdefault(one.ip, Job(one.ip, port, "description", talk))
    outcomes = converse(scanning, TECHNIQUE, jobs.values())
    told = ((outcome, read(outcome.received)) for outcome in outcomes)
    return [heard.partial(one.job.ip, TECHNIQUE, one.at) for one, heard in told if heard]


def read(received: bytes) -> Heard:
    """The device's own fields; those of the services and devices inside it come later in the text.

    No parser of XML is asked, so none can be made to fetch or to expand anything.
    """
    text = plain(received.partition(b"\r\n\r\n")[2][:_LONGEST])
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        fields.setdefault(name, html.unescape(value))
    kind = _DEVICE.search(text)
    return Heard(
        evidence=evidence(
            *(("upnp_device", f"{name}={value}") for name, value in fields.items()),
            ("ssdp_type", ssdp.device_type(kind[1]) if kind else ""),
        )
    )
