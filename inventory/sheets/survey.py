"""A look at an .xlsx before it is read: its size, and the cells that hold an error.

Formula errors are taken from the parts themselves: python-calamine gives an empty text for them
(its issue 105), and an empty cell is something else. Office Open XML: ECMA-376 part 1, 18.3.1.4.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from inventory.sheets import limits
from inventory.sheets.cells import CellError, letters
from inventory.sheets.parts import Odd, feed, is_sheet, local, new_parser, worksheets
from inventory.sheets.problems import SheetUnreadable
from language.said import said

_SPARE = 100_000  #: shared strings that a part may announce beyond those that it holds
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


_DAMAGE = (
    *(BadZipFile, LookupError, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error),
    *(expat.ExpatError, Odd),
)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  #: how .xls and protected workbooks begin (MS-CFB 2.2)


@dataclass
class Surveyed:
    """One sheet: its last row and column that hold anything (-1: none), and its errors."""

    rows: int = 0
    columns: int = 0
    text: int = 0
    errors: dict[tuple[int, int], CellError] = field(default_factory=dict)


def survey(path: Path) -> dict[str, Surveyed]:
    """Every worksheet of a workbook by its name.

    Raises:
        SheetUnreadable: it is damaged, or larger than a register can be.
    """
    try:
        with ZipFile(path) as archive:
            _check_sizes(path, archive)
            lengths = _shared_lengths(archive)
            named = worksheets(archive)
            parts = {part: name for name, part in named}
            parts |= {
                one: one
                for one in archive.namelist()
                if one not in parts and is_sheet(archive, one)
            }
            found = {
                part: _sheet(path, archive, part, name, lengths) for part, name in parts.items()
            }
            return {name: found[part] for name, part in named}
    except _DAMAGE as fault:
        if _is_container(path):
            raise SheetUnreadable(
                said(
                    "{path}: is protected by a password, or an .xls under another name; "
                    "save a copy as .xlsx without a password",
                    path=path,
                )
            ) from None
        raise SheetUnreadable(
            said(
                "{path}: the workbook is damaged ({fault}); open it in Excel and save it anew",
                path=path,
                fault=fault,
            )
        ) from None


def _is_container(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE


def _check_sizes(path: Path, archive: ZipFile) -> None:
    parts = archive.infolist()
    if len({part.filename.casefold() for part in parts}) < len(parts):
        raise Odd(said("two of its parts have one name"))
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > limits.SMALL
        and part.file_size > limits.MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if total > limits.MOST_UNPACKED or swollen or len(parts) > limits.MOST_PARTS:
        raise SheetUnreadable(
            said(
                "{path}: unpacks to {total} MiB in {parts} parts, which no register "
                "does; save only the sheets that are needed to a new file",
                path=path,
                total=total >> 20,
                parts=len(parts),
            )
        )


def _sheet(path: Path, archive: ZipFile, part: str, name: str, lengths: Sequence[int]) -> Surveyed:
    known = _Cells()
    parser = new_parser(known.start)
    parser.EndElementHandler = known.end
    parser.CharacterDataHandler = known.characters
    try:
        feed(archive, part, parser)
    except _TooLarge:
        raise SheetUnreadable(
            said(
                "{path}: sheet “{name}” holds something in {where}, beyond {rows} "
                "rows and {columns} columns; delete what stands out there, or save "
                "the list alone to a new file",
                path=path,
                name=name,
                where=known.where(),
                rows=limits.MOST_ROWS,
                columns=limits.MOST_COLUMNS,
            )
        ) from None
    known.found.text += sum(
        times * lengths[place] for place, times in known.shared.items() if place < len(lengths)
    )
    return known.found


class _TooLarge(Exception):
    """A cell lies where no register has one."""


class _Cells:
    """Reads the cells of one worksheet part."""

    def __init__(self) -> None:
        self.found = Surveyed()
        self.shared: dict[int, int] = {}
        self._row, self._column, self._type = -1, -1, ""
        self._value, self._filled, self._inside = "", False, False

    def where(self) -> str:
        return f"{letters(self._column)}{self._row + 1}"

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = local(tag)
        if tag == "c":
            self._begin(attributes)
        elif tag == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif tag in {"v", "t", "f"}:
            self._filled = True
            self._inside = tag != "f"

    def _begin(self, attributes: dict[str, str]) -> None:
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        if place is None:
            self._column += 1
        else:
            self._row, self._column = int(place[2]) - 1, _column(place[1])
        self._type, self._value, self._filled = attributes.get("t", "n"), "", False

    def characters(self, text: str) -> None:
        if self._inside:
            self._value += text

    def end(self, tag: str) -> None:
        tag = local(tag)
        if tag in {"v", "t"}:
            self._inside = False
        elif tag == "c" and self._filled:
            self._keep()

    def _keep(self) -> None:
        found = self.found
        if self._row >= limits.MOST_ROWS or self._column >= limits.MOST_COLUMNS:
            raise _TooLarge
        found.rows = max(found.rows, self._row + 1)
        found.columns = max(found.columns, self._column + 1)
        if self._type == "e":
            found.errors[self._row, self._column] = CellError(self._value or "#ERROR!")
        elif self._type == "s" and self._value.isdecimal():
            place = int(self._value)
            self.shared[place] = self.shared.get(place, 0) + 1
        else:
            found.text += len(self._value)


def _shared_lengths(archive: ZipFile) -> list[int]:
    """The length of each shared string, in characters.

    The reader makes room for as many as the part says that it has, so it must not say too many.
    """
    lengths: list[int] = []
    told = [0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "si":
            lengths.append(0)
        elif local(tag) == "sst":
            told.append(int(attributes.get("uniqueCount", 0)))

    def characters(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    for part in archive.namelist():
        if posixpath.basename(part).casefold() == "sharedstrings.xml":
            parser = new_parser(start)
            parser.CharacterDataHandler = characters
            feed(archive, part, parser)
    if max(told) > len(lengths) + _SPARE:
        raise Odd(said("a part says that it has more texts than it holds"))
    return lengths


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
