"""A document of blocks set as a Word file, block after block."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import Any

from docx.oxml.ns import qn

from language.texts import texts
from reports.document import Annex, Block, Chart, Document, Heading, Items, Paragraph, Table
from reports.docx import around, pages
from reports.docx.blank import blank
from reports.docx.elements import field, line, paragraph, run, spacer
from reports.docx.packing import packed
from reports.docx.pictures import picture
from reports.docx.tables import table
from reports.frame import attached_to

_STYLES = {"body": "BodyText", "lead": "Lead", "note": "Note"}
_DEEPEST = 3  #: levels of headings


def set_document(document: Document) -> bytes:
    """The document as a Word file; the same document gives the same bytes."""
    return packed(_Setting(document).whole(), document.day)


class _Setting:
    """One document on its way into a file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.made = blank(document)
        self.width, self.across = pages.UPRIGHT, False
        self.counts = {"Table": 0, "Figure": 0}

    def whole(self) -> Any:
        """The file: what stands above, the blocks, the signature before the first annex."""
        pages.begin(self.made, self.document)
        self.add(*around.above(self.document))
        annexes = [n for n, one in enumerate(self.document.blocks) if isinstance(one, Annex)]
        end = annexes[0] if annexes else len(self.document.blocks)
        for one in self.document.blocks[:end]:
            self.block(one)
        self.keep_the_end()
        self.add(*around.below(self.document))
        for one in self.document.blocks[end:]:
            self.block(one)
        return self.made

    def keep_the_end(self) -> None:
        """The last lines of the text go with the signature, which never stands alone on a page."""
        last = self.made.element.body.sectPr.getprevious()
        if last.tag == qn("w:p"):
            last.get_or_add_pPr().get_or_add_keepNext()

    def add(self, *elements: Any) -> None:
        """Put these at the end of the text; the section's own description stays the last."""
        last = self.made.element.body.sectPr
        for one in elements:
            last.addprevious(one)

    @singledispatchmethod
    def block(self, one: Block) -> None:
        """Set one block."""
        raise TypeError(f"no block of a document: {type(one).__name__}")

    @block.register
    def _heading(self, one: Heading) -> None:
        self.add(line(f"Heading{min(one.level, _DEEPEST)}", one.text))

    @block.register
    def _paragraph(self, one: Paragraph) -> None:
        self.add(line(_STYLES[one.style], one.text))

    @block.register
    def _items(self, one: Items) -> None:
        self.add(*(line("ListBullet", text) for text in one.texts))

    @block.register
    def _table(self, one: Table) -> None:
        caption = self.caption("Table", one.caption)
        caption.pPr.get_or_add_keepNext()
        self.add(caption, table(one, self.width, narrow=self.across), spacer())

    @block.register
    def _chart(self, one: Chart) -> None:
        caption = self.caption("Figure", one.caption)
        say = texts(self.document.lang)
        figure = say("Figure")
        picture(self.made, one, self.width, f"{figure} {self.counts['Figure']}")
        self.add(caption)

    @block.register
    def _annex(self, one: Annex) -> None:
        pages.turn(self.made, landscape=one.landscape)
        self.across = one.landscape
        self.width = pages.ACROSS if one.landscape else pages.UPRIGHT
        self.add(
            line("AnnexHeading", one.label),
            line("AnnexHeading", one.title),
            line("AttachedTo", attached_to(self.document)),
        )

    def caption(self, kind: str, text: str) -> Any:
        """``Table 2: …``, the number counted by Word too when somebody adds a table."""
        self.counts[kind] += 1
        say = texts(self.document.lang)
        label = {"Table": say("Table"), "Figure": say("Figure")}[kind]
        number = field(f"SEQ {kind} \\* ARABIC", str(self.counts[kind]))
        return paragraph("Caption", run(f"{label} "), number, run(f": {text}"))
