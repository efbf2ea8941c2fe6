"""Who signed a PDF, and whether each signature is whole: every one of them, in the order they came.

The identity is what the certificate claims, unless certificates to trust are given. Whether a
certificate had been revoked is never known here: that would take a network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation import async_validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from language.said import SaidError, said
from reports.signing.reading import guarded

#: officers' certificates have one of the two
_USES = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


class NoCertificate(SaidError, ValueError):
    """A file of certificates to trust that holds none."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. ``trusted`` is None where nothing was given to check the identity against.

    ``intact``: what was signed is what is there, and the certificate's key signed it.
    ``covers``: all (the whole file), revision (all up to an update behind it), part.
    ``revision``: which revision of the file it signed; the first is 0.
    """

    field: str
    kind: str  #: signature or timestamp
    subject: str
    issuer: str
    serial: str
    claimed_at: datetime | None
    intact: bool
    covers: str
    revision: int
    trusted: bool | None
    why: str = ""  #: not intact, or not trusted: pyHanko's word for it

    @property
    def signer(self) -> str:
        """The certificate that signed, for a log."""
        return f"{self.subject} (issuer: {self.issuer}; serial: {self.serial})"


def certificates(text: bytes, name: str) -> list[x509.Certificate]:
    """The certificates of a PEM file.

    Raises:
        NoCertificate: it holds none, or something else.
    """
    try:
        found = [x509.Certificate.load(der) for _, _, der in pem.unarmor(text, multiple=True)]
        names = [one.subject.human_friendly for one in found]
    except ValueError as fault:
        raise NoCertificate(
            said("{name}: no certificates as PEM: {fault}", name=name, fault=fault)
        ) from fault
    if not names:
        raise NoCertificate(
            said("{name}: holds no certificate (-----BEGIN CERTIFICATE-----)", name=name)
        )
    return found


def signatures(
    reader: PdfFileReader, trusted: Sequence[x509.Certificate], now: datetime
) -> list[Signature]:
    """Every signature of a file, oldest first.

    Raises:
        NotReadable: a signature is not even one.
    """
    with guarded():
        return [_judged(one, trusted, now) for one in _found(reader)]


def _found(reader: PdfFileReader) -> Iterator[EmbeddedPdfSignature]:
    yield from sorted(reader.embedded_signatures, key=lambda one: one.signed_revision)


def _judged(
    one: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate], now: datetime
) -> Signature:
    certificate = one.signer_cert
    is_stamp = one.sig_object_type == "/DocTimeStamp"
    claimed = one.self_reported_timestamp
    intact, trust, why = _checked(one, _context(one, trusted, claimed or now), is_stamp=is_stamp)
    return Signature(
        field=str(one.field_name),
        kind="timestamp" if is_stamp else "signature",
        subject=_written(certificate.subject),
        issuer=_written(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        claimed_at=claimed.astimezone(UTC) if claimed else None,
        intact=intact,
        covers=_covers(one),
        revision=one.signed_revision,
        trusted=trust if trusted else None,
        why=why if not intact or trusted else "",
    )


_SHORT = {
    "common_name": "CN",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "locality_name": "L",
    "state_or_province_name": "ST",
    "country_name": "C",
}


def _written(name: x509.Name) -> str:
    """A name as ``CN=…, O=…``, in the order of the certificate turned round."""
    parts = [
        f"{_SHORT.get(kind, kind)}={value if isinstance(value, str) else ' + '.join(value)}"
        for kind, value in reversed(name.native.items())
    ]
    return ", ".join(parts)


def _checked(
    one: EmbeddedPdfSignature, context: ValidationContext, *, is_stamp: bool
) -> tuple[bool, bool, str]:
    """Whether it is intact, whether it is trusted, and what is wrong."""
    try:
        status = asyncio.run(_status(one, context, is_stamp=is_stamp))
    except (SignatureValidationError, CMSStructuralError, CMSExtractionError, PdfError) as fault:
        return False, False, str(fault)
    intact = bool(status.intact and status.valid) and one.coverage in _WHOLE
    problem = status.trust_problem_indic
    return intact, bool(status.trusted), "" if problem is None else str(problem.name).lower()


async def _status(one: EmbeddedPdfSignature, context: ValidationContext, *, is_stamp: bool) -> Any:
    if is_stamp:
        return await async_validate_pdf_timestamp(one, context, skip_diff=True)
    return await async_validate_pdf_signature(
        one, context, key_usage_settings=_USES, skip_diff=True
    )


def _context(
    one: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate], moment: datetime
) -> ValidationContext:
    """As things stood at the time that the signer claims: certificates expire, signatures stay."""
    return ValidationContext(
        trust_roots=list(trusted),
        other_certs=one.other_embedded_certs,
        allow_fetching=False,
        moment=moment.astimezone(UTC),
    )


def _covers(one: EmbeddedPdfSignature) -> str:
    level = one.evaluate_signature_coverage()
    if level not in _WHOLE:
        return "part"
    return "all" if level == SignatureCoverageLevel.ENTIRE_FILE else "revision"
