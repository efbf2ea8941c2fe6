"""PDF read back by programs that did not write it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"


def run(*command: str) -> str:
    """What a program of poppler or qpdf prints."""
    made = subprocess.run(command, check=True, capture_output=True).stdout
    return made.decode(errors="replace")


def text(file: Path, *options: str) -> str:
    return run("pdftotext", *options, str(file), "-")


def dense(text: str) -> str:
    """Without spaces and line ends: cells break their texts."""
    return re.sub(r"\s+", "", text)


def cells(file: Path) -> list[str]:
    """The data cells of every table, in the order of the structure tree."""
    found: list[str] = []
    inside = False
    for line in run("pdfinfo", "-struct-text", str(file)).splitlines():
        bare = line.strip()
        if bare.startswith('"'):
            if inside:
                found[-1] += bare[1:-1]
        elif re.match(r"T[DRH]\b|Table\b|P\b|H\d\b|Div\b", bare):
            inside = bare.startswith("TD")
            found += [""] * inside
    return found


def boxes(file: Path):
    """Page by page: its width and height, and the corners and text of each word."""
    raw = run("pdftotext", "-bbox", str(file), "-")
    for page in ET.fromstring(raw).iter(f"{XHTML}page"):  # noqa: S314 - poppler's own output
        size = float(page.get("width", 0)), float(page.get("height", 0))
        words = [
            (*(float(word.get(name, 0)) for name in ("xMin", "yMin", "xMax", "yMax")), word.text)
            for word in page.iter(f"{XHTML}word")
        ]
        yield size, words
