"""Charts in lets-plot's grammar of graphics, drawn as SVG whose text stays text.

They are for print without colours: lightness, dashes and direct labels tell the parts apart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reports import fonts
from reports.charts.portable import portable
from reports.document import Chart, Picture


def svg(chart: Chart) -> str:
    """The chart drawn; nothing is fetched, and the same chart gives the same bytes."""
    return _drawn(chart.picture)


@lru_cache(maxsize=8)
def _drawn(picture: Picture) -> str:
    """One report is set in several forms, and each has the same charts."""
    return portable(picture.plot().to_svg())


def png(chart: Chart, dots: float) -> bytes:
    """The chart as a picture of ``dots`` to an inch, in the fonts of the PDF, drawn by Typst."""
    import typst

    compiled: Any = typst.compile  # its types do not know of several files in memory
    drawn: bytes = compiled(
        {"main.typ": _PICTURE, "chart.svg": svg(chart).encode()},
        font_paths=[str(fonts.FOLDER)],
        ignore_system_fonts=True,
        format="png",
        ppi=dots,
    )
    return drawn


#: a page as large as the picture on it
_PICTURE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("chart.svg")'
