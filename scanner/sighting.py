"""A sighting: what one sensor saw of one network host at one time, as a plain document."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

KINDS = (
    *("pc", "server", "printer", "camera", "phone", "router", "switch", "access_point"),
    *("nas", "iot", "unknown"),
)
FILTERINGS = ("drops", "rejects", "open", "unknown")
LONGEST_NAME = 255  #: characters; a DNS name has no more (RFC 1035)
LONGEST_TEXT = 1024  #: characters of a banner, a title, a product


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name that a host gave; ``source`` is the protocol: mdns, netbios, dns, certificate."""

    name: str
    source: str


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """One port as it answered; texts are empty where nothing was learned."""

    protocol: str  #: tcp or udp
    port: int
    state: str  #: open, closed or filtered
    service: str = ""
    product: str = ""
    version: str = ""
    banner: str = ""


@dataclass(frozen=True, slots=True)
class Filtering:
    """The network's own word on a firewall, with what it rests on."""

    verdict: str = "unknown"  #: one of FILTERINGS
    reason: str = ""  #: code of an unknown: not_probed, too_few_answers, contradictory, …
    evidence: tuple[str, ...] = ()  #: which probes went out and what came back, one a line


@dataclass(frozen=True, slots=True)
class Sighting:
    """One host as one scan saw it. Times are UTC, ISO 8601; ``mac`` is lower case with colons."""

    ip: str
    mac: str = ""
    vendor: str = ""
    names: tuple[Name, ...] = ()
    kind: str = "unknown"
    kind_confidence: float = 0.0  #: 0 to 1
    kind_reasons: tuple[str, ...] = ()
    os_guess: str = ""
    ports: tuple[Port, ...] = ()
    filtering: Filtering = Filtering()
    methods: tuple[str, ...] = ()  #: the techniques that saw it
    evidence: tuple[tuple[str, str], ...] = ()  #: (what, text): server headers, sysDescr, TTL, …
    flags: tuple[str, ...] = ()  #: duplicate_ip, spoofed_arp, random_mac, proxy_arp, tarpit, …
    first_answer: str = ""
    last_answer: str = ""
    sensor: str = ""
    scan: str = ""

    def to_document(self) -> dict[str, Any]:
        """As `rasoat scan --json` prints it; what was not learned is left out."""
        document = asdict(self)
        document["evidence"] = [{"what": what, "text": text} for what, text in self.evidence]
        document["ports"] = [_lean(port) for port in document["ports"]]
        document["filtering"] = _lean(document["filtering"])
        return {key: value for key, value in document.items() if value not in ("", (), [], 0.0)}


def _lean(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value not in ("", ())}


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Text from the network made safe to keep: printable, one line, bounded.

    Control and format characters (among them those that turn the direction of writing) become
    spaces; a tail that is too long is cut.
    """
    shown = "".join(one if one.isprintable() else " " for one in text[: 4 * longest])
    return " ".join(shown.split())[:longest]
