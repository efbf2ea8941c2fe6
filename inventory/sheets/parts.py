"""The parts of an .xlsx: which are worksheets, and their XML read without what it may declare.

Office Open XML: ECMA-376 part 2 (packages and relationships) and part 1, 18.2 (the workbook).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat
from zipfile import ZipFile

from language.said import SaidError, said

_PIECE = 1 << 16  #: bytes that are parsed at a time
_SHEET_DATA = b"sheetData"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"


class Odd(SaidError):
    """A part is not what a spreadsheet program writes, and may be made to harm the reader."""


def worksheets(archive: ZipFile) -> list[tuple[str, str]]:
    """The names of the worksheets and the parts that hold them, in the workbook's order."""
    book = _book(archive)
    targets: dict[str, str] = {}
    folder, name = posixpath.split(book)

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(
                posixpath.join("/" + folder, target)
            ).lstrip("/")

    sheets: list[tuple[str, str]] = []

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = attributes.get(f"{_RELATION} id") or attributes.get(f"{_STRICT_RELATION} id")
            sheets.append((attributes.get("name", ""), link or ""))

    _parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"), relation)
    _parse(archive, book, sheet)
    return [(name, targets[link]) for name, link in sheets if link in targets]


def _book(archive: ZipFile) -> str:
    found: list[str] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    _parse(archive, "_rels/.rels", relation)
    return found[0] if found else "xl/workbook.xml"


def is_sheet(archive: ZipFile, part: str) -> bool:
    """Whether a part is a worksheet, named by the workbook or not: the reader might take it."""
    end = b""
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            if _SHEET_DATA in end + piece:
                return True
            end = piece[-len(_SHEET_DATA) :]
    return False


def _parse(archive: ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    feed(archive, part, new_parser(lambda tag, attributes: start(local(tag), attributes)))


def new_parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    """A parser that refuses declarations: no entity can grow, and none can name a file."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_declared: object) -> NoReturn:
    raise Odd(said("it declares a document type, which Excel never does"))


def feed(archive: ZipFile, part: str, parser: expat.XMLParserType) -> None:
    """Parse one part piece by piece."""
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rpartition(" ")[2]
