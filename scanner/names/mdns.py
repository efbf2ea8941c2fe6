"""mDNS and DNS-SD: host names, services and models that devices announce (RFC 6762, 6763).

Questions leave from a port of ours, not from 5353: a responder then answers us alone (section 6.7),
and no group is joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from scanner.heard import Heard, evidence, names
from scanner.names import dns

PORT = 5353
GROUPS = ("224.0.0.251", "ff02::fb")
ALL_SERVICES = "_services._dns-sd._udp.local"
#: Asked for by name at once, since many devices do not list what they offer.
COMMON = (
    *("_workstation._tcp", "_device-info._tcp", "_smb._tcp", "_ipp._tcp", "_printer._tcp"),
    *("_pdl-datastream._tcp", "_http._tcp", "_ssh._tcp", "_googlecast._tcp", "_airplay._tcp"),
    *("_rtsp._tcp", "_axis-video._tcp", "_psia._tcp", "_hap._tcp"),
)
_MOST_TYPES = 24  #: service types that a host is asked about in the second round
#: Keys of TXT records that say what a device is.
_TELLING = (
    *(b"model=", b"md=", b"ty=", b"product=", b"usb_MFG=", b"usb_MDL=", b"fn=", b"am="),
    *(b"osxvers=", b"vendor=", b"manufacturer=", b"integrator="),
)


def question(ip: str, token: int) -> bytes:
    """Ask one host for its name and what it offers."""
    asked = [(ip_address(ip).reverse_pointer, dns.PTR), *_services()]
    return dns.question(asked, token, unicast=True)


def group_question(token: int) -> bytes:
    """The same asked of everybody."""
    return dns.question(_services(), token, unicast=True)


def _services() -> list[tuple[str, int]]:
    return [(ALL_SERVICES, dns.PTR), *((f"{one}.local", dns.PTR) for one in COMMON)]


def follow_up(types: Iterable[str], token: int) -> bytes:
    """Ask one host for the instances of service types that it listed."""
    asked = [(f"{one}.local", dns.PTR) for one in list(types)[:_MOST_TYPES]]
    return dns.question(asked, token, unicast=True)


def read(datagram: bytes, ip: str, token: int | None) -> Heard | None:
    """What an answer or an announcement of ``ip`` tells; None when it is neither.

    Answers to the group have the identifier 0; ``token`` None takes any. Names that the answer
    itself gives to other addresses are not this host's: proxies and reflectors send those. Ports
    that it names are its word, not seen open, and so they are left out.
    """
    answer = dns.read(datagram)
    if answer is None or (token is not None and answer.token not in (token, 0)):
        return None
    address = ip_address(ip)
    kind = dns.A if address.version == 4 else dns.AAAA  # noqa: PLR2004 - the IP version
    others = {one.name for one in answer.records if one.kind == kind}
    own = {one.name for one in answer.records if one.kind == kind and one.data == address.packed}
    heard = Heard(names=names("mdns", *own))
    for one in answer.records:
        heard += _record(one, address.reverse_pointer, others - own)
    return heard


def _record(one: dns.Record, reverse: str, others: set[str]) -> Heard:
    if one.kind == dns.PTR:
        return _pointer(one, reverse)
    if one.kind == dns.SRV:
        own = () if one.target in others else names("mdns", one.target)
        return Heard(names=own, evidence=evidence(("mdns_service", service_type(one.name))))
    if one.kind == dns.TXT:
        telling = [text for text in one.texts if text.startswith(_TELLING)]
        return Heard(evidence=evidence(*(("mdns_device", text) for text in telling)))
    return Heard()


def _pointer(one: dns.Record, reverse: str) -> Heard:
    name = one.name.lower()
    if name.endswith(".arpa"):
        return Heard(names=names("mdns", one.target) if name == reverse else ())
    if name == ALL_SERVICES:
        return Heard(evidence=evidence(("mdns_service", service_type(one.target))))
    instance = one.target.removesuffix(one.name).rstrip(".")
    return Heard(
        evidence=evidence(("mdns_service", service_type(name)), ("mdns_instance", instance))
    )


def service_type(name: str) -> str:
    """The service type in a name: ``_ipp._tcp`` of ``Laser._ipp._tcp.local``; empty without."""
    labels = name.split(".")
    for place, label in enumerate(labels):
        if label.lower() in ("_tcp", "_udp") and place:
            return f"{labels[place - 1]}.{label}".lower()
    return ""
