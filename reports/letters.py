"""Text as it can be printed: what has no shape, or would change a line, is shown as its number.

A right-to-left override in a machine's name must not turn a sentence round, and a letter that the
font lacks must not become an empty box: both are shown as ``[U+202E]``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from reports import fonts

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


def visible(text: str) -> str:
    """The text in composed form (NFC), with what cannot be shown as its code point's number."""
    if text.isascii() and text.isprintable():
        return text
    return _hidden().sub(_number, unicodedata.normalize("NFC", text))


def _number(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


@cache
def _hidden() -> re.Pattern[str]:
    """One letter that has no shape in the fonts, or that would change the line."""
    shown = sorted(code for code in fonts.letters() if _stays(chr(code)))
    return re.compile(f"[^{''.join(_ranges(shown))}]")


def _ranges(codes: Sequence[int]) -> Iterator[str]:
    """Neighbouring letters as one range each, as a pattern has them: far sooner compiled."""
    first = 0
    for place, code in enumerate(codes, start=1):
        if place == len(codes) or codes[place] != code + 1:
            yield f"{re.escape(chr(codes[first]))}-{re.escape(chr(code))}"
            first = place


def _stays(letter: str) -> bool:
    kind = unicodedata.category(letter)
    turns = unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT
    return not (kind.startswith("C") or kind in ("Zl", "Zp") or turns)
