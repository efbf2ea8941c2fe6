"""The faces of a report by the name of their format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports import delimited, html, plain
from reports.summary import Summary

FACES: dict[str, Callable[[Summary, str], str]] = {
    "html": html.render,
    "csv": delimited.render,
    "json": plain.render,
}


def render(summary: Summary, face: str, lang: str) -> bytes:
    """One face as UTF-8; a lone surrogate, which no encoding has, becomes a question mark."""
    return FACES[face](summary, lang).encode("utf-8", "replace")


def write(summary: Summary, face: str, lang: str, target: Path) -> None:
    """Write one face to ``target``, whole or not at all.

    Raises:
        OSError: the folder cannot be written to.
    """
    made = render(summary, face, lang)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(made)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
