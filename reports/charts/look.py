"""How every chart looks: sizes in pixels of SVG, black text, no frame, no grid."""

from __future__ import annotations

from typing import Any

from reports import fonts
from reports.charts.portable import MEASURED
from reports.letters import visible

PIXELS = 96 / 25.4  #: a millimetre in the pixels of SVG
LABEL = 13  #: pixels: of labels, names and the legend
NUMBER = 12  #: pixels: of numbers within the drawing
LIMIT = 300  #: pixels of a label; a longer one is cut short
_UNIT = 2  #: pixels in lets-plot's unit of a text's size within the drawing


def letters(**more: Any) -> Any:
    """Text beside the drawing."""
    from lets_plot import element_text

    return element_text(size=LABEL, color="black", family=MEASURED, **more)


def written(pixels: float) -> dict[str, Any]:
    """Text within the drawing: for ``geom_text``."""
    return {"size": pixels / _UNIT, "family": MEASURED}


def bare(**more: Any) -> Any:
    """No background, no title, no grid: the rest is given."""
    import lets_plot as lp

    blank = dict.fromkeys(
        ("plot_background", "legend_background", "legend_title"), lp.element_blank()
    )
    return lp.theme_void() + lp.theme(plot_margin=2, **blank, **more)


def wide(text: str) -> float:
    """Pixels that a label takes at most."""
    return fonts.width(text) * LABEL


def label(text: str) -> str:
    """A text as a label: what cannot be seen is shown, and what is too long ends in ``…``."""
    shown = visible(text)
    if wide(shown) <= LIMIT:
        return shown
    while wide(f"{shown}…") > LIMIT:
        shown = shown[:-1]
    return f"{shown}…"
