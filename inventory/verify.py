"""Is everything still as it was written? The database, the evidence, the views, the audit log."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory import agreement, audit, chain, issued, sections
from inventory.agents import agent_id
from inventory.document import DocumentRefused, decode_report, encode_view
from inventory.errors import DamagedDatabase
from inventory.intake import derived_view
from inventory.store import Store
from inventory.times import moment
from language.said import Said, said

#: (public key, signed headers, body) → what is wrong with the signature, or None
CheckSignature = Callable[[bytes, bytes, bytes], str | None]

#: first releases without the WAL-reset bug (sqlite.org/wal.html): main line, and two backports
_FIXED = (3, 51, 3)
_BACKPORTS = ((3, 44, 6), (3, 50, 7))
_FIRST_AFFECTED = (3, 7, 0)


@dataclass
class Verification:
    """What was checked, and everything that is wrong; ``clean`` when nothing is."""

    reports: int = 0  #: whose digest and signature were checked
    forgotten: int = 0  #: whose body a retention dropped: number and digest alone remain
    quarantined: int = 0
    scans: int = 0  #: that sensors signed
    sections: int = 0  #: contents that reports may name by their hash
    views: int = 0
    audit_entries: int = 0
    reports_head: str = chain.START  #: the last hash of each chain: noted down elsewhere, it
    audit_head: str = audit.START  #: shows a chain that was made anew as a whole
    sqlite: str = sqlite3.sqlite_version
    wal_reset_bug: bool = field(default_factory=lambda: has_wal_reset_bug(sqlite3.sqlite_version))
    problems: list[Said] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(store: Store, check_signature: CheckSignature) -> Verification:
    """Check everything that a verdict rests on; reads only."""
    db, found = store.reader(), Verification()
    db.conn.execute("BEGIN")  # one moment for all the checks
    try:
        for check in (*_CHECKS, _chain, _agreement):
            try:
                found.problems.extend(check(db, found, check_signature))
            except (DamagedDatabase, sqlite3.Error) as fault:
                found.problems.append(said("database: {line}", line=fault))
    finally:
        db.rollback()
    return found


def has_wal_reset_bug(version: str) -> bool:
    """Whether this SQLite can corrupt a WAL database when two connections write at once."""
    number = tuple(int(part) for part in version.split("."))
    backported = any(number[:2] == fixed[:2] and number >= fixed for fixed in _BACKPORTS)
    return _FIRST_AFFECTED <= number < _FIXED and not backported


def _integrity(db: Database, _: Verification, __: CheckSignature) -> Iterator[Said]:
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield said("database: {line}", line=line)
    for table, row, parent, _number in db.execute("PRAGMA foreign_key_check"):
        yield said(
            "database: {table} row {row} refers to a row of {parent} that is not there",
            table=table,
            row=row,
            parent=parent,
        )


_EVIDENCE = (
    "SELECT a.public_key, t.agent, t.epoch, t.sequence, t.digest, t.signed, t.body "
    "FROM {} t LEFT JOIN agents a ON a.id = t.agent"
)


def _reports(db: Database, found: Verification, check: CheckSignature) -> Iterator[Said]:
    for row in db.execute(_EVIDENCE.format("reports")):
        if row[-1] is None:
            found.forgotten += 1
            continue
        found.reports += 1
        yield from _evidence(said("report"), row, check)


def _quarantined(db: Database, found: Verification, check: CheckSignature) -> Iterator[Said]:
    for row in db.execute(_EVIDENCE.format("quarantined_reports")):
        found.quarantined += 1
        yield from _evidence(said("quarantined report"), row, check)


def _scans(db: Database, found: Verification, check: CheckSignature) -> Iterator[Said]:
    for row in db.execute(f"{_EVIDENCE.format('scans')} WHERE t.agent IS NOT NULL"):
        found.scans += 1
        yield from _evidence(said("scan"), row, check)


def _evidence(what: Said, row: tuple[object, ...], check: CheckSignature) -> Iterator[Said]:
    public_key, agent, epoch, sequence, digest, signed, body = row
    name = said(
        "{what} {agent}/{epoch}/{sequence}", what=what, agent=agent, epoch=epoch, sequence=sequence
    )
    if not isinstance(public_key, bytes) or not isinstance(body, bytes):
        yield said("{name}: its agent is not known", name=name)
        return
    if hashlib.sha256(body).digest() != digest:
        yield said("{name}: the body is not the one that was received", name=name)
    wrong = check(public_key, bytes(signed), body)  # type: ignore[call-overload]
    if wrong:
        yield said("{name}: {wrong}", name=name, wrong=wrong)
    yield from _numbered(name, bytes(signed), agent, epoch, sequence)  # type: ignore[call-overload]


def _numbered(
    name: Said, signed: bytes, agent: object, epoch: object, sequence: object
) -> Iterator[Said]:
    """The row's number must be the signed one: a report cannot be filed under another name."""
    for header, value in (
        ("rasoat-agent", agent),
        ("rasoat-epoch", epoch),
        ("rasoat-sequence", sequence),
    ):
        if f'"{header}":"{value}"'.encode() not in signed.replace(b": ", b":"):
            yield said(
                "{name}: was signed under another {field}",
                name=name,
                field=header.removeprefix("rasoat-"),
            )


