"""Signing one field of a report: PAdES-B-B, offline.

Without a network there is no time-stamp and no proof that the certificate was not revoked, so
PAdES-B-T, -LT and -LTA are not to be had here: the time shown is the one that this machine claims.
Signatures are added one behind the other; none disturbs the one before.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer

from inventory.times import OFFICE_ZONE
from language.said import SaidError, said
from language.texts import texts
from reports.signing.appearance import Shown, style
from reports.signing.choices import FIELDS
from reports.signing.reading import opened
from reports.signing.updates import Update


class CannotSign(SaidError, ValueError):
    """The file has no such field, or it is signed; the message says what to do."""

    exit_code = 2


def sign(
    pdf: bytes, field: str, signer: Signer, lang: str, *, at: datetime, role: str = ""
) -> bytes:
    """The PDF with one more signature, in a field that is there and empty.

    Raises:
        CannotSign: there is no such field, or it is signed.
        NotReadable: it is no PDF, or a damaged one.
    """
    width, height = _size(pdf, field)
    shown = Shown(name=name_of(signer), role=role, at=at, lang=lang)
    wanted = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=texts(lang)(FIELDS[field]) if field in FIELDS else None,
    )
    tool = _At(wanted, signer, stamp_style=style(shown, width, height))
    tool.moment = at.astimezone(ZoneInfo(OFFICE_ZONE))
    out = BytesIO()
    try:
        tool.sign_pdf(Update(pdf), existing_fields_only=True, output=out)
    except (SigningError, PdfError) as fault:
        raise CannotSign(said("field {field}: {fault}", field=field, fault=fault)) from fault
    return out.getvalue()


class _At(PdfSigner):
    """Signs with one time for what is shown and what is signed."""

    moment: datetime

    def init_signing_session(self, *given: Any, **named: Any) -> Any:
        """As pyHanko makes it, at our time."""
        session = super().init_signing_session(*given, **named)
        session.system_time = self.moment
        return session


def name_of(signer: Signer) -> str:
    """The name of a signer, by the certificate."""
    if signer.signing_cert is None:
        return ""
    subject = signer.signing_cert.subject
    name = subject.native.get("common_name") or subject.human_friendly
    return str(name if isinstance(name, str) else name[0])


def _size(pdf: bytes, field: str) -> tuple[float, float]:
    found = {name: (value, at) for name, value, at in enumerate_sig_fields(opened(pdf))}
    if field not in found:
        names = ", ".join(found) or "none"
        raise CannotSign(
            said("no signature field {field}; the file has: {names}", field=field, names=names)
        )
    value, at = found[field]
    if value is not None:
        empty = ", ".join(name for name, (other, _) in found.items() if other is None) or "none"
        raise CannotSign(
            said(
                "the field {field} is signed already; fields that are empty: {empty}",
                field=field,
                empty=empty,
            )
        )
    left, bottom, right, top = (float(edge) for edge in at.get_object()["/Rect"])
    return abs(right - left), abs(top - bottom)
