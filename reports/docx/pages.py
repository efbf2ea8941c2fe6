"""Pages: A4 with the margins of Decree 30/2020, their number in the middle above, the mark on each.

The first page has no number, and a simulated district's mark and the footer all the same.
"""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Mm

from reports.document import Document
from reports.docx.elements import element, field, line, paragraph

SHORT, LONG = 210.0, 297.0  #: millimetres of A4
TOP, BOTTOM, LEFT, RIGHT = 25.0, 20.0, 30.0, 15.0  #: millimetres
UPRIGHT, ACROSS = SHORT - LEFT - RIGHT, LONG - LEFT - RIGHT  #: millimetres between the margins


def begin(made: Any, document: Document) -> None:
    """The first page's section, whose header and footer every later one takes over."""
    section = made.sections[0]
    _measure(section, landscape=False)
    section.different_first_page_header_footer = True
    _fill(section.first_page_header, *_mark(document))
    _fill(section.header, paragraph("Header", field("PAGE", "2")), *_mark(document))
    for footer in (section.first_page_footer, section.footer):
        _fill(footer, line("Footer", document.footer))


def turn(made: Any, *, landscape: bool) -> None:
    """Go on on a new page, upright or across."""
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    _measure(section, landscape=landscape)
    _shrink_the_end(made)


def _measure(section: Any, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    wide, high = (LONG, SHORT) if landscape else (SHORT, LONG)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance, section.footer_distance = Mm(10), Mm(9)


def _fill(place: Any, *paragraphs: Any) -> None:
    """A header or footer that holds these paragraphs, or an empty one: it must have one."""
    place.is_linked_to_previous = False
    inside = place._element  # noqa: SLF001 - the library adds paragraphs at the end alone
    for old in list(inside):
        inside.remove(old)
    inside.extend(paragraphs or (paragraph("Header"),))


def _mark(document: Document) -> tuple[Any, ...]:
    return (line("Mark", document.mark),) if document.mark else ()


def _shrink_the_end(made: Any) -> None:
    """The paragraph that ends a section must not fill a page of its own."""
    ends = made.element.body.findall(".//{*}p/{*}pPr/{*}sectPr")
    ends[-1].getparent().insert(0, element("w:pStyle", val="Spacer"))
