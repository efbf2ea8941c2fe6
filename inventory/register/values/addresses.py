"""IP addresses, several in a cell; what a lease gives is none."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_interface

from inventory.folding import folded
from inventory.register.values.bad import Bad
from inventory.register.values.texts import optional
from inventory.sheets import Value

_MARKS = re.compile(r"[\s,;|]+")
_LEASED = frozenset(("dhcp", "dong", "tu dong", "ip dong", "auto", "cap dong", "dynamic"))
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def addresses_of(value: Value) -> tuple[str, ...]:
    """The cell's addresses, each once.

    Raises:
        Bad: address_number, address_bad, and those of `texts.text_of`.
    """
    if isinstance(value, int | float):
        raise Bad("address_number", shown=str(value))
    plain = optional(value)
    if plain is None or folded(plain) in _LEASED:
        return ()
    return tuple(dict.fromkeys(_address(word) for word in _MARKS.split(plain) if word))


def looks_like_addresses(value: Value) -> bool:
    """Whether a cell of an unknown column holds one."""
    return isinstance(value, str) and _IPV4.search(value) is not None


def _address(word: str) -> str:
    try:
        found = ip_interface(word).ip if "/" in word else ip_address(word)
    except ValueError:
        raise Bad("address_bad", shown=word) from None
    if found.is_unspecified or found.is_multicast or found.is_loopback:
        raise Bad("address_no_machine", shown=word)
    return str(found)
