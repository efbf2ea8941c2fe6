"""Tables: the head repeated on every page, rows that stay whole, rows cloned from one pattern.

python-docx's own `add_row` looks the whole table over for each row: over ten times as slow.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.oxml.ns import qn

from reports.document import Table
from reports.docx.elements import TWIPS, element, line, paragraph, run
from reports.letters import visible
from reports.widths import widths as column_widths

SHADES = {"bad": "E4E4E4", "open": "F4F4F4"}  #: of a row's background; they print in grey
SIZE, NARROW = 10.5, 9.0  #: points, as template/styles.xml has them
TALL = 900  #: letters in a cell from which its row may go over the end of a page
_SIDE, _ABOVE, _ABOVE_NARROW = 60, 70, 50  #: twips around the text of a cell
_PART = qn("w:t")


def table(one: Table, width: float, *, narrow: bool) -> Any:
    """The table, ``width`` millimetres wide; ``narrow``: in the smaller letters of an annex."""
    kind = "Narrow" if narrow else "Table"
    size = NARROW if narrow else SIZE
    widths = [share * TWIPS for share in column_widths(one.columns, width, size)]
    grid = element("w:tblGrid", *(element("w:gridCol", w=w) for w in widths))
    made = element("w:tbl", _about(one, sum(widths), narrow=narrow), grid)
    made.append(_head(one, widths, f"{kind}Head"))
    pattern = _pattern(one, widths, kind)
    shaded = {mark: _shaded(pattern, shade) for mark, shade in SHADES.items()}
    marks = one.marks or ("",) * len(one.rows)
    for cells, mark in zip(one.rows, marks, strict=True):
        made.append(_row(shaded.get(mark, pattern), cells))
    return made


def _about(one: Table, width: float, *, narrow: bool) -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = (element(f"w:{side}", val="single", sz=4, space=0, color="000000") for side in sides)
    high = _ABOVE_NARROW if narrow else _ABOVE
    room = {"top": high, "left": _SIDE, "bottom": high, "right": _SIDE}
    return element(
        "w:tblPr",
        element("w:tblW", w=width, type="dxa"),
        element("w:tblBorders", *lines),
        element("w:tblLayout", type="fixed"),
        element("w:tblCellMar", *(element(f"w:{k}", w=v, type="dxa") for k, v in room.items())),
        element("w:tblLook", val="0020", firstRow="1", noHBand="1", noVBand="1"),
        element("w:tblCaption", val=visible(one.caption)),
    )


def _head(one: Table, widths: list[float], style: str) -> Any:
    about = element("w:trPr", element("w:cantSplit"), element("w:tblHeader"))
    cells = (
        element(
            "w:tc",
            element(
                "w:tcPr",
                element("w:tcW", w=width, type="dxa"),
                element("w:vAlign", val="center"),
            ),
            line(style, column.head),
        )
        for column, width in zip(one.columns, widths, strict=True)
    )
    return element("w:tr", about, *cells)


def _pattern(one: Table, widths: list[float], kind: str) -> Any:
    """A row with an empty text in every cell."""
    cells = (
        element(
            "w:tc",
            element("w:tcPr", element("w:tcW", w=width, type="dxa")),
            paragraph(f"{kind}{'Number' if column.align == 'right' else 'Text'}", run("")),
        )
        for column, width in zip(one.columns, widths, strict=True)
    )
    return element("w:tr", element("w:trPr", element("w:cantSplit")), *cells)


def _shaded(pattern: Any, shade: str) -> Any:
    made = deepcopy(pattern)
    for about in made.iter(qn("w:tcPr")):
        about.append(element("w:shd", val="clear", color="auto", fill=shade))
    return made


def _row(pattern: Any, cells: tuple[str, ...]) -> Any:
    made = deepcopy(pattern)
    for part, text in zip(made.iter(_PART), cells, strict=True):
        part.text = visible(text)
    if max(map(len, cells), default=0) > TALL:
        made.remove(made.trPr)
    return made
