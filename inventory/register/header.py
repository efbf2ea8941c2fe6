"""Finding the header of a table among title lines, and which column says what.

A header may take up to three lines, with merged cells over several columns (``Địa chỉ`` over
``IP`` and ``MAC``) or lines (``STT``), or say the same in two languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inventory.folding import folded
from inventory.legacy_text import as_read, legacy_encoding
from inventory.register.fields import IDENTITY, LEAST, SEVERAL, fields_of
from inventory.register.values.addresses import looks_like_addresses
from inventory.register.values.macs import looks_like_macs
from inventory.sheets import Merged, Sheet, Value, letters

_LAST_ROW = 60  #: titles above a header end before
_LINES = 3
_FEWEST = 2  #: columns that must be known, one of them an identity
_PLAIN = 0.85  #: a line that names two columns this surely is a header by itself
_SAMPLE = 50  #: rows below the header whose content is looked at
_SHARE = 0.6  #: of these that must look like addresses to name a column without a head
_BY_CONTENT = 0.6
CHOSEN = 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head as it stands there, and what it was taken for (None: nothing)."""

    index: int
    head: str
    field: str | None
    sure: float
    why: str = "head"  #: head, content, or chosen by --map

    @property
    def letter(self) -> str:
        """Its letters in Excel."""
        return letters(self.index)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a header stands (rows from 0, the last one not included), and its columns."""

    first: int
    end: int
    columns: tuple[Column, ...]
    legacy: str | None = None  #: the encoding of years before Unicode that it is written in

    def of(self, name: str) -> list[Column]:
        """The columns of a field."""
        return [one for one in self.columns if one.field == name]


@dataclass(slots=True)
class Grid:
    """A sheet with its merged cells at hand."""

    sheet: Sheet
    _covering: dict[tuple[int, int], Merged] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for merged in self.sheet.merged:
            bottom = min(merged.bottom, len(self.sheet.rows) - 1)
            right = min(merged.right, len(self.sheet.rows[0]) - 1 if self.sheet.rows else -1)
            for row in range(merged.top, bottom + 1):
                for column in range(merged.left, right + 1):
                    self._covering[row, column] = merged

    def merged(self, row: int, column: int) -> Merged | None:
        """The merged range that covers a cell."""
        return self._covering.get((row, column))

    def shown(self, row: int, column: int) -> Value:
        """What a person sees there: a merged range's value in each of its cells."""
        merged = self._covering.get((row, column))
        if merged is not None:
            row, column = merged.top, merged.left
        return self.sheet.rows[row][column]


def find_header(grid: Grid, chosen: Mapping[str, str] | None = None) -> Header | None:
    """The best header in the first lines of a sheet, or None.

    ``chosen``: what a person said of columns, by letter or by head (`chosen_columns`).
    """
    best: tuple[float, int, int] | None = None
    for first in range(min(_LAST_ROW, len(grid.sheet.rows))):
        if not _may_begin(grid, first):
            continue
        end = _end(grid, first)
        score = _score(_guess(grid, first, end)) + (0.01 if end - first == 1 else 0.0)
        if score and (best is None or score > best[0] + 0.5):
            best = (score, first, end)
    if best is None:
        return _by_letters(grid, chosen or {})
    return _header(grid, best[1], best[2], chosen or {})


def heads(grid: Grid, first: int, end: int, column: int) -> list[str]:
    """The lines of one column's head, each once, read as Unicode where they are not."""
    lines: list[str] = []
    for row in range(first, end):
        value = grid.shown(row, column)
        text = " ".join(value.split()) if isinstance(value, str) else ""
        if text and text not in lines:
            lines.append(text)
    return lines


def _header(grid: Grid, first: int, end: int, chosen: Mapping[str, str]) -> Header:
    columns = _assigned(grid, first, end, _guess(grid, first, end))
    texts = [text for column in columns for text in [column.head] if text]
    legacy = next((name for text in texts if (name := legacy_encoding(text))), None)
    return Header(first, end, chosen_columns(columns, chosen), legacy)


def _by_letters(grid: Grid, chosen: Mapping[str, str]) -> Header | None:
    """No head is known, and a person named columns by letter: everything is a row."""
    width = len(grid.sheet.rows[0]) if grid.sheet.rows else 0
    columns = tuple(Column(index, "", None, 0.0) for index in range(width))
    named = chosen_columns(columns, chosen)
    return Header(0, 0, named) if any(one.field for one in named) else None


