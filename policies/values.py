"""Reading one typed constant of a rule: what the officer typed, as the catalogue's type says.

The unit decides how numbers are written: ``7d`` for seconds, ``20GB`` or ``4GiB`` for bytes,
``20%`` for percent. What does not fit is refused with the way to write it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal

from inventory.catalogue import Fact
from inventory.yaml_tree import Scalar
from language.said import NOTHING, Said, SaidError, said
from policies import times
from policies.problems import did_you_mean, meant
from policies.versions import version_key

Value = bool | int | float | str

WORDS = {
    "on_off": {"on": True, "off": False},
    "yes_no": {"yes": True, "no": False},
    "present_absent": {"present": True, "absent": False},
}
SIZES = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
_FREQUENCIES = {"MHz": 1, "GHz": 1000}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?")
_WITH_UNIT = re.compile(r"(-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?) ?([A-Za-z%/]+)")
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Unfit(SaidError, ValueError):
    """The text is no value of that fact; the message says how to write one."""


def element_type(fact: Fact) -> str:
    """The type of one plain value of this fact: its own, or that of a list's elements."""
    return fact.of or "text" if fact.type == "list" else fact.type


def typed(scalar: Scalar, fact: Fact) -> Value:
    """The value of ``fact`` that ``scalar`` means.

    Raises:
        Unfit: it is none; the message says what would be one.
    """
    if not scalar.quoted and scalar.text in NULLS:
        raise Unfit(said("the value is empty"))
    kind = element_type(fact)
    if scalar.quoted and kind in ("boolean", "integer", "number"):
        raise Unfit(
            said(
                '"{text}" is quoted text; {wanted}, without quotes',
                text=scalar.text,
                wanted=_wanted(fact),
            )
        )
    return _READERS.get(kind, _text)(scalar.text, fact)


def _wanted(fact: Fact) -> Said:
    """How to write a value of this fact."""
    if fact.words:
        yes, no = WORDS[fact.words]
        return said(
            "{path} is {yes} or {no}: write true or {yes}, false or {no}",
            path=fact.path,
            yes=yes,
            no=no,
        )
    examples = {"seconds": "7d, 12h, 30m", "bytes": "20GB, 4GiB", "percent": "20%"}
    return said("write a number such as {examples}", examples=examples.get(fact.unit or "", "5"))


def _boolean(text: str, fact: Fact) -> bool:
    meaning = {"true": True, "false": False} | WORDS[fact.words or "yes_no"]
    if text in meaning:
        return meaning[text]
    lowered = text.lower()
    every = {"true": True, "false": False, "on": True, "off": False, "yes": True, "no": False}
    hint = did_you_mean(text, meaning)
    if lowered in every:
        wanted = every[lowered]
        hint = meant(next(word for word, sense in meaning.items() if sense is wanted))
    raise Unfit(
        said("{text} does not fit; {wanted}{hint}", text=text, wanted=_wanted(fact), hint=hint)
    )


def _integer(text: str, fact: Fact) -> int:
    number = _amount(text, fact)
    if number != number.to_integral_value():
        raise Unfit(said("{text} is not a whole number", text=text))
    whole = int(number)
    if not -(2**63) <= whole < 2**63:
        raise Unfit(said("{text} is out of range", text=text))
    return whole


def _number(text: str, fact: Fact) -> float:
    return float(_amount(text, fact))


def _amount(text: str, fact: Fact) -> Decimal:
    """The number, in the fact's own unit."""
    if fact.unit == "seconds":
        return _span(text, fact)
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    match = _WITH_UNIT.fullmatch(text)
    scale = _scale(match[2], fact) if match else None
    if match is None or scale is None:
        near = did_you_mean(match[2], SIZES) if match and fact.unit == "bytes" else NOTHING
        raise Unfit(
            said(
                "{text} is not a number for {path}; {wanted}{near}",
                text=text,
                path=fact.path,
                wanted=_wanted(fact),
                near=near,
            )
        )
    return Decimal(match[1]) * scale


def _scale(unit: str, fact: Fact) -> int | None:
    units: dict[str, dict[str, int]] = {
        "bytes": SIZES,
        "percent": {"%": 1},
        "MHz": _FREQUENCIES,
        "days": {"d": 1, "w": 7},
        "Mbit/s": {"Mbit/s": 1, "Gbit/s": 1000},
    }
    return units.get(fact.unit or "", {}).get(unit)


def _span(text: str, fact: Fact) -> Decimal:
    seconds = 0 if text == "0" else times.span_seconds(text)
    if seconds is None:
        hint = meant(f"{text}d") if _NUMBER.fullmatch(text) else NOTHING
        raise Unfit(
            said(
                "{text} is not a span of time for {path}; {wanted}{hint}",
                text=text,
                path=fact.path,
                wanted=_wanted(fact),
                hint=hint,
            )
        )
    return Decimal(seconds)


def _choice(text: str, fact: Fact) -> str:
    if text in fact.values:
        return text
    other = {"true": ("on", "yes"), "yes": ("on",), "false": ("off", "no"), "no": ("off",)}
    near = [word for word in other.get(text.lower(), ()) if word in fact.values]
    hint = meant(near[0]) if near else did_you_mean(text, fact.values)
    raise Unfit(
        said(
            "{text} is not a value of {path} ({values}){hint}",
            text=text,
            path=fact.path,
            values=", ".join(fact.values),
            hint=hint,
        )
    )


def _version(text: str, fact: Fact) -> str:
    if version_key(text) is None:
        raise Unfit(said("{text} is not a version; write one such as 10.0.19045", text=text))
    return text


def _moment(text: str, fact: Fact) -> str:
    if times.moment_seconds(text) is None:
        raise Unfit(
            said("{text} is not a moment; write one such as 2026-11-23T08:00:00Z", text=text)
        )
    return text


def _ip(text: str, fact: Fact) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Unfit(said("{text} is not an IP address", text=text)) from None


def _mac(text: str, fact: Fact) -> str:
    digits = re.sub(r"[-:.]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise Unfit(
            said("{text} is not a MAC address; write one such as 00:1a:2b:3c:4d:5e", text=text)
        )
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def _text(text: str, fact: Fact) -> str:
    return text


_READERS: dict[str, Callable[[str, Fact], Value]] = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "choice": _choice,
    "version": _version,
    "timestamp": _moment,
    "ip": _ip,
    "mac": _mac,
}
