"""Text that cannot hide: what has no shape, or would turn a line round, is shown by its number."""

from __future__ import annotations

import unicodedata
from functools import cache

from markupsafe import Markup


def visible(value: object) -> object:
    """The value as the page shows it: a right-to-left override becomes ``[U+202E]``."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(map(_shown, value))


@cache
def _shown(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind.startswith("C") or kind in ("Zl", "Zp"):
        return f"[U+{ord(letter):04X}]"
    return letter
