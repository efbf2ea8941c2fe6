"""The report as a Word file: the management report, and any document of blocks."""

from __future__ import annotations

from reports import management
from reports.docx.setting import set_document
from reports.summary import Summary

__all__ = ["render", "set_document"]


def render(summary: Summary, lang: str) -> bytes:
    """The management report in ``vi`` or ``en``."""
    return set_document(management.document(summary, lang))
