"""The report as a Word file: any document of blocks, in the form of Decree 30/2020."""

from __future__ import annotations

from reports.docx.setting import set_document

__all__ = ["set_document"]
