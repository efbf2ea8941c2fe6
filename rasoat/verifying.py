"""Verifying a copy of a report against what was issued, and noting that it was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from inventory import issued
from inventory.issued import Issued
from inventory.store import Store
from language.said import said
from language.texts import Words, both
from rasoat.people import whoami
from rasoat.problems import Problem
from reports import keeping
from reports.keeping import NotKept
from reports.signing.reading import NotReadable, content
from reports.signing.verdict import Fault, Verdict, judged
from reports.signing.who import certificates


@dataclass(frozen=True, slots=True)
class InStore:
    """What the store knows of issued files."""

    store: Store

    def by_prefix(self, pdf: bytes) -> Issued | None:
        """The issued file that these bytes begin with."""
        return issued.find_by_prefix(self.store, pdf)

    def by_figures(self, figures: str) -> Issued | None:
        """A file that was issued with the figures of this hash."""
        return issued.find_by_figures(self.store, figures)


def verified(store: Store, file: Path, trust: Sequence[Path], now: datetime) -> Verdict:
    """The verdict on a file, noted in the audit log and beside the report that it is a copy of.

    Raises:
        Problem: the file is no PDF, or damaged.
        NoCertificate: a file of ``trust`` holds none.
        OSError: a file cannot be read.
    """
    trusted = [one for pem in trust for one in certificates(pem.read_bytes(), str(pem))]
    try:
        found = judged(content(file), InStore(store), trusted, now)
    except NotReadable as fault:
        raise Problem(said("{file}: {fault}", file=file, fault=fault)) from fault
    found = replace(
        found,
        faults=(*found.faults, *_kept(store.folder, found.issued)),
        notes=(*_signed_once(store, found), *found.notes),
    )
    issued.checked(
        store,
        found.sha256,
        found.issued,
        faults=[one.code for one in found.faults],
        signers=[one.signer for one in found.signatures],
        by=whoami(),
        now=now,
    )
    return found


def as_dict(found: Verdict) -> dict[str, Any]:
    """The verdict in plain JSON types."""
    plain: dict[str, Any] = msgspec.to_builtins(found)
    return {"good": found.good} | plain


def _signed_once(store: Store, found: Verdict) -> Iterator[Words]:
    """Whether a copy with signatures was verified before, of a report that now comes without."""
    if found.issued is None or found.signatures:
        return
    for one in reversed(issued.copies(store, found.issued)):
        if one.signers:
            yield both(
                "A copy of this report was verified that {who} had signed; this one carries no "
                "signature, or it was taken off.",
                who="; ".join(one.signers),
            )
            return


def _kept(folder: Path, given: Issued | None) -> Iterator[Fault]:
    """Whether the figures that the data folder keeps are still those that were issued."""
    if given is None:
        return
    try:
        figures = keeping.head(keeping.named(folder, given.report))[1]
    except NotKept as fault:
        said = both(
            "The figures of the report {report} cannot be read in the data folder ({why}).",
            report=given.report,
            why=fault,
        )
        yield Fault("kept_figures_missing", said)
        return
    if figures != given.figures:
        said = both(
            "The figures that the data folder keeps of the report {report} were changed since it "
            "was issued.",
            report=given.report,
        )
        yield Fault("kept_figures_changed", said)
