"""Text files with a delimiter (.csv, .tsv, .txt): which encoding, which delimiter, which cells."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter
from pathlib import Path

from inventory.legacy_text import legacy_encoding
from inventory.sheets import limits
from inventory.sheets.cells import Sheet, Value
from inventory.sheets.problems import SheetUnreadable
from language.said import said

_DELIMITERS = ";,\t|"
_SAMPLE_ROWS = 50
_MOST_FIELD = 1 << 20  #: characters of one cell


def read_delimited(path: Path) -> list[Sheet]:
    """The one sheet of a text file, named as the file is.

    Raises:
        SheetUnreadable: its encoding is not known, a quote is not closed, or it is too large.
    """
    text = decoded(path, path.read_bytes())
    if "\0" in text:
        raise SheetUnreadable(said("{path}: is no text; save the sheet as “CSV UTF-8”", path=path))
    csv.field_size_limit(_MOST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[Value]] = []
    try:
        for record in reader:
            rows.append([cell if cell.strip() else None for cell in record])
            _check(path, rows)
    except csv.Error as fault:
        raise SheetUnreadable(
            said(
                "{path}:{line}: {fault}; a quotation mark may not be closed",
                path=path,
                line=reader.line_num,
                fault=fault,
            )
        ) from None
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    return [Sheet(path.stem, rows)]


def decoded(path: Path, raw: bytes) -> str:
    """The text in whichever of the encodings that Excel and its users write.

    UTF-8 or UTF-16 where it is that; else Windows-1258, the Vietnamese code page. Bytes of a font
    encoding (TCVN3, VNI) are left as Windows-1252 shows them, for the cells' readers to name.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decode(path, raw, encoding)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        western = raw.decode("cp1252", "replace")
        if legacy_encoding(western) is not None:
            return western
        return unicodedata.normalize("NFC", _decode(path, raw, "cp1258"))


def _decode(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise SheetUnreadable(
            said(
                "{path}:{line}: is written neither in UTF-8 nor in a Vietnamese "
                "encoding; save the sheet as “CSV UTF-8”",
                path=path,
                line=line,
            )
        ) from None


def _delimiter(text: str) -> str:
    """The delimiter by which the most rows have the same number of cells, more than one."""
    first = text.removeprefix("sep=")[:1]
    if text.startswith("sep=") and first in _DELIMITERS:
        return first

    def regular(delimiter: str) -> tuple[int, int]:
        sample = csv.reader(io.StringIO(text[: 1 << 16], newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(row) for row, _ in zip(sample, range(_SAMPLE_ROWS), strict=False))
        except csv.Error:
            return 0, 0
        several = [(times, width) for width, times in widths.items() if width > 1]
        return max(several, default=(0, 0))

    return max(_DELIMITERS, key=regular)


def _check(path: Path, rows: list[list[Value]]) -> None:
    if len(rows) > limits.MOST_ROWS or len(rows[-1]) > limits.MOST_COLUMNS:
        raise SheetUnreadable(
            said(
                "{path}: has more than {rows} rows or {columns} columns; save "
                "the list alone to a new file",
                path=path,
                rows=limits.MOST_ROWS,
                columns=limits.MOST_COLUMNS,
            )
        )
