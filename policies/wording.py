"""The words of explanations in both languages.

Values, spans, reasons, and how numbers are written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from inventory.catalogue import Fact
from language.forms import day, number
from language.texts import marked, sense, texts
from policies.choices import choice_words
from policies.times import DAY, HOUR, MINUTE, moment_seconds, moment_text
from policies.values import element_type

TWO_DIGITS = 10  #: from here on a span is told in whole units
LONGEST = 80  #: characters of a value that a machine reported, as shown to people

REASONS = {
    "not_elevated": marked("administrator rights are needed"),
    "not_supported": marked("this system does not offer it"),
    "timed_out": marked("reading took too long"),
    "not_found": marked("not found on the machine"),
    "unreadable": marked("what was read made no sense"),
    "not_installed": marked("not installed"),
    "failed": marked("the collector failed"),
    "redacted": marked("left out on request"),
    "not_reported": marked("not in the report"),
    "too_old": marked("the report is too old"),
    "wrong_type": marked("the value has the wrong type"),
    "never_reported": marked("the machine has never reported"),
    "contradicted": marked("the network shows otherwise"),
    "no_agent": marked("no agent speaks for it"),
    "no_scan": marked("no scan has seen it"),
    "too_large": marked("what this machine sends is too large to be judged (over 640 KiB)"),
    "scan_too_old": marked("the scan is too old"),
    "not_in_table": marked("not in the table of makers' dates"),
    "not_registered": marked("it is not in the register"),
    "quarantined": marked("the agent is in quarantine"),
}
_BOOLEANS = {
    "on_off": {True: marked("on"), False: marked("off")},
    "yes_no": {True: marked("yes"), False: marked("no")},
    "present_absent": {True: sense("a fact", "present"), False: marked("absent")},
}
_SPANS = (
    (DAY, marked("{n} d")),
    (HOUR, marked("{n} h")),
    (MINUTE, marked("{n} min")),
    (1, marked("{n} s")),
)
_WHOLE_SIZES = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"))
_SIZES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_DECIMAL = frozenset(unit for unit, _ in _SIZES)


def reason_words(reason: str | None, lang: str) -> str:
    """Why something is unknown, in words."""
    known = REASONS.get(reason or "not_reported")
    return str(reason) if known is None else texts(lang)(known)


def span(seconds: float, lang: str) -> str:
    """A span of time in its largest fitting unit, whole or with one decimal: ``7 d``, ``2 giờ``."""
    say = texts(lang)
    for size, words in _SPANS:
        if abs(seconds) >= size:
            whole = seconds // size
            exact = whole * size == seconds or whole >= TWO_DIGITS
            share: float = int(whole) if exact else round(seconds / size, 1)
            share = int(share) if share == int(share) else share
            return say(words, n=number(share, lang))
    return say("{n} s", n=0)


def size(octets: float, lang: str) -> str:
    """A size in bytes: binary units where they come out whole.

    Else decimal ones with one decimal.
    """
    for unit, word in (*_WHOLE_SIZES, *_SIZES):
        share = octets / unit
        if abs(share) >= 1 and (share == int(share) or unit in _DECIMAL):
            return f"{number(int(share) if share == int(share) else round(share, 1), lang)} {word}"
    return f"{number(int(octets), lang)} {'byte' if abs(octets) == 1 else 'bytes'}"


def value_words(value: object, fact: Fact, lang: str) -> str:
    """A value of a fact as a person says it, in its unit and bounded in length."""
    if isinstance(value, bool):
        return texts(lang)(_BOOLEANS[fact.words or "yes_no"][value])
    if isinstance(value, int | float):
        return _amount(value, fact, lang)
    text = shown(str(value))
    if element_type(fact) == "timestamp":
        return _date(text, lang)
    if element_type(fact) == "choice":
        return choice_words(text, lang, fact.path)
    return text


def _date(text: str, lang: str) -> str:
    """The day of a moment, as people of that language write it (UTC)."""
    seconds = moment_seconds(text)
    if seconds is None:
        return text
    return day(moment_text(seconds)[:10], lang)


def _amount(value: float, fact: Fact, lang: str) -> str:
    say = texts(lang)
    if fact.unit == "seconds":
        return span(value, lang)
    if fact.unit == "bytes":
        return size(value, lang)
    if fact.unit == "percent":
        return f"{number(value, lang)} %"
    if fact.unit == "port" or (fact.unit is None and fact.type == "integer"):
        return str(value)
    if fact.unit == "days":
        return say("{n} d", n=number(value, lang))
    unit = {"MHz": " MHz", "Mbit/s": " Mbit/s"}
    return f"{number(value, lang)}{unit.get(fact.unit or '', '')}"


def shown(text: str) -> str:
    """Text from a machine, made safe to read: no control characters, not longer than a line."""
    if not text.isprintable():
        kinds = ("C", "Z")  # control and format characters, separators
        text = "".join(" " if unicodedata.category(one)[0] in kinds else one for one in text)
    clean = " ".join(text.split())
    return clean if len(clean) <= LONGEST else f"{clean[: LONGEST - 1]}…"


def listed(items: Iterable[str], lang: str, *, most: int = 5, more: int = 0) -> str:
    """``a, b, c and 3 more``; ``more`` counts those that were left out before."""
    say = texts(lang)
    words = list(items)
    left = more + max(0, len(words) - most)
    text = ", ".join(words[:most])
    if not left:
        return text
    return say("{items} and {left} more", items=text, left=left)
