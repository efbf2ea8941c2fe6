"""Texts as the template takes them: printable, and in pieces where a word is wider than its place.

Between two pieces a line may break without a hyphen, so that a name is copied as it is.
"""

from __future__ import annotations

from functools import lru_cache

from reports.fonts import width as width_of
from reports.letters import visible
from reports.widths import MILLIMETRES

PIECE = 3  #: letters that stay together in a word that has to break

Text = str | tuple[str, ...]


@lru_cache(maxsize=4096)  # a table says the same in most of its rows
def pieces(text: str, width: float, points: float) -> Text:
    """The text for a place of ``width`` millimetres, set at a size of ``points``."""
    shown = visible(text)
    most = width / (points * MILLIMETRES)
    if len(shown) * 1.0 <= most:
        return shown
    words = shown.split(" ")
    if all(width_of(word) <= most for word in words):
        return shown
    return _cut(words, most)


def _cut(words: list[str], most: float) -> tuple[str, ...]:
    made = [""]
    for place, word in enumerate(words):
        made[-1] += " " if place else ""
        if width_of(word) <= most:
            made[-1] += word
            continue
        parts = [word[at : at + PIECE] for at in range(0, len(word), PIECE)]
        made[-1] += parts[0]
        made += parts[1:]
    return tuple(made)
