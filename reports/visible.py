"""Text of unknown origin as people may read it: what has no shape is shown as its number.

A right-to-left override in a machine's name must not turn a cell round, nor a zero-width space hide
that two names differ: both are shown, as ``[U+202E]`` and ``[U+200B]``.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_PLAIN = frozenset("\n\u00a0\u3000")  #: not printable by Python's word, harmless in a cell


def visible(text: str) -> str:
    """The text with control, format and unassigned characters and lone surrogates as numbers."""
    return text if text.isprintable() else "".join(map(_shown, text))


@cache
def _shown(letter: str) -> str:
    hidden = unicodedata.category(letter)[0] == "C" or unicodedata.category(letter) in ("Zl", "Zp")
    return f"[U+{ord(letter):04X}]" if hidden and letter not in _PLAIN else letter
