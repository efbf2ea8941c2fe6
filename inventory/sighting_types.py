"""The document of a scan in closed types with caps: it comes from the network, by way of a sensor.

Everything that a host may have said in it is text of bounded length; nothing is ever interpreted.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from inventory.document import DocumentRefused
from language.said import said

MOST_SIGHTINGS = 1 << 16
Short = Annotated[str, Meta(max_length=255)]
Text = Annotated[str, Meta(max_length=1024)]
Stamp = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")]
Mac = Annotated[str, Meta(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")]
Number = Annotated[int, Meta(ge=0, le=2**53)]
Share = Annotated[float, Meta(ge=0, le=1)]
Kind = Literal[
    "pc", "server", "printer", "camera", "phone", "router", "switch", "access_point", "nas",
    "iot", "unknown",
]  # fmt: skip


class Name(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A name, and by which protocol it came."""

    name: Short
    source: Short


class Port(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """One port as it answered."""

    protocol: Literal["tcp", "udp"]
    port: Annotated[int, Meta(ge=0, le=65535)]
    state: Literal["open", "closed", "filtered"]
    service: Text = ""
    product: Text = ""
    version: Text = ""
    banner: Text = ""


class Filtering(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """The network's word on a firewall."""

    verdict: Literal["drops", "rejects", "open", "unknown"]
    reason: Short = ""
    evidence: Annotated[list[Text], Meta(max_length=32)] = []


class Evidence(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One thing that was heard."""

    what: Short
    text: Text


class Sighting(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """One host; as the scanner's own type, see `scanner.sighting`."""

    ip: Annotated[str, Meta(max_length=45)]
    mac: Mac | None = None
    vendor: Short = ""
    names: Annotated[list[Name], Meta(max_length=256)] = []
    kind: Kind = "unknown"
    kind_confidence: Share = 0.0
    kind_reasons: Annotated[list[Text], Meta(max_length=64)] = []
    os_guess: Short = ""
    ports: Annotated[list[Port], Meta(max_length=70_000)] = []
    filtering: Filtering = Filtering("unknown")
    methods: Annotated[list[Short], Meta(max_length=64)] = []
    evidence: Annotated[list[Evidence], Meta(max_length=1024)] = []
    flags: Annotated[list[Short], Meta(max_length=64)] = []
    first_answer: Stamp | None = None
    last_answer: Stamp | None = None
    sensor: Short = ""
    scan: Short = ""


class Scan(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The scan itself: when, of what, how sure."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    sensor: Short
    started: Stamp
    ended: Stamp
    targets: Annotated[list[Short], Meta(max_length=MOST_SIGHTINGS)]
    networks: Annotated[list[Short], Meta(max_length=1024)]
    rate: float | None
    complete: bool
    hosts: Number
    asked: Number
    loss: Share | None
    probability_missed: Share | None
    gone: dict[Annotated[str, Meta(max_length=45)], Share]
    ports: dict[Short, float | None] | None
    packets: dict[Short, Number | dict[Short, Number]]
    losses: Annotated[list[dict[Short, Text]], Meta(max_length=1024)]


class Document(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a sensor sends of one scan."""

    scan: Scan
    sightings: Annotated[list[Sighting], Meta(max_length=MOST_SIGHTINGS)]


def decode(raw: bytes) -> Document:
    """The document in ``raw``.

    Raises:
        DocumentRefused: not JSON, a field that there is not, a wrong type, an address that is none
            or comes twice.
    """
    try:
        document = msgspec.json.decode(raw, type=Document)
        ips = {str(ip_address(one.ip)) for one in document.sightings}
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as fault:
        raise DocumentRefused(
            said("the sightings are not understood: {fault}", fault=str(fault)[:450])
        ) from fault
    if len(ips) != len(document.sightings):
        raise DocumentRefused(said("an address comes twice in one scan"))
    return document


def encode(one: Any) -> bytes:
    """A part of the document as it is kept."""
    return msgspec.json.encode(one)
