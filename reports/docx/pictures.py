"""Charts as pictures, with what they show in words for those who cannot see them."""

from __future__ import annotations

import io
from typing import Any

from docx.image.image import Image
from docx.shared import Inches, Mm

from reports import charts
from reports.document import Chart
from reports.letters import visible

DOTS = 220  #: to an inch; an office printer shows no more of grey bars


def picture(made: Any, one: Chart, width: float, name: str) -> None:
    """Add the chart as a paragraph, at most ``width`` millimetres wide."""
    drawn = charts.png(one, DOTS)
    natural = Inches(Image.from_blob(drawn).px_width / DOTS)
    run = made.add_paragraph(style="Chart").add_run()
    shape = run.add_picture(io.BytesIO(drawn), width=min(natural, Mm(width)))
    about = shape._inline.docPr  # noqa: SLF001 - the library has no door to a picture's words
    about.set("name", name)
    about.set("descr", visible(one.alternative))
