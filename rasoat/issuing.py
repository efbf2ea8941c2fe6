"""Issuing a report on paper: noted with its hash before anybody signs, then signed if wished."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory import issued as files
from inventory.issued import Issued
from inventory.times import stamp
from language.said import said
from rasoat import signing
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import Problem
from rasoat.settings import Settings
from reports import plain
from reports.summary import Summary

PDF = "pdf"  #: the face that is signed


@dataclass(frozen=True, slots=True)
class Issue:
    """One file on its way out: of which report, in which language, under which name."""

    summary: Summary
    lang: str
    file: str


def checked(wish: signing.Wish, faces: Sequence[str]) -> signing.Wish:
    """The wish to sign, if there will be something to sign.

    Raises:
        Problem: it is no PDF that is to be written.
    """
    if wish.key is not None and PDF not in faces:
        raise Problem(said("--sign: signatures go into the PDF; add --format pdf"))
    return wish


def issued(
    settings: Settings, issue: Issue, pdf: bytes, wish: signing.Wish, now: datetime
) -> bytes:
    """The file to give out: noted as it is without signatures, signed if that was wished for.

    Raises:
        InventoryError: the data folder cannot be written to.
        Problem, NoKey, CannotSign: it cannot be signed.
    """
    with opened(settings.data) as store:
        files.record(store, noted(issue, pdf, now), by=whoami(), now=now)
    return pdf if wish.key is None else signing.signed(pdf, wish, issue.lang, now)[0]


def noted(issue: Issue, pdf: bytes, now: datetime) -> Issued:
    """What the data folder notes of a file."""
    summary = issue.summary
    return Issued(
        sha256=hashlib.sha256(pdf).hexdigest(),
        length=len(pdf),
        report=summary.id,
        figures=plain.digest_of(summary),
        policy=summary.policy,
        lang=issue.lang,
        format=PDF,
        file=issue.file,
        made_at=stamp(now),
    )
