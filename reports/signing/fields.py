"""The two empty places for digital signatures, where a person and where the agency sign.

An officer signs in the document system of the office, with a token of his own: it finds the field
by its name. The field shows nothing while it is empty, so that paper can be signed by hand there.
No seed values and no lock: they would refuse some of the systems in use, and the order of the two
signatures is the office's own affair. What is added that is no signature, `verify` names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.sign.fields import (
    SigFieldSpec,
    append_signature_field,
    ensure_sig_flags,
    enumerate_sig_fields,
)

from language.texts import texts
from reports.signing.choices import FIELDS
from reports.signing.tagging import tagged
from reports.signing.updates import SameAgain


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
    for place in places:
        append_signature_field(update, _wanted(place, lang))
        tagged(update, _field(update, place.name))
    ensure_sig_flags(update)  # whoever changes it saves behind its end: nothing before is lost
    return update.written()


def _wanted(place: Place, lang: str) -> SigFieldSpec:
    return SigFieldSpec(
        sig_field_name=place.name,
        on_page=place.page - 1,
        box=(place.left, place.bottom, place.right, place.top),  # type: ignore[arg-type]
        readable_field_name=texts(lang)(FIELDS[place.name]),
        empty_field_appearance=False,
    )


def _field(update: SameAgain, name: str) -> IndirectObject:
    _, _, found = next(iter(enumerate_sig_fields(update, with_name=name)))
    return IndirectObject(found.idnum, found.generation, update)
