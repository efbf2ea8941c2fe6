"""What goes into one cell, within Excel's limits."""

from __future__ import annotations

from dataclasses import dataclass

from language.texts import Texts
from reports.visible import visible

MOST_LETTERS = 32_767  #: UTF-16 units in a cell (Microsoft, "Excel specifications and limits")
MOST_ROWS = 1_048_576  #: rows of a sheet (as above)
_KEPT = 32_600  #: letters kept of a longer text: room for the sentence that says so


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to another sheet of the same workbook."""

    sheet: str
    text: str


def safe(text: str, say: Texts) -> str:
    """The text as a cell may hold it; nothing is cut without a word."""
    shown = visible(text)
    if shown.startswith("<r>") and shown.endswith("</r>"):
        shown += " "  # XlsxWriter takes text of this very form for XML and would not escape it
    return shown if 2 * len(shown) <= MOST_LETTERS else _cut(shown, say)


def _cut(text: str, say: Texts) -> str:
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MOST_LETTERS:
        return text
    kept = units[: 2 * _KEPT].decode("utf-16-le", "ignore")
    return kept + say("… [cut here: the text has {n} characters]", n=len(text))
