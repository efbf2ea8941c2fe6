"""Two tables of a TrueType font: which letters it has, and how wide they are."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cached_property

_WINDOWS_UNICODE = (3, 1)
_FORMAT = 4  #: of the table `cmap`: runs of code points below U+10000
_STOPPER = 0xFFFF


class Font:
    """A font file's bytes, read where they are asked for."""

    def __init__(self, font: bytes) -> None:
        self._font = font

    @cached_property
    def glyphs(self) -> dict[int, int]:
        """Code point → glyph."""
        start = self._table(b"cmap")
        for place in range(self._short(start + 2)):
            system, coding, offset = struct.unpack_from(">HHI", self._font, start + 4 + 8 * place)
            found = start + offset
            if (system, coding) == _WINDOWS_UNICODE and self._short(found) == _FORMAT:
                return dict(self._runs(found))
        raise ValueError("not a font for text: it has no table of Unicode's letters")

    @cached_property
    def advances(self) -> dict[int, float]:
        """Code point → how far the pen moves on, in the size of the text."""
        units = self._short(self._table(b"head") + 18)
        metrics, last = self._table(b"hmtx"), self._short(self._table(b"hhea") + 34) - 1
        return {
            code: self._short(metrics + 4 * min(glyph, last)) / units
            for code, glyph in self.glyphs.items()
        }

    def _table(self, name: bytes) -> int:
        for place in range(self._short(4)):
            tag, _, offset, _ = struct.unpack_from(">4sIII", self._font, 12 + 16 * place)
            if tag == name:
                return int(offset)
        raise ValueError(f"not a font: no table {name!r}")

    def _short(self, at: int) -> int:
        return int.from_bytes(self._font[at : at + 2], "big")

    def _runs(self, at: int) -> Iterator[tuple[int, int]]:
        """Format 4: ends, starts, deltas and offsets of as many runs."""
        doubled = self._short(at + 6)
        ends, starts = at + 14, at + 16 + doubled
        for step in range(0, doubled, 2):
            first, last = self._short(starts + step), self._short(ends + step)
            delta, where = (self._short(starts + doubled * n + step) for n in (1, 2))
            here = starts + doubled * 2 + step + where
            for code in range(first, last + 1):
                glyph = self._short(here + 2 * (code - first)) if where else code
                glyph = (glyph + delta) & 0xFFFF if glyph else 0
                if glyph and code != _STOPPER:
                    yield code, glyph
