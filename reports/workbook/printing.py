"""How a sheet prints: A4 across, as wide as can be read, the mark on every page."""

from __future__ import annotations

import math

from xlsxwriter.worksheet import Worksheet

from reports.workbook.sheet import Sheet

_A4 = 9  #: Excel's number of the paper
_ACROSS = 270  #: letters beside each other on one page that can still be read
_MOST = 120  #: characters of one part: Excel takes 255 in a whole header or footer


def printed(page: Worksheet, sheet: Sheet, mark: str, footer: str) -> None:
    """Paper, margins (inches), header and footer."""
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    page.fit_to_pages(math.ceil(sum(sheet.widths) / _ACROSS), 0)
    page.repeat_columns(0)
    page.set_header(f"&L{_part(sheet.name)}&R{_part(mark)}")
    page.set_footer(f"&L{_part(footer)}&R&P/&N")


def _part(text: str) -> str:
    """Text in a header: there ``&`` starts a code."""
    return text[:_MOST].replace("&", "&&")
