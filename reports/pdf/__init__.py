"""The report on paper: the management report, and any document of blocks, as PDF."""

from __future__ import annotations

from reports import evidence, management
from reports.pdf import setting
from reports.pdf.setting import Place, places, set_document
from reports.signing.fields import with_fields
from reports.summary import Summary

__all__ = ["Place", "places", "render", "set_document"]


def render(summary: Summary, lang: str) -> bytes:
    """The management report in ``vi`` or ``en``, its figures attached, two fields to sign in."""
    document = management.document(summary, lang)
    known = setting.files(document, evidence.render(summary))
    made = setting.compiled(document, known)
    return with_fields(made, setting.places_in(document, known), lang)
