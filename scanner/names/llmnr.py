"""LLMNR: a host's name asked of its address (RFC 4795), by one packet to it alone."""

from __future__ import annotations

from ipaddress import ip_address

from scanner.heard import Heard, evidence, names
from scanner.names import dns

PORT = 5355


def question(ip: str, token: int) -> bytes:
    """Ask a host what its address is called."""
    return dns.question([(ip_address(ip).reverse_pointer, dns.PTR)], token)


def read(datagram: bytes, token: int) -> Heard | None:
    """The names in an answer; None when it answers nothing that we asked."""
    answer = dns.read(datagram)
    if answer is None or answer.token != token:
        return None
    targets = [one.target for one in answer.records if one.kind == dns.PTR and one.target]
    return Heard(
        names=names("llmnr", *targets), evidence=evidence(*(("llmnr", one) for one in targets))
    )
