"""The two empty places for digital signatures, where a person and where the agency sign.

An officer signs in the document system of the office, with a token of his own: it finds the field
by its name. The field shows nothing while it is empty, so that paper can be signed by hand there.
No seed values and no lock: they would refuse some of the systems in use, and the order of the two
signatures is the office's own affair. What is added that is no signature, `verify` names.

Only pyHanko's writer of files is needed here. Its signing, which would make such fields too, brings
with it all that speaks to time stamp servers: loading it takes longer than a small report.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NumberObject,
    PdfObject,
    TextStringObject,
    pdf_name,
)
from pyhanko.pdf_utils.writer import init_xobject_dictionary

from language.texts import texts
from reports.signing.choices import FIELDS
from reports.signing.tagging import tagged
from reports.signing.updates import SameAgain

_LOCKED_AND_PRINTED = 0b10000100  #: flags of an annotation (ISO 32000-1, 12.5.3)
_SIGNED_AND_ONLY_ADDED_TO = 3  #: flags of a form (ISO 32000-1, 12.7.2)


class Place(Protocol):
    """Where a field stands; `reports.pdf.places` gives them. Points from the lower left corner."""

    @property
    def name(self) -> str:
        """A name of FIELDS."""

    @property
    def page(self) -> int:
        """Its page; the first is 1."""

    @property
    def left(self) -> float:
        """The left edge."""

    @property
    def bottom(self) -> float:
        """The lower edge."""

    @property
    def right(self) -> float:
        """The right edge."""

    @property
    def top(self) -> float:
        """The upper edge."""


def with_fields(pdf: bytes, places: Iterable[Place], lang: str = "vi") -> bytes:
    """The PDF with an empty signature field at each place; the same input gives the same bytes."""
    update = SameAgain(pdf)
    fields = _form(update)
    for place in places:
        page, _ = update.find_page_for_modification(place.page - 1)
        field = update.add_object(_field(place, page, lang))
        fields.append(field)
        update.register_annotation(page, field)
        field.get_object()[pdf_name("/AP")] = _nothing(update, place)
        tagged(update, field)
    return update.written()


def _form(update: SameAgain) -> ArrayObject:
    """The list of fields of a new form.

    Its flags: whoever changes the file saves behind its end, so that nothing before is lost.
    """
    if "/AcroForm" in update.root:
        raise ValueError("the PDF has a form already; fields are made in one that has none")
    fields = ArrayObject()
    flags = NumberObject(_SIGNED_AND_ONLY_ADDED_TO)
    form = {pdf_name("/Fields"): fields, pdf_name("/SigFlags"): flags}
    update.root[pdf_name("/AcroForm")] = update.add_object(DictionaryObject(form))
    update.update_root()
    return fields


def _field(place: Place, page: IndirectObject, lang: str) -> DictionaryObject:
    """A field that is its own widget (ISO 32000-1, 12.5.6.19 and 12.7.4.5)."""
    box = (place.left, place.bottom, place.right, place.top)
    made: dict[str, PdfObject] = {
        "/FT": pdf_name("/Sig"),
        "/T": TextStringObject(place.name),
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/Widget"),
        "/F": NumberObject(_LOCKED_AND_PRINTED),
        "/Rect": ArrayObject(FloatObject(round(edge, 4)) for edge in box),
        "/P": page,
        "/TU": TextStringObject(texts(lang)(FIELDS[place.name])),
    }
    return DictionaryObject({pdf_name(key): value for key, value in made.items()})


def _nothing(update: SameAgain, place: Place) -> DictionaryObject:
    """An appearance that shows nothing: PDF/A wants one."""
    width, height = int(place.right - place.left), int(place.top - place.bottom)
    drawn = init_xobject_dictionary(b"", width, height)
    return DictionaryObject({pdf_name("/N"): update.add_object(drawn)})
