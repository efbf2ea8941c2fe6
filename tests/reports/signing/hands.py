"""What somebody may do to a signed file: each gives a file that a program would open."""

from __future__ import annotations

from io import BytesIO

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import enumerate_sig_fields


def page_added(pdf: bytes) -> bytes:
    """One more page at the end."""
    update = _update(pdf)
    page = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): ArrayObject(map(NumberObject, (0, 0, 595, 842))),
            pdf_name("/Contents"): update.add_object(StreamObject(stream_data=b"0 0 9 9 re f")),
            pdf_name("/Parent"): update.root.raw_get("/Pages"),
        }
    )
    pages = update.root["/Pages"]
    pages["/Kids"].append(update.add_object(page))
    pages["/Count"] = NumberObject(pages["/Count"] + 1)
    update.update_container(pages)
    return _written(update)


def page_removed(pdf: bytes) -> bytes:
    """The last page is not shown any more."""
    update = _update(pdf)
    pages = update.root["/Pages"]
    pages["/Kids"].pop()
    pages["/Count"] = NumberObject(pages["/Count"] - 1)
    update.update_container(pages)
    return _written(update)


def annex_swapped(pdf: bytes) -> bytes:
    """Another text on the last page."""
    update = _update(pdf)
    page = update.root["/Pages"]["/Kids"][-1]
    page["/Contents"] = update.add_object(StreamObject(stream_data=b"0 0 99 99 re f"))
    update.update_container(page)
    return _written(update)


def text_overwritten(pdf: bytes) -> bytes:
    """The first page's own text, written anew under its old number."""
    update = _update(pdf)
    content = update.root["/Pages"]["/Kids"][0].raw_get("/Contents")
    update.objects[content.generation, content.idnum] = StreamObject(stream_data=b"0 0 9 9 re f")
    return _written(update)


def note_stuck_on(pdf: bytes) -> bytes:
    """A note over the text of the first page."""
    update = _update(pdf)
    box = ArrayObject(map(NumberObject, (50, 700, 500, 800)))
    look = StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): box,
        },
        stream_data=b"1 g 50 700 450 100 re f",
    )
    note = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Stamp"),
            pdf_name("/Rect"): box,
            pdf_name("/F"): NumberObject(4),
            pdf_name("/AP"): DictionaryObject({pdf_name("/N"): update.add_object(look)}),
        }
    )
    update.register_annotation(update.root["/Pages"]["/Kids"].raw_get(0), update.add_object(note))
    return _written(update)


def figures_swapped(pdf: bytes, figures: bytes) -> bytes:
    """Other figures under the name of the attached ones."""
    update = _update(pdf)
    attached = update.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    attached["/EF"]["/F"] = attached["/EF"]["/UF"] = update.add_object(
        StreamObject({pdf_name("/Type"): pdf_name("/EmbeddedFile")}, stream_data=figures)
    )
    update.update_container(attached["/EF"])
    return _written(update)


def file_attached(pdf: bytes) -> bytes:
    """One more attachment."""
    update = _update(pdf)
    names = update.root["/Names"]["/EmbeddedFiles"]["/Names"]
    content = update.add_object(StreamObject(stream_data=b"x"))
    file = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Filespec"),
            pdf_name("/EF"): DictionaryObject({pdf_name("/F"): content}),
        }
    )
    names.extend([pdf_string("zz.txt"), update.add_object(file)])
    update.update_container(names)
    return _written(update)


def signature_removed(pdf: bytes, name: str) -> bytes:
    """A field is empty again."""
    update = _update(pdf)
    _, _, found = next(iter(enumerate_sig_fields(update, with_name=name)))
    field = found.get_object()
    del field["/V"]
    update.mark_update(found)
    return _written(update)


def byte_changed(pdf: bytes, place: int) -> bytes:
    """One bit of one byte is another."""
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def _update(pdf: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(BytesIO(pdf))


def _written(update: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    update.write(out)
    return out.getvalue()
