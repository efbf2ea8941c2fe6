"""What a signature shows on the page: a small page set by Typst, in the field's own size.

pyHanko's own text stamp spaces Vietnamese letters badly; this one carries its font with it, as
PDF/A wants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import typst
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from inventory.times import OFFICE_ZONE
from language.forms import DAY
from language.texts import texts
from reports import fonts
from reports.letters import visible

#: between words Typst may break a line; a long word may be broken anywhere behind these letters
_LONG = re.compile(r"\S{18}(?=\S)")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: the name in the certificate, the office that is held, the time claimed."""

    name: str
    role: str
    at: datetime
    lang: str


def page(shown: Shown, width: float, height: float) -> bytes:
    """The appearance as a PDF of one page, in points."""
    say = texts(shown.lang)
    data = {
        "heading": say("Digitally signed by"),
        "name": _breakable(shown.name),
        "role": _breakable(shown.role),
        "at": say("Time: {time}", time=told(shown.at, shown.lang)),
        "lang": shown.lang,
        "width": width,
        "height": height,
    }
    template = resources.files(__package__) / "templates" / "appearance.typ"
    files = {"main.typ": template.read_bytes(), "data.json": msgspec.json.encode(data)}
    compiled: Any = typst.compile  # its types do not know of several files in memory
    made: bytes = compiled(
        files,
        font_paths=[str(fonts.FOLDER)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-3b"],
        timestamp=int(shown.at.timestamp()),
    )
    return made


def told(at: datetime, lang: str) -> str:
    """A time to the second with its zone, as Decree 30/2020 has it for digital signatures."""
    local = at.astimezone(ZoneInfo(OFFICE_ZONE))
    day = local.strftime(DAY[lang])
    zone = local.strftime("%z")
    return f"{day} {local:%H:%M:%S} {zone[:3]}:{zone[3:]}"


def style(shown: Shown, width: float, height: float) -> StaticStampStyle:
    """The appearance as pyHanko wants it: one to one, no frame."""
    return StaticStampStyle(
        border_width=0,
        background=_Page(page(shown, width, height)),
        background_opacity=1.0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),
        ),
    )


def _breakable(text: str) -> str:
    """The text as it can be printed, line by line, with places where a long word may break."""
    shown = "\n".join(visible(line) for line in text.splitlines())
    return _LONG.sub(lambda match: match[0] + "\u200b", shown)


class _Page(PdfContent):
    """The first page of a PDF in memory."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        """The command that paints it."""
        shown = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject["/Shown"] = shown
        left, bottom, right, top = shown.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Shown Do"
