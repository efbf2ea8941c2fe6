"""One host of nmap's XML as a partial sighting, through python-nmap's reader."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from language.said import said
from scanner.heard import names
from scanner.partial import Partial
from scanner.sighting import Name, Port, clean

MOST_PORTS = 1000  #: of one host; a host with more open is a trap, and its first ones tell that
_STATES = ("open", "closed", "filtered")
_GUESSED = 3  #: nmap's confidence in a service that it only read off the port's number
_SURE_OF_OS = 90  #: percent; below, nmap's own word on the system is a guess of many
_LAST_PORT = 65535


class NotReadable(ValueError):
    """A host that is not in the form that nmap gives it."""


def partial(host: Element, method: str, at: float) -> Partial:
    """What nmap says of one host.

    Raises:
        NotReadable: it is not in nmap's form.
    """
    try:
        found = _analysed(host)
        return _partial(found, method, at)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as fault:
        raise NotReadable(said("{name}: {fault}", name=type(fault).__name__, fault=fault)) from None


def _partial(found: dict[str, Any], method: str, at: float) -> Partial:
    addresses = found["addresses"]
    ip = ip_address(addresses.get("ipv4") or addresses["ipv6"])
    if "%" in str(ip):
        raise NotReadable(said("an address with a zone, which is a card of another machine"))
    ports = sorted(_ports(found), key=lambda port: (_STATES.index(port.state), port))[:MOST_PORTS]
    reason = found["status"]["reason"]
    return Partial(
        str(ip),
        method,
        at,
        mac=_mac(addresses.get("mac") or ""),
        names=_names(found),
        ports=tuple(ports),
        os_guess=_system(found),
        answered=reason not in (None, "", "user-set") or any(p.state != "filtered" for p in ports),
    )


def _ports(found: dict[str, Any]) -> Iterator[Port]:
    for protocol in ("tcp", "udp"):
        for number, told in found.get(protocol, {}).items():
            if told["state"] in _STATES and 0 < number <= _LAST_PORT:
                probed = int(told["conf"] or 0) > _GUESSED
                yield Port(
                    protocol,
                    number,
                    told["state"],
                    clean(told["name"] or "", 40) if probed else "",
                    clean(told["product"]),
                    clean(told["version"]),
                    clean(told["extrainfo"]),
                )


def _names(found: dict[str, Any]) -> tuple[Name, ...]:
    return names("dns", *(one["name"] for one in found["hostnames"] if one["name"]))


def _mac(text: str) -> str:
    mac = text.lower()
    pairs = mac.split(":")
    six = len(pairs) == 6 and all(len(one) == 2 for one in pairs)  # noqa: PLR2004 - 48 bits
    return mac if six and all(one in "0123456789abcdef:" for one in mac) else ""


def _system(found: dict[str, Any]) -> str:
    sure = [one for one in found.get("osmatch", ()) if int(one["accuracy"]) >= _SURE_OF_OS]
    best = max(sure, key=lambda one: int(one["accuracy"]), default=None)
    return clean(best["name"] or "", 100) if best else ""


def _analysed(host: Element) -> dict[str, Any]:
    """python-nmap's result for this host alone, so that a bad one costs only itself."""
    root = Element("nmaprun")
    root.append(host)
    closing = SubElement(root, "runstats")
    SubElement(closing, "finished")
    SubElement(closing, "hosts")
    scans: dict[str, dict[str, Any]] = _reader().analyse_nmap_xml_scan(tostring(root))["scan"]
    return next(iter(scans.values()))


@cache
def _reader() -> Any:
    """python-nmap's reader without its constructor, which looks for an nmap and starts it."""
    import nmap

    return nmap.PortScanner.__new__(nmap.PortScanner)
