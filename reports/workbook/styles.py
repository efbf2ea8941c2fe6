"""How cells look: formats by name, and the marks that also read in black and white."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

FONT = "Times New Roman"
_DAY = {"vi": "dd/mm/yyyy", "en": "yyyy-mm-dd"}
WRAPPED = frozenset({"wrap", "mark"})  #: styles that break lines
_CELL = {"valign": "top", "border": 1, "border_color": "#BFBFBF"}
_FIGURE = _CELL | {"align": "right"}


def _looks(lang: str) -> dict[str, dict[str, Any]]:
    """Every format by its name."""
    return {
        "text": _CELL,
        "wrap": _CELL | {"text_wrap": True},
        "code": _CELL | {"font_name": "Liberation Mono", "font_size": 9},
        "mark": _CELL | {"align": "center", "text_wrap": True},
        "number": _FIGURE | {"num_format": "#,##0"},
        "size": _FIGURE | {"num_format": "#,##0.0"},
        "share": _FIGURE | {"num_format": "0.0 %"},
        "day": _FIGURE | {"num_format": _DAY[lang]},
        "moment": _FIGURE | {"num_format": _DAY[lang] + " hh:mm"},
        "link": _CELL | {"font_color": "#0B3D91", "underline": 1},
        "title": {"bold": True, "font_size": 15},
        "note": {"text_wrap": True, "valign": "top", "italic": True},
        "caption": {"bold": True, "font_size": 12},
        "back": {"font_color": "#0B3D91", "underline": 1},
        "simulated": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#7A0000"},
        "head": _CELL
        | {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#D9E2F3"},
    }


#: tone → how a cell with such a word looks: dark with bold letters, striped, underlined
_TONES: dict[str, dict[str, Any]] = {
    "bad": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#9C1C1C"},
    "open": {"italic": True, "bg_color": "#FFFFFF", "fg_color": "#B8860B", "pattern": 17},
    "soon": {"bold": True, "underline": 1, "bg_color": "#FFE699"},
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook, lang: str) -> None:
        self._formats = {
            name: book.add_format({"font_name": FONT, "font_size": 11} | look)
            for name, look in _looks(lang).items()
        }
        self.tones: dict[str, Format] = {
            tone: book.add_format(look) for tone, look in _TONES.items()
        }

    def __getitem__(self, name: str) -> Format:
        return self._formats[name]
