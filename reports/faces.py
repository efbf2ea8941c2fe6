"""The faces of a report by the name of their format; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from reports.summary import Summary

#: format → the module whose ``render(summary, lang)`` gives the file's text or bytes
FACES = {
    "html": "reports.html",
    "xlsx": "reports.workbook",
    "csv": "reports.delimited",
    "csv-plain": "reports.plain_csv",
    "ndjson": "reports.lines",
    "json": "reports.plain",
    "oscal": "reports.oscal",
    "pdf": "reports.pdf",
    "docx": "reports.docx",
}

#: format → what the name of its file ends with
SUFFIXES = {
    face: {"csv-plain": "plain.csv", "oscal": "oscal.json"}.get(face, face) for face in FACES
}


def in_order(faces: Iterable[str]) -> list[str]:
    """Each once, in the order in which making them takes the least memory.

    PDF is the last: what Typst remembers of a long document stays until the process ends.
    """
    return sorted(dict.fromkeys(faces), key=lambda face: face == "pdf")


def render(summary: Summary, face: str, lang: str) -> bytes:
    """One face; a lone surrogate, which no encoding has, becomes a question mark."""
    made: str | bytes = import_module(FACES[face]).render(summary, lang)
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")


def write(summary: Summary, face: str, lang: str, target: Path) -> None:
    """Write one face to ``target``, whole or not at all.

    Raises:
        OSError: the folder cannot be written to.
    """
    put(target, render(summary, face, lang))


def put(target: Path, made: bytes) -> None:
    """Write a file whole or not at all, and the folder that it lies in.

    Raises:
        OSError: the folder cannot be written to.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(made)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
