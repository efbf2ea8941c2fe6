"""The files that reports were issued as, so that a copy that comes back signed can be told apart.

A signature is added to a PDF behind its last byte. So the copy of an issued file begins with that
file, byte for byte: its length and hash are enough to know it again, whatever stands after it.
Every file and every check of a copy stands in the audit log as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory import audit
from inventory.store import Store
from inventory.times import stamp
from language.said import Said, said

ISSUED, CHECKED = "report issued", "report verified"  #: in the audit log


@dataclass(frozen=True, slots=True)
class Issued:
    """One file; ``figures`` is the hash of the kept figures that it was made from.

    ``report`` is the report's id; ``file`` the file's name, without its folder.
    """

    sha256: str
    length: int
    report: str
    figures: str
    policy: str
    lang: str
    format: str
    file: str
    made_at: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One check of a copy of an issued file: who had signed it, and what was wrong with it."""

    at: str
    by: str
    issued: str
    sha256: str
    good: bool
    faults: tuple[str, ...]
    signers: tuple[str, ...]


def record(store: Store, given: Issued, *, by: str, now: datetime) -> bool:
    """Keep what was issued; False: the same bytes were issued before, and nothing is new."""
    with store.write() as db:
        if db.execute("SELECT 1 FROM issued_reports WHERE sha256 = ?", (given.sha256,)).fetchone():
            return False
        db.execute("INSERT INTO issued_reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(given))
        audit.append(db, by, ISSUED, _plain(given), now)
    return True


def issued(store: Store, report: str = "") -> list[Issued]:
    """Every file, in the order they were made; of one report, or of all."""
    rows = store.reader().execute(
        "SELECT * FROM issued_reports WHERE ?1 = '' OR report = ?1 ORDER BY made_at, sha256",
        (report,),
    )
    return [Issued(*row) for row in rows.fetchall()]


def find_by_prefix(store: Store, pdf: bytes) -> Issued | None:
    """The issued file that ``pdf`` begins with; the longest, were there several."""
    db, found = store.reader(), None
    lengths = "SELECT DISTINCT length FROM issued_reports WHERE length <= ? ORDER BY length"
    begun, seen = hashlib.sha256(), 0
    for (length,) in db.execute(lengths, (len(pdf),)).fetchall():
        begun.update(memoryview(pdf)[seen:length])
        seen = length
        row = db.execute(
            "SELECT * FROM issued_reports WHERE sha256 = ? AND length = ?",
            (begun.hexdigest(), length),
        ).fetchone()
        found = Issued(*row) if row else found
    return found


def find_by_figures(store: Store, figures: str) -> Issued | None:
    """A file that was issued with the figures of this hash."""
    row = (
        store.reader()
        .execute(
            "SELECT * FROM issued_reports WHERE figures = ? ORDER BY made_at LIMIT 1", (figures,)
        )
        .fetchone()
    )
    return Issued(*row) if row else None


def checked(
    store: Store,
    copy: str,
    of: Issued | None,
    *,
    faults: Sequence[str],
    signers: Sequence[str],
    by: str,
    now: datetime,
) -> None:
    """Note that a copy (by its SHA-256) was checked; beside the file it is of, if it is of one."""
    entry: dict[str, Any] = {"sha256": copy, "faults": list(faults), "signers": list(signers)}
    entry["report"] = of.report if of else None
    with store.write() as db:
        audit.append(db, by, CHECKED, entry, now)
        if of is not None:
            names = (msgspec.json.encode(list(one)).decode() for one in (faults, signers))
            db.execute(
                "INSERT INTO checked_copies (at, by, issued, sha256, good, faults, signers) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (stamp(now), by, of.sha256, copy, not faults, *names),
            )


def copies(store: Store, of: Issued) -> list[Copy]:
    """The copies of a file that were checked, oldest first."""
    rows = store.reader().execute(
        "SELECT at, by, issued, sha256, good, faults, signers FROM checked_copies "
        "WHERE issued = ? ORDER BY number",
        (of.sha256,),
    )
    return [
        Copy(at, by, issued, sha256, bool(good), _names(faults), _names(signers))
        for at, by, issued, sha256, good, faults, signers in rows.fetchall()
    ]


def _names(text: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(text, type=list[str]))


def problems(db: Database) -> Iterator[Said]:
    """Every issued file that is not as the audit log says, or that the log does not know."""
    told = dict(_said(db))
    for row in db.execute("SELECT * FROM issued_reports").fetchall():
        one = Issued(*row)
        if told.pop(one.sha256, None) != _plain(one):
            yield said(
                "issued report {digest}: is not as the audit log says it was issued",
                digest=one.sha256[:16],
            )
    for sha256 in told:
        yield said(
            "issued report {digest}: was issued, and is not there any more", digest=sha256[:16]
        )


def _said(db: Database) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in audit.read(db):
        if entry.action != ISSUED:
            continue
        try:
            detail = msgspec.json.decode(entry.detail, type=dict[str, Any])
        except msgspec.MsgspecError:
            continue  # not what was written: the chain tells
        yield str(detail.get("sha256")), detail


def _plain(one: Issued) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(one)
    return plain
