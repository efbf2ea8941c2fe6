"""Reverse DNS: what a resolver that the officer named calls an address (RFC 1035 section 3.5)."""

from __future__ import annotations

from ipaddress import ip_address

from scanner.heard import Heard, names
from scanner.names import dns

PORT = 53


def question(ip: str, token: int) -> bytes:
    """Ask a resolver what ``ip`` is called."""
    return dns.question([(ip_address(ip).reverse_pointer, dns.PTR)], token, flags=dns.RECURSE)


def read(datagram: bytes, token: int) -> dict[str, Heard] | None:
    """Reverse name (4.3.2.1.in-addr.arpa) → what it is called; None when it is no answer to us.

    A name that the resolver knows nothing of is there with nothing heard.
    """
    answer = dns.read(datagram)
    if answer is None or answer.token != token:
        return None
    found = {name.lower(): Heard() for name in answer.asked}
    for one in answer.records:
        owner = one.name.lower()
        if one.kind == dns.PTR and owner in found:
            found[owner] += Heard(names=names("dns", one.target))
    return found