def _views(db: Database, found: Verification, _: CheckSignature) -> Iterator[Said]:
    rows = db.execute(
        "SELECT v.device, v.view, v.hash, r.agent, r.body, r.received_at, r.skew_seconds, "
        "(SELECT max(printf('%020d/%020d', n.epoch, n.sequence)) FROM reports n "
        "WHERE n.agent = r.agent) = printf('%020d/%020d', r.epoch, r.sequence) "
        "FROM views v LEFT JOIN reports r ON r.id = v.report"
    )
    for device, view, digest, agent, body, received_at, skew, newest in rows:
        found.views += 1
        if hashlib.sha256(view).hexdigest() != digest:
            yield said(
                "device {device}: its facts were changed after they were written", device=device
            )
        if not newest:
            yield said(
                "device {device}: its facts are not those of its newest report", device=device
            )
        if body is None:
            yield said("device {device}: the report behind its facts is missing", device=device)
        elif _derived(db, agent, body, received_at, skew) != view:
            yield said("device {device}: its facts do not follow from its report", device=device)


def _derived(db: Database, agent: str, body: bytes, received_at: str, skew: int) -> bytes | None:
    """The view that a report gives, with the sections that it names."""
    try:
        report = sections.resolved(db, agent, decode_report(gzip.decompress(body)))
    except (OSError, EOFError, zlib.error, DocumentRefused):
        return None
    if report is None:
        return None
    return encode_view(derived_view(report, moment(received_at), skew))


def _complete(db: Database, _: Verification, __: CheckSignature) -> Iterator[Said]:
    """No report was taken out: rows are numbered without a gap, and nothing here removes one."""
    for table in ("reports", "quarantined_reports"):
        rows, last = db.execute(f"SELECT count(*), coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608
        if rows != last:
            yield said(
                "{table}: {n} removed of the {total} that were stored",
                table=table,
                n=last - rows,
                total=last,
            )
    rows = db.execute(
        "SELECT id, last_report_at FROM agents WHERE last_report_at IS NOT "
        "(SELECT max(received_at) FROM reports WHERE agent = agents.id)"
    )
    for agent, last in rows:
        yield said("agent {agent}: its report of {last} is missing", agent=agent, last=last)
    rows = db.execute(
        "SELECT DISTINCT a.device FROM reports r JOIN agents a ON a.id = r.agent "
        "WHERE NOT EXISTS (SELECT 1 FROM views WHERE device = a.device)"
    )
    for (device,) in rows:
        yield said("device {device}: has reports, but its facts are missing", device=device)


def _agents(db: Database, _: Verification, __: CheckSignature) -> Iterator[Said]:
    """Every agent is its key, and stands as people and the server last decided, by the log."""
    decided = _decisions(db)
    for agent, public_key, status in db.execute("SELECT id, public_key, status FROM agents"):
        if agent_id(public_key) != agent:
            yield said("agent {agent}: has the key of another agent", agent=agent)
        if agent not in decided:
            yield said("agent {agent}: the audit log does not know of its enrolment", agent=agent)
        elif decided[agent] != status:
            yield said(
                "agent {agent}: is {status}, but the audit log says {decided}",
                agent=agent,
                status=status,
                decided=decided[agent],
            )


def _decisions(db: Database) -> dict[str, str]:
    """Each enrolled agent's status by the audit log."""
    decided: dict[str, str] = {}
    for entry in audit.read(db):
        what, _, action = entry.action.partition(" ")
        if what != "agent":
            continue
        try:
            detail = msgspec.json.decode(entry.detail, type=dict[str, Any])
        except msgspec.MsgspecError:
            continue  # not what was written: the chain tells
        agent = str(detail.get("agent", ""))
        if action == "enrolled" or agent in decided:
            decided[agent] = str(detail.get("status", action))
    return decided


def _audit(db: Database, found: Verification, _: CheckSignature) -> Iterator[Said]:
    found.audit_entries = db.execute("SELECT count(*) FROM audit").fetchone()[0]
    found.audit_head = audit.head(db)[1]
    yield from audit.problems(db)


def _chain(db: Database, found: Verification, _: CheckSignature) -> Iterator[Said]:
    found.reports_head = chain.head(db)[1]
    yield from chain.problems(db)


def _agreement(db: Database, _: Verification, __: CheckSignature) -> Iterator[Said]:
    yield from agreement.problems(db)
    yield from issued.problems(db)


def _sections(db: Database, found: Verification, _: CheckSignature) -> Iterator[Said]:
    """Every section is what its hash names, so that a report that names it is whole."""
    found.sections = db.execute("SELECT count(*) FROM sections").fetchone()[0]
    yield from sections.problems(db)


_CHECKS = (
    *(_integrity, _reports, _quarantined, _scans, _sections, _views, _complete, _agents, _audit),
)
