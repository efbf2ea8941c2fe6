"""Charts in Vega-Lite's grammar and, drawn by vl-convert, as SVG whose text stays text.

They are for print without colours: lightness, dashes and direct labels tell the parts apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import msgspec

from language.forms import MARKS
from reports import fonts
from reports.document import Chart

VERSION = "5.21"  #: of Vega-Lite: a chart must not change because a library has a newer one
PIXELS = 96 / 25.4  #: a millimetre in the pixels of SVG
LABEL = 13  #: pixels, the size of an axis's labels
LIMIT = 300  #: pixels of a label; a longer one is cut short
#: of every chart, below what its own specification says
LOOK: dict[str, Any] = {
    "font": fonts.FAMILY,
    "background": None,
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": LABEL,
        "titleFontSize": 13,
        "labelColor": "black",
        "titleColor": "black",
        "grid": False,
        "labelLimit": LIMIT,
    },
    "legend": {
        "labelFontSize": 13,
        "labelColor": "black",
        "orient": "top",
        "title": None,
        "symbolSize": 160,
        "symbolStrokeWidth": 1,
    },
    "text": {"fontSize": 12},
}


def spoken(lang: str) -> dict[str, Any]:
    """How numbers are written in a chart: for the ``config`` of its specification."""
    decimal, thousands = MARKS[lang]
    marks = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    return {"locale": {"number": marks}}


def limit(labels: Iterable[str]) -> int:
    """How long an axis's labels may be; 0: any length, as all of these are sure to fit.

    To see whether it cuts them, the library measures each several times: half of a chart's time.
    """
    widest = max(map(fonts.width, labels), default=0.0) * LABEL
    return 0 if widest < LIMIT * _SURE else LIMIT


_SURE = 0.9  #: of the limit: the library may measure in a system's font


def svg(chart: Chart) -> str:
    """The chart drawn; nothing is fetched, and the same chart gives the same bytes."""
    return _drawn(msgspec.json.encode(chart.specification))


@lru_cache(maxsize=8)
def _drawn(specification: bytes) -> str:
    """One report is set in several forms, and each has the same charts.

    The library is given no text: it would round the last digit of a number in it.
    """
    drawn: str = _library().vegalite_to_svg(
        msgspec.json.decode(specification), vl_version=VERSION, config=LOOK, allowed_base_urls=[]
    )
    return drawn


def png(chart: Chart, dots: float) -> bytes:
    """The chart as a picture of ``dots`` to an inch, in the fonts of the PDF.

    Typst draws it: vl-convert would take a system's older Liberation Serif before ours, which has
    no Vietnamese letters, and fall back to another face.
    """
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


@cache
def _library() -> Any:
    """Loaded when a chart is drawn: starting its engine takes most of a second."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts.FOLDER))
    return vl_convert
