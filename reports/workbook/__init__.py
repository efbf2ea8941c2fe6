"""The workbook (XLSX) that officers work through: a sheet each for what they ask."""

from __future__ import annotations

from reports.summary import Summary
from reports.workbook.book import written
from reports.workbook.contents import contents


def render(summary: Summary, lang: str) -> bytes:
    """The workbook's bytes; the same summary gives the same bytes."""
    return written(summary, lang, contents(summary, lang))
