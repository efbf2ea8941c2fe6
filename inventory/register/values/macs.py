"""Hardware addresses in any notation, several in a cell, with or without names of the cards."""

from __future__ import annotations

import re
import unicodedata

from inventory.register.values.bad import Bad
from inventory.register.values.texts import SCIENTIFIC, optional
from inventory.sheets import Value

_PAIR = "[0-9a-f]{2}"
_NOTATIONS = (
    rf"{_PAIR}(?:(?P<by>[:\-. ]){_PAIR})(?:(?P=by){_PAIR}){{4}}",  # 00:1a:2b:3c:4d:5e
    r"[0-9a-f]{4}(?P<dot>[.:\-])[0-9a-f]{4}(?P=dot)[0-9a-f]{4}",  # 001a.2b3c.4d5e
    r"[0-9a-f]{6}[:\-.][0-9a-f]{6}",  # 001a2b-3c4d5e
    r"[0-9a-f]{12}",
)
_MAC = re.compile(rf"(?<![0-9a-z:.\-])(?:{'|'.join(_NOTATIONS)})(?![0-9a-z]|[:.\-][0-9a-f])")
#: What may stand beside addresses: the names of cards, of at most one digit.
_LABEL = re.compile(r"[^\W\d_]{1,12}\d?")
_MARKS = re.compile(r"[\s,;/|&+()\[\]=:_\-.]+")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_LOOKS_HEX = re.compile(r"[0-9a-fo]{4,}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
#: The name of a card before its address: a word with a letter that no address has.
_NAMED = re.compile(r"(?<![0-9a-z])[^\W\d_]*[^\W\da-f_][^\W\d_]*\d?\s*[:=\-]")


def macs_of(value: Value) -> tuple[str, ...]:
    """The cell's addresses as ``00:1a:2b:3c:4d:5e``, in their order, each once.

    Raises:
        Bad: mac_number, mac_bad, mac_no_card, digits_lost, and those of `texts.text_of`.
    """
    if isinstance(value, int | float):
        raise Bad("mac_number", shown=str(value))
    plain = optional(value)
    if plain is None:
        return ()
    if SCIENTIFIC.fullmatch(plain):
        raise Bad("mac_number", shown=plain)
    text = unicodedata.normalize("NFKC", plain).translate(_DASHES).lower()
    text = _NAMED.sub(" ", text)
    found = [_spelled(one[0]) for one in _MAC.finditer(text)]
    rest = [word for word in _MARKS.split(_MAC.sub(" ", text)) if word]
    odd = next((word for word in rest if not _is_label(word)), None)
    if odd is not None or not found:
        raise _bad(plain, text)
    for one in found:
        if int(one[:2], 16) & 1 or set(one) <= {"0", ":"}:
            raise Bad("mac_no_card", mac=one)
    return tuple(dict.fromkeys(found))


def looks_like_macs(value: Value) -> bool:
    """Whether a cell of an unknown column holds at least one."""
    return isinstance(value, str) and _MAC.search(value.lower().translate(_DASHES)) is not None


def _is_label(word: str) -> bool:
    return _LABEL.fullmatch(word) is not None and _LOOKS_HEX.fullmatch(word) is None


def _spelled(found: str) -> str:
    digits = re.sub("[^0-9a-f]", "", found)
    return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))


def _bad(plain: str, text: str) -> Bad:
    if _IPV4.fullmatch(text):
        return Bad("mac_is_address", shown=plain)
    digits = re.sub("[^0-9a-f]", "", text)
    return Bad("mac_bad", shown=plain, digits=str(len(digits)))
