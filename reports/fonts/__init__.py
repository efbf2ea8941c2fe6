"""The fonts that documents are set in: Liberation Serif, with the widths of Times New Roman.

It has every Vietnamese letter. The files are those of the makers, under the SIL Open Font License
(``OFL.txt``).
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from reports.fonts.truetype import Font

FAMILY = "Liberation Serif"
FOLDER = Path(__file__).resolve().parent
FACES = ("Regular", "Bold", "Italic", "BoldItalic")
WIDEST = "Bold"  #: what fits in this face fits in each


@cache
def letters() -> frozenset[int]:
    """The code points that all four faces can show."""
    return frozenset.intersection(*(frozenset(_face(face).glyphs) for face in FACES))


@lru_cache(maxsize=8192)
def width(text: str) -> float:
    """How wide a text is at most, in its own size; letters that the font lacks count as one."""
    advances = _face(WIDEST).advances
    return sum(advances.get(ord(letter), 1.0) for letter in text)


@cache
def _face(face: str) -> Font:
    return Font((FOLDER / f"LiberationSerif-{face}.ttf").read_bytes())
