"""A small report on paper with its two empty fields, and what a data folder knows of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import typst

from inventory.issued import Issued
from reports.fonts import FOLDER
from reports.signing.fields import with_fields

TEXT = """
#set document(title: "Báo cáo rà soát", date: datetime(year: 2026, month: 11, day: 29))
#set page(width: 210mm, height: 297mm)
#set text(font: "Liberation Serif", lang: "vi")
#pdf.attach("rasoat-figures.json", read("figures", encoding: none), relationship: "data",
  mime-type: "application/json", description: "Số liệu")
= Báo cáo
Tường lửa bật: 541 trên 568 máy.
#pagebreak()
= Phụ lục
Máy thứ nhất.
"""


@dataclass(frozen=True)
class Place:
    """As `reports.pdf.places` gives them."""

    name: str
    page: int = 1
    left: float = 300
    bottom: float = 300
    right: float = 426
    top: float = 376


PLACES = (Place("person", left=300, right=426), Place("agency", left=165, right=291))


def figures(report: str) -> bytes:
    """What is attached to a report of this id."""
    digest = hashlib.sha256(report.encode()).hexdigest()
    return json.dumps({"report": report, "figures_sha256": digest, "devices": []}).encode()


@cache
def blank(report: str = "office-baseline-20261129T010000Z", extra: str = "") -> bytes:
    """The report as Typst makes it."""
    files = {"main.typ": (TEXT + extra).encode(), "figures": figures(report)}
    compiled: Any = typst.compile
    made: bytes = compiled(
        files,
        font_paths=[str(FOLDER)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],
        timestamp=0,
    )
    return made


@cache
def empty(report: str = "office-baseline-20261129T010000Z", extra: str = "") -> bytes:
    """The report with its two empty fields: what is issued."""
    return with_fields(blank(report, extra), PLACES)


def issue(pdf: bytes, report: str = "office-baseline-20261129T010000Z") -> Issued:
    """What a data folder notes when it issues this file."""
    return Issued(
        sha256=hashlib.sha256(pdf).hexdigest(),
        length=len(pdf),
        report=report,
        figures=hashlib.sha256(report.encode()).hexdigest(),
        policy="office-baseline",
        lang="vi",
        format="pdf",
        file="office-baseline-vi.pdf",
        made_at="2026-11-29T01:00:00Z",
    )


@dataclass
class Folder:
    """What a data folder would know; `inventory.issued` does the same over its table."""

    files: list[Issued] = field(default_factory=list)

    def by_prefix(self, pdf: bytes) -> Issued | None:
        for one in self.files:
            if hashlib.sha256(pdf[: one.length]).hexdigest() == one.sha256:
                return one
        return None

    def by_figures(self, digest: str) -> Issued | None:
        return next((one for one in self.files if one.figures == digest), None)
