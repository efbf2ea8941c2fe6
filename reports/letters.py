"""Text as it can be printed: what has no shape, or would change a line, is shown as its number.

A right-to-left override in a machine's name must not turn a sentence round, and a letter that the
font lacks must not become an empty box: both are shown as ``[U+202E]``.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from reports import fonts

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


def visible(text: str) -> str:
    """The text in composed form (NFC), with what cannot be shown as its code point's number."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(map(_shown, composed))


@cache
def _shown(letter: str) -> str:
    kind = unicodedata.category(letter)
    if (
        kind.startswith("C")
        or kind in ("Zl", "Zp")
        or unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT
        or ord(letter) not in fonts.letters()
    ):
        return f"[U+{ord(letter):04X}]"
    return letter
