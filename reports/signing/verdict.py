"""What a copy of a report is worth: who signed it, and whether it says what was issued.

Three questions, apart from each other: is it the file that was issued, with nothing but signatures
behind it; is each signature whole; does each certificate come from somebody whom we were told to
trust. Whatever speaks against it is named, with its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from inventory.issued import Issued
from language.texts import Words, both
from reports.evidence import NAME
from reports.signing.added import Added, added, attachments, issued_revision
from reports.signing.reading import opened
from reports.signing.who import Signature, signatures


class Known(Protocol):
    """What the data folder knows of what it issued."""

    def by_prefix(self, pdf: bytes) -> Issued | None:
        """The issued file that these bytes begin with."""

    def by_figures(self, figures: str) -> Issued | None:
        """A file that was issued with the figures of this hash."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that speaks against a copy; ``code`` for machines."""

    code: str
    text: Words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a copy is worth; ``notes`` speak neither for nor against it."""

    sha256: str
    length: int
    issued: Issued | None
    signatures: tuple[Signature, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Words, ...]

    @property
    def good(self) -> bool:
        """Whether it is signed, whole, and what was issued."""
        return not self.faults


def judged(pdf: bytes, known: Known, trusted: Sequence[x509.Certificate], now: datetime) -> Verdict:
    """What these bytes are worth.

    Raises:
        NotReadable: no PDF, or a damaged one.
    """
    reader = opened(pdf)
    signed, issued = signatures(reader, trusted, now), known.by_prefix(pdf)
    faults, notes = list(_signing(signed, reader)), list[Words]()
    if issued is None:
        faults.append(_not_issued(reader, known))
    else:
        base = issued_revision(reader, issued.length)
        extra = added(reader, base)
        faults += _content(reader, known, issued, extra)
        faults += _signed_before(signed, base)
        notes += _new_fields(extra)
    return Verdict(
        sha256=hashlib.sha256(pdf).hexdigest(),
        length=len(pdf),
        issued=issued,
        signatures=tuple(signed),
        faults=tuple(faults),
        notes=(*notes, *_unchecked(signed)),
    )


class _Figures(msgspec.Struct):
    """Of the attached figures, what says whose they are."""

    report: str
    figures_sha256: str


def _claimed(reader: PdfFileReader) -> _Figures | None:
    found = attachments(reader).get(NAME)
    try:
        return None if found is None else msgspec.json.decode(found, type=_Figures)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _signing(signed: Sequence[Signature], reader: PdfFileReader) -> Iterator[Fault]:
    if not any(one.kind == "signature" for one in signed):
        yield Fault("unsigned", both("It carries no digital signature."))
    for one in signed:
        if not one.intact:
            yield _broken(one)
        elif one.trusted is False:
            yield _untrusted(one)
    if signed and signed[-1].intact and _stands_behind(signed[-1], reader):
        yield Fault(
            "bytes_behind",
            both("Behind the last signature stand bytes that belong to nothing in the file."),
        )


def _broken(one: Signature) -> Fault:
    if one.covers == "part" and not one.why:
        said = both(
            "Signature {field} of {who}: it covers only a part of what stood in the file.",
            field=one.field,
            who=one.subject,
        )
        return Fault("signature_covers_part", said)
    said = both(
        "Signature {field} of {who}: what it signed was changed afterwards, or it is damaged.",
        field=one.field,
        who=one.subject,
    )
    return Fault("signature_broken", said)


def _untrusted(one: Signature) -> Fault:
    said = both(
        "Signature {field} of {who}: its certificate does not come from those that you trust, or "
        "was not valid at the time claimed ({why}).",
        field=one.field,
        who=one.subject,
        why=one.why or "path_building_failure",
    )
    return Fault("untrusted", said)


def _stands_behind(last: Signature, reader: PdfFileReader) -> bool:
    return last.covers != "all" and last.revision == reader.xrefs.total_revisions - 1


def _not_issued(reader: PdfFileReader, known: Known) -> Fault:
    claim = _claimed(reader)
    issued = known.by_figures(claim.figures_sha256) if claim else None
    if issued is not None:
        said = both(
            "It says that it is the report {report}, but it does not begin with the file that was "
            "issued ({file}, {length} bytes): it was changed, or saved anew by a program.",
            report=issued.report,
            file=issued.file,
            length=issued.length,
        )
        return Fault("content_changed", said)
    if claim is not None:
        said = both(
            "It says that it is the report {report}, but this data folder issued no such report.",
            report=claim.report,
        )
        return Fault("not_issued", said)
    return Fault("not_issued", both("This data folder did not issue it, as far as it knows."))


def _content(reader: PdfFileReader, known: Known, issued: Issued, extra: Added) -> Iterator[Fault]:
    found = [
        *_pages(extra),
        *_attachments(reader, known, issued, extra),
        *(_removed(name) for name in extra.removed),
    ]
    yield from found
    if extra.refused and not found:
        said = both(
            "Behind the issued file something was added that is no signature ({what}).",
            what=extra.refused[:200],
        )
        yield Fault("content_added", said)


def _pages(extra: Added) -> Iterator[Fault]:
    more = extra.pages - extra.pages_issued
    if more > 0:
        said = both("Pages were added that were not issued: {n}.", n=more)
        yield Fault("pages_added", said)
    if more < 0:
        yield Fault("pages_removed", both("Pages that were issued are gone: {n}.", n=-more))
    if extra.changed_pages:
        numbers = ", ".join(map(str, extra.changed_pages))
        said = both("Something else stands on pages than was issued: page {pages}.", pages=numbers)
        yield Fault("pages_changed", said)


def _attachments(
    reader: PdfFileReader, known: Known, issued: Issued, extra: Added
) -> Iterator[Fault]:
    others = [name for name in extra.attachments if name != NAME]
    if others:
        names = ", ".join(others)
        said = both("Attachments were changed, added or removed: {names}.", names=names)
        yield Fault("attachments_changed", said)
    claim = _claimed(reader)
    if NAME in extra.attachments or (claim and claim.figures_sha256 != issued.figures):
        yield _other_figures(claim, known, issued)


def _other_figures(claim: _Figures | None, known: Known, issued: Issued) -> Fault:
    other = known.by_figures(claim.figures_sha256) if claim else None
    if other is not None and other.figures != issued.figures:
        said = both(
            "The attached figures are those of another report ({other}), not of {report}.",
            other=other.report,
            report=issued.report,
        )
    else:
        said = both(
            "The attached figures are not those of the report {report}.", report=issued.report
        )
    return Fault("figures_swapped", said)


def _removed(name: str) -> Fault:
    said = both("A signature that the file carried was removed: {field}.", field=name)
    return Fault("signature_removed", said)


def _signed_before(signed: Sequence[Signature], base: int) -> Iterator[Fault]:
    for one in signed:
        if one.revision < base:
            said = both("Signature {field}: does not cover what was issued.", field=one.field)
            yield Fault("signature_covers_part", said)


def _new_fields(extra: Added) -> Iterator[Words]:
    for name, page in extra.new_fields:
        yield both(
            "The signature {field} was given a place of its own, on page {page}: look whether it "
            "hides anything.",
            field=name,
            page=page,
        )


def _unchecked(signed: Sequence[Signature]) -> Iterator[Words]:
    if not signed:
        return
    if any(one.trusted is None for one in signed):
        yield both(
            "The identity was not checked against a certification authority: the names are those "
            "that the certificates claim. Give the authority's certificates with --trust."
        )
    yield both(
        "Whether a certificate had been revoked was not checked (that needs a network), and the "
        "times are those that the signers' machines claim."
    )
