"""Charts as pictures, with what they show in words for those who cannot see them."""

from __future__ import annotations

import io
from typing import Any

from docx.shared import Mm

from reports import charts
from reports.document import Chart
from reports.letters import visible

DOTS = 220  #: to an inch; an office printer shows no more of grey bars


def picture(made: Any, one: Chart, width: float, name: str) -> None:
    """Add the chart as a paragraph, at most ``width`` millimetres wide."""
    paragraph = made.add_paragraph(style="Chart")
    shape = paragraph.add_run().add_picture(io.BytesIO(charts.png(one, DOTS)))
    natural = shape.width / Mm(1)
    if natural > width:
        shape.height = round(shape.height * width / natural)
        shape.width = Mm(width)
    about = shape._inline.docPr  # noqa: SLF001 - the library has no door to the words beside a picture
    about.set("name", name)
    about.set("descr", visible(one.alternative))
