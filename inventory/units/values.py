"""The values of a unit's fields, read strictly: codes, names, kinds, days and networks."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from ipaddress import AddressValueError, IPv6Network, NetmaskValueError, ip_network

from inventory.folding import folded
from inventory.legacy_text import legacy_encoding
from inventory.sheets import Value
from inventory.units.model import Network
from language.said import SaidError, said
from language.texts import both, marked

_LONGEST = 200  #: characters of a name; the longest of a Vietnamese office has about 120
_CODE = re.compile(r"[^\W_][\w./-]{0,63}")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")

#: The known words for kinds of units, each with its name; any other text is kept.
KINDS: dict[str, str] = {
    "ministry": marked("Ministry"),
    "province": marked("Province"),
    "city": marked("City"),
    "district": marked("District"),
    "town": marked("Town"),
    "township": marked("Township"),
    "commune": marked("Commune"),
    "ward": marked("Ward"),
    "special_zone": marked("Special zone"),
    "bureau": marked("Provincial department"),
    "department": marked("Department"),
    "board": marked("Board"),
    "office": marked("Office"),
    "centre": marked("Centre"),
    "school": marked("School"),
    "clinic": marked("Clinic"),
}


@cache
def _kinds() -> dict[str, str]:
    """Every folded word and name, in either language → the kind."""
    return {
        folded(word): kind for kind, name in KINDS.items() for word in (kind, *both(name).values())
    }


class Bad(SaidError, ValueError):
    """A value that cannot be used; the message says why, and what to write."""


def text_of(value: Value) -> str:
    """A line of text in one normal form, with single spaces.

    Raises:
        Bad: it holds control characters, is too long, or is in a font's encoding.
    """
    text = " ".join(unicodedata.normalize("NFC", str(value)).split())
    if any(unicodedata.category(letter)[0] == "C" for letter in text):
        raise Bad(said("holds characters that cannot be seen; type it anew"))
    if len(text) > _LONGEST:
        raise Bad(said("is longer than {most} characters", most=_LONGEST))
    encoding = legacy_encoding(text)
    if encoding is not None:
        raise Bad(
            said(
                "{text} is text in {encoding}; convert the file to Unicode first",
                text=text,
                encoding=encoding,
            )
        )
    return text


def code_of(value: Value) -> str:
    """A unit's code.

    Raises:
        Bad: not letters, digits and . / - _ alone.
    """
    text = text_of(value)
    if not _CODE.fullmatch(text):
        raise Bad(
            said(
                "“{text}” is no code: letters, digits and . / - _, at most 64, no spaces", text=text
            )
        )
    return text


def kind_of(value: Value) -> str:
    """A kind by its known word, in whichever language it was written; else the text itself.

    Raises:
        Bad: see `text_of`.
    """
    text = text_of(value)
    return _kinds().get(folded(text), text)


def day_of(value: Value) -> str:
    """A day as ISO text, from ISO, dd/mm/yyyy or a spreadsheet's date.

    Raises:
        Bad: no whole day, or none that there is.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    parts: tuple[str, ...] = ()
    if found := _ISO.fullmatch(text):
        parts = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        parts = found.groups()[::-1]
    with suppress(ValueError):
        if parts:
            return date(*map(int, parts)).isoformat()
    raise Bad(said("“{text}” is no day; write it as 2025-07-01 or 01/07/2025", text=text))


def network_of(value: Value) -> Network:
    """A network in CIDR notation, IPv4 or IPv6.

    Raises:
        Bad: not a network, one with bits set behind its prefix, or all addresses.
    """
    text = str(value).strip()
    if "/" not in text:
        raise Bad(
            said(
                "“{text}” has no prefix length; write it as 10.1.2.0/24 or 2001:db8::/64", text=text
            )
        )
    try:
        loose = ip_network(text, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise Bad(
            said("“{text}” is no network; write it as 10.1.2.0/24 or 2001:db8::/64", text=text)
        ) from None
    if loose.prefixlen == 0:
        raise Bad(
            said("“{text}” is every address there is; name the unit's own networks", text=text)
        )
    if isinstance(loose, IPv6Network) and loose.network_address.ipv4_mapped is not None:
        raise Bad(said("“{text}” is IPv4 written as IPv6; write the IPv4 network", text=text))
    try:
        return ip_network(text)
    except ValueError:
        raise Bad(
            said("“{text}” is an address within {loose}; write {loose}", text=text, loose=loose)
        ) from None