def chosen_columns(columns: Sequence[Column], chosen: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns with a person's choice, which takes its field from any other column."""
    picked = {one.index: name for one in columns for key, name in chosen.items() if _is(one, key)}
    taken = set(picked.values()) - SEVERAL
    made = []
    for one in columns:
        if one.index in picked:
            made.append(Column(one.index, one.head, picked[one.index], CHOSEN, "chosen"))
        elif one.field in taken:
            made.append(Column(one.index, one.head, None, 0.0))
        else:
            made.append(one)
    return tuple(made)


def unknown_choices(columns: Sequence[Column], chosen: Mapping[str, str]) -> list[str]:
    """Choices that name no column."""
    return [key for key in chosen if not any(_is(one, key) for one in columns)]


def _is(column: Column, key: str) -> bool:
    if len(key) <= 2 and key.isascii() and key.isalpha() and key.upper() == column.letter:  # noqa: PLR2004
        return True
    return bool(column.head) and folded(key) == folded(column.head)


def _may_begin(grid: Grid, row: int) -> bool:
    """A title over the whole width begins no header, however many lines name columns below it."""
    texts = {cell for cell in grid.sheet.rows[row] if isinstance(cell, str)}
    return len(texts) >= _FEWEST and any(_guess(grid, row, row + 1))


def _end(grid: Grid, first: int) -> int:
    """One past the last line of a header that begins here."""
    end, row = first + 1, first
    while row < end:
        for column in range(len(grid.sheet.rows[row])):
            merged = grid.merged(row, column)
            if merged is not None and merged.bottom < first + _LINES and _said(grid, row, column):
                end = max(end, min(merged.bottom + 1, len(grid.sheet.rows)))
        row += 1
    while end < min(first + _LINES, len(grid.sheet.rows)) and _names_columns(grid, end):
        end += 1
    return end


def _said(grid: Grid, row: int, column: int) -> bool:
    return grid.shown(row, column) is not None


def _names_columns(grid: Grid, row: int) -> bool:
    """Whether a line is itself a header: a second language, or the lower line of two."""
    guessed = _guess(grid, row, row + 1)
    return sum(max(one.values(), default=0.0) >= _PLAIN for one in guessed) >= _FEWEST


def _guess(grid: Grid, first: int, end: int) -> list[dict[str, float]]:
    width = len(grid.sheet.rows[first])
    return [fields_of(_unicode(heads(grid, first, end, column))) for column in range(width)]


def _unicode(lines: list[str]) -> list[str]:
    return [as_read(line, name) if (name := legacy_encoding(line)) else line for line in lines]


def _score(guessed: list[dict[str, float]]) -> float:
    """How much of a header this is; 0 where too little is known to be one."""
    best: dict[str, float] = {}
    for one in guessed:
        for name, sure in one.items():
            best[name] = max(best.get(name, 0.0), sure)
    if len(best) < _FEWEST or not IDENTITY & set(best):
        return 0.0
    return sum(max(one.values(), default=0.0) for one in guessed)


def _assigned(
    grid: Grid, first: int, end: int, guessed: list[dict[str, float]]
) -> tuple[Column, ...]:
    """Each column its surest field that no surer column has."""
    ranked = sorted(
        ((sure, -column, name) for column, one in enumerate(guessed) for name, sure in one.items()),
        reverse=True,
    )
    given: dict[int, tuple[str, float]] = {}
    taken: set[str] = set()
    for sure, place, name in ranked:
        if -place not in given and (name not in taken or name in SEVERAL or name == "ignore"):
            given[-place] = (name, sure)
            taken.add(name)
    columns = []
    for index in range(len(guessed)):
        head = " / ".join(heads(grid, first, end, index))
        found = given.get(index)
        column = Column(index, head, *(found or (None, 0.0)))
        columns.append(_by_content(grid, end, column))
    return tuple(columns)


def _by_content(grid: Grid, end: int, column: Column) -> Column:
    """A column without a known head whose cells are addresses; a doubt where they are not."""
    rows = grid.sheet.rows[end : end + _SAMPLE]
    cells = [row[column.index] for row in rows if row[column.index] is not None]
    for name, looks in (("macs", looks_like_macs), ("addresses", looks_like_addresses)):
        share = sum(map(looks, cells)) / len(cells) if cells else 0.0
        if column.field is None and share >= _SHARE:
            return Column(column.index, column.head, name, _BY_CONTENT, "content")
        if column.field == name and cells and share < 1 - _SHARE:
            return Column(column.index, column.head, name, max(LEAST, column.sure / 2), "doubtful")
    return column
