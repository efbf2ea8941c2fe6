"""What stands in a PDF behind the file that was issued: signatures, or something else.

An update of a PDF may put new pages, texts and attachments over the old ones, and a program that
shows it shows the new ones. So every revision is held against the issued one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, PdfObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, SuspiciousModification
from pyhanko.sign.fields import enumerate_sig_fields

from reports.signing.reading import guarded

_BELONGS_TO_PAGE = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit")


@dataclass(frozen=True, slots=True)
class Added:
    """What came after the issued revision; pages are numbered from 1."""

    revisions: int
    pages_issued: int
    pages: int
    changed_pages: tuple[int, ...]
    attachments: tuple[str, ...]  #: names of those that were changed, added or taken away
    removed: tuple[str, ...]  #: fields whose signature was there in a revision and is gone
    new_fields: tuple[tuple[str, int], ...]  #: visible ones, with their page (0: on none)
    refused: str  #: what is no signature, in pyHanko's words; empty: nothing


def issued_revision(reader: PdfFileReader, length: int) -> int:
    """The revision that the first ``length`` bytes hold; the first is 0."""
    with guarded():
        xrefs = reader.xrefs
        ends = [
            xrefs.get_xref_container_info(one).end_location for one in range(xrefs.total_revisions)
        ]
    within = [number for number, end in enumerate(ends) if end <= length]
    return max(within, default=0)


def added(reader: PdfFileReader, issued: int) -> Added:
    """What the revisions behind the issued one add.

    Raises:
        NotReadable: one of them cannot be read.
    """
    with guarded():
        old, new = _at(reader, issued), _at(reader, reader.xrefs.total_revisions - 1)
        before, after = list(_pages(old)), list(_pages(new))
        return Added(
            revisions=reader.xrefs.total_revisions - 1 - issued,
            pages_issued=len(before),
            pages=len(after),
            changed_pages=_changed(reader, issued, before, after, new),
            attachments=_other_attachments(old, new),
            removed=_removed(reader, issued),
            new_fields=_new_fields(old, new, after),
            refused=_refused(reader, issued),
        )


def attachments(reader: PdfFileReader) -> dict[str, bytes]:
    """The attached files by name.

    Raises:
        NotReadable: the list of them, or one of them, cannot be read.
    """
    with guarded():
        return dict(_attached(_at(reader, reader.xrefs.total_revisions - 1)))


def _at(reader: PdfFileReader, revision: int) -> HistoricalResolver:
    return reader.get_historical_resolver(revision)


def _refused(reader: PdfFileReader, issued: int) -> str:
    found = DEFAULT_DIFF_POLICY.review_file(reader, issued)
    return (str(found) or "other") if isinstance(found, SuspiciousModification) else ""


def _pages(at: HistoricalResolver) -> Iterator[IndirectObject]:
    seen: set[PdfObject] = set()
    waiting = [at.root.raw_get("/Pages")]
    while waiting:
        one = waiting.pop()
        if one.reference in seen:
            raise ValueError("a page stands in the tree of pages twice")
        seen.add(one.reference)
        node = one.get_object()
        if "/Kids" in node:
            kids = node["/Kids"]
            waiting += [kids.raw_get(place) for place in reversed(range(len(kids)))]
        else:
            yield one


def _changed(
    reader: PdfFileReader,
    issued: int,
    before: list[IndirectObject],
    after: list[IndirectObject],
    new: HistoricalResolver,
) -> tuple[int, ...]:
    """Pages whose place another one has taken, or of which something was written anew."""
    return tuple(
        number
        for number, (old, now) in enumerate(zip(before, after, strict=False), start=1)
        if old.idnum != now.idnum or _rewritten(reader, issued, old, now, new)
    )


def _rewritten(
    reader: PdfFileReader,
    issued: int,
    old: IndirectObject,
    now: IndirectObject,
    new: HistoricalResolver,
) -> bool:
    was, page = old.get_object(), now.get_object()
    for key in _BELONGS_TO_PAGE:
        if (key in was) != (key in page):
            return True
        if key in page and str(was.raw_get(key)) != str(page.raw_get(key)):
            return True
    parts = [page.raw_get(key) for key in _BELONGS_TO_PAGE if key in page]
    used = {ref for part in parts for ref in new.collect_dependencies(part)}
    return any(reader.xrefs.get_last_change(ref) > issued for ref in used)


def _other_attachments(old: HistoricalResolver, new: HistoricalResolver) -> tuple[str, ...]:
    was, now = (
        {name: hashlib.sha256(data).digest() for name, data in _attached(at)} for at in (old, new)
    )
    return tuple(sorted(name for name in was | now if was.get(name) != now.get(name)))


def _attached(at: HistoricalResolver) -> Iterator[tuple[str, bytes]]:
    root = at.root
    if "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]:
        return
    waiting, seen = [root["/Names"]["/EmbeddedFiles"]], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > _MOST_NODES:
            raise ValueError("too many attachments")
        names = node["/Names"] if "/Names" in node else ()  # noqa: SIM401 - get does not resolve references
        for place in range(0, len(names), 2):
            yield str(names[place]), _content(names[place + 1])
        waiting += list(node["/Kids"]) if "/Kids" in node else []


_MOST_NODES = 1000  #: of the tree of attachments; a report has one


def _content(specification: DictionaryObject) -> bytes:
    file = specification["/EF"]
    return bytes(file["/UF" if "/UF" in file else "/F"].data)


def _removed(reader: PdfFileReader, issued: int) -> tuple[str, ...]:
    last, signed = reader.xrefs.total_revisions - 1, set()
    now = _signed(_at(reader, last))
    for revision in range(issued, last):
        signed |= _signed(_at(reader, revision))
    return tuple(sorted(signed - now))


def _signed(at: HistoricalResolver) -> set[str]:
    return {str(name) for name, value, _ in enumerate_sig_fields(at) if value is not None}


def _new_fields(
    old: HistoricalResolver, new: HistoricalResolver, pages: list[IndirectObject]
) -> tuple[tuple[str, int], ...]:
    known = {name for name, _, _ in enumerate_sig_fields(old)}
    numbers = {page.idnum: number for number, page in enumerate(pages, start=1)}
    return tuple(
        (str(name), numbers.get(_page_of(found), 0))
        for name, _, found in enumerate_sig_fields(new)
        if name not in known and _is_visible(found)
    )


def _widget(found: PdfObject) -> DictionaryObject:
    field: DictionaryObject = found.get_object()
    widget: DictionaryObject = field["/Kids"][0] if "/Kids" in field else field
    return widget


def _page_of(found: PdfObject) -> int:
    widget = _widget(found)
    return int(widget.raw_get("/P").idnum) if "/P" in widget else 0


def _is_visible(found: PdfObject) -> bool:
    widget = _widget(found)
    if "/Rect" not in widget:
        return False
    left, bottom, right, top = (float(edge) for edge in widget["/Rect"])
    return left != right and bottom != top
