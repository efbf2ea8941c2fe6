"""Which lines below a header are machines, and which are totals, headings or signatures.

No line is passed over in silence: what is no machine is told with its reason, and what cannot be
told apart is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from inventory.folding import folded
from inventory.register.header import Grid, Header
from inventory.register.values.texts import NOTHING
from inventory.sheets import Value

_ROMAN = re.compile(r"(?=[ivxl])(?:x[lc]|l?x{0,3})(?:i[xv]|v?i{0,3})[.)]?")
_LETTER = re.compile(r"[a-z][.)]?")
_TOTAL = re.compile(
    r"(?:tong (?:cong|so)|grand total)\b.*|(?:tong|cong|total|sum)(?:\s*[:=(.\d].*)?"
)
_NUMBER = re.compile(r"[(\[]?\d{1,2}(?:=.*)?[)\]]?|[(\[]?[a-z][)\]]?")
_SIGNATURE = re.compile(
    r"^(?:nguoi lap|nguoi ky|nguoi kiem|nguoi giao|nguoi nhan|nguoi tong hop|thu truong|ke toan"
    r"|can bo phu trach|lanh dao|truong phong|chu tich|pho chu tich|giam doc|tm\.? |kt\.? |tl\.? "
    r"|prepared by|approved by|signature|noi nhan|xac nhan cua)|\(?ky,? (?:va )?ghi ro|ky,? ho ten"
    r"|ky ten|\bngay\b.*\bthang\b.*\bnam\b(?:$|\s*[\d.…]*$)"
)
_DIGIT = re.compile(r"\d")
_WIDE = 3  #: columns: text merged over so many is a heading, not a machine's
_FEW = 3  #: filled cells: below a signature, a line with fewer is part of it
_HEADS_AGAIN = 2
_NUMBERS = frozenset({"tag", "serial", "macs"})  #: a line with one of these is a machine


class Kind(StrEnum):
    """What a line below the header is."""

    ROW = "row"
    BLANK = "blank"
    NUMBERS = "numbers"  #: (1) (2) (3), or A B C 1 2, below the header
    NUMBERED_ONLY = "numbered_only"  #: an ordinal, and nothing else
    HEADER_AGAIN = "header_again"
    TOTAL = "total"
    SECTION = "section"
    SIGNATURE = "signature"
    UNCLEAR = "unclear"


class Lines:
    """Tells the lines of one table apart, from top to bottom."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid, self.header = grid, header
        self.signed = False  #: whether a signature was met: what follows belongs to it
        self._ordinal = {one.index for one in header.of("ordinal")}
        self._numbers = {one.index for one in header.columns if one.field in _NUMBERS}
        self._unit = {one.index for one in header.of("unit")}
        self._known = {one.index for one in header.columns if one.field} - self._ordinal
        self._heads = {
            one.index: {folded(line) for line in one.head.split(" / ")}
            for one in header.columns
            if one.head
        }

    def kind(self, row: int) -> Kind:
        """What one line is; call it for every line in order."""
        cells = {
            column: value
            for column, value in enumerate(self.grid.sheet.rows[row])
            if value is not None
        }
        if not cells:
            return Kind.BLANK
        if row == self.header.end and self._is_numbers(cells):
            return Kind.NUMBERS
        if self._repeats_header(cells):
            return Kind.HEADER_AGAIN
        if not self._is_numbered(cells) and (kind := self._apart(row, cells)):
            return kind
        if set(cells) <= self._ordinal:
            return Kind.NUMBERED_ONLY
        return Kind.ROW

    def _apart(self, row: int, cells: Mapping[int, Value]) -> Kind | None:
        """A line without an ordinal that is no machine."""
        texts = {column: folded(value) for column, value in cells.items() if isinstance(value, str)}
        totals = {column for column in list(texts)[:2] if _TOTAL.fullmatch(texts[column])}
        if totals and not set(cells) & self._numbers - totals:
            return Kind.TOTAL
        if len(cells) <= _FEW and any(_SIGNATURE.search(text) for text in texts.values()):
            self.signed = True
            return Kind.SIGNATURE
        if self.signed and len(set(cells) & self._known) < _FEW:
            return Kind.SIGNATURE
        return self._heading(row, cells)

    def _heading(self, row: int, cells: Mapping[int, Value]) -> Kind | None:
        texts = [column for column, value in cells.items() if isinstance(value, str)]
        marked = [column for column in texts if column in self._ordinal]
        rest = [column for column in texts if column not in marked] or marked
        if len(rest) != 1:
            return None
        [column] = rest
        merged = self.grid.merged(row, column)
        if merged is not None and merged.right - merged.left + 1 >= _WIDE:
            return Kind.SECTION
        if marked and _is_outline(self.grid.sheet.rows[row][marked[0]]):
            return Kind.SECTION
        if len(cells) > 1 or (column in self._numbers and _DIGIT.search(str(cells[column]))):
            return None
        return Kind.UNCLEAR if column in self._known - self._unit else Kind.SECTION

    def _is_numbered(self, cells: Mapping[int, Value]) -> bool:
        return any(_is_ordinal(cells.get(column)) for column in self._ordinal)

    def _is_numbers(self, cells: Mapping[int, Value]) -> bool:
        texts = [folded(str(value)) for value in cells.values()]
        numbered = [text for text in texts if _NUMBER.fullmatch(text)]
        return len(texts) >= _FEW and len(numbered) == len(texts)

    def _repeats_header(self, cells: Mapping[int, Value]) -> bool:
        same = [
            column
            for column, value in cells.items()
            if isinstance(value, str) and folded(value) in self._heads.get(column, ())
        ]
        return len(same) >= _HEADS_AGAIN and len(same) * 2 > len(cells)


def section_text(grid: Grid, header: Header, row: int) -> str:
    """What a heading says, without its number."""
    ordinal = {one.index for one in header.of("ordinal")}
    texts = [
        value
        for column, value in enumerate(grid.sheet.rows[row])
        if isinstance(value, str) and not (column in ordinal and _is_outline(value))
    ]
    plain = " ".join(" ".join(texts).split())
    return re.sub(r"^(?:[IVXLivxl]+|[A-Z]|\d{1,2})[.)/]\s*", "", plain)


def _is_ordinal(value: Value) -> bool:
    if isinstance(value, str):
        return value.strip().rstrip(".)").isdecimal()
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_outline(value: Value) -> bool:
    """``I``, ``II.``, ``A``: the number of a heading."""
    text = folded(value) if isinstance(value, str) else ""
    if not text or text in NOTHING - {"x"}:
        return False
    return bool(_ROMAN.fullmatch(text) or _LETTER.fullmatch(text))
