"""Sections by their content: what a report leaves out because it has not changed, and finds again.

A report may name a section by the SHA-256 of its content in place of sending it. The content is
kept here under that hash, so every row proves itself, and a section that goes from A to B and back
to A needs no memory of the way. The agent signed the hash; the content follows from it.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory.catalogue import AGENT_SECTION
from inventory.document import section_of
from inventory.fact_types import report_type
from inventory.times import moment, stamp
from language.said import Said, said

LONGEST_RESOLVED = 16 << 20  #: bytes of a document with all its sections (DESIGN §5)
REMEMBERED = timedelta(days=1)  #: how exactly it is kept when a section was last sent in full
SPOOLED = timedelta(
    days=68
)  #: how long a report may wait on an agent (60 days), and a full one's 7
_FAST = 1  # of zlib: the writer waits for it


def given(raw: bytes) -> dict[str, bytes]:
    """The content of every section that the document ``raw`` carries, in its one byte form.

    ``raw`` has passed `decode_report`. The form: JSON of ``{"facts": …, "unknown": {…}}``, ASCII,
    keys sorted, no blanks, numbers as the agent wrote them; "facts" is left out where nothing of
    the section could be read.
    """
    document = json.loads(raw)
    found = {name: {"facts": facts} for name, facts in document["facts"].items()}
    for path, entry in document["unknown"].items():
        found.setdefault(section_of(path), {}).setdefault("unknown", {})[path] = entry
    return {
        name: _canonical({"unknown": {}, **content})
        for name, content in found.items()
        if name != AGENT_SECTION
    }


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def unchanged(report: Any) -> dict[str, str]:
    """Section → hash, of every section that a report names and does not carry."""
    named: dict[str, str] = msgspec.to_builtins(report.unchanged) if report.unchanged else {}
    return named


def resolved(db: Database, agent: str, report: Any) -> Any | None:
    """The report with every section that it names in its place.

    None where the content of one is not known here, or all of them together are too long: then the
    agent must send them.
    """
    named = unchanged(report)
    if not named:
        return report
    found = {name: _content(db, agent, name, digest) for name, digest in named.items()}
    if sum(len(content or b"") for content in found.values()) > LONGEST_RESOLVED:
        return None
    plain: dict[str, Any] = msgspec.to_builtins(report)
    del plain["unchanged"]
    for name, content in found.items():
        if content is None:
            return None
        section = json.loads(content)
        plain["unknown"] |= section["unknown"]
        if "facts" in section:
            plain["facts"][name] = section["facts"]
    try:
        return msgspec.convert(plain, report_type())
    except msgspec.ValidationError:  # an older catalogue took it: the agent sends it anew
        return None


def _content(db: Database, agent: str, name: str, digest: str) -> bytes | None:
    row = db.execute(
        "SELECT content FROM sections WHERE agent = ? AND name = ? AND hash = ?",
        (agent, name, digest),
    ).fetchone()
    return None if row is None else unpacked(row[0])


def unpacked(content: bytes) -> bytes | None:
    """A row's content, or None where it is none that this module wrote."""
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(content, LONGEST_RESOLVED + 1)
    except zlib.error:
        return None
    return raw if unpacker.eof else None


def keep(db: Database, agent: str, contents: Mapping[str, bytes], at: datetime) -> None:
    """Keep what a report carried, inside its transaction."""
    for name, content in contents.items():
        digest = hashlib.sha256(content).hexdigest()
        row = db.execute(
            "SELECT given_at FROM sections WHERE agent = ? AND name = ? AND hash = ?",
            (agent, name, digest),
        ).fetchone()
        if row is None:
            columns = (agent, name, digest, zlib.compress(content, _FAST), stamp(at))
            db.execute("INSERT INTO sections VALUES (?, ?, ?, ?, ?)", columns)
        elif at - moment(row[0]) > REMEMBERED:
            db.execute(
                "UPDATE sections SET given_at = ? WHERE agent = ? AND name = ? AND hash = ?",
                (stamp(at), agent, name, digest),
            )


def forgettable(
    db: Database, before: datetime, needed: Iterable[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """What was last sent long before ``before``, but for what is ``needed``.

    Both are (agent, section, hash); ``needed``: what devices' views rest on.
    """
    kept = set(needed)
    old = db.execute(
        "SELECT agent, name, hash FROM sections WHERE given_at < ?", (stamp(before - SPOOLED),)
    ).fetchall()
    return [tuple(row) for row in old if tuple(row) not in kept]


def forget(db: Database, before: datetime, needed: Iterable[tuple[str, str, str]]) -> int:
    """Drop what is `forgettable`; gives how many.

    An agent that still names one that was dropped is told so, and sends it again.
    """
    gone = forgettable(db, before, needed)
    db.conn.executemany("DELETE FROM sections WHERE agent = ? AND name = ? AND hash = ?", gone)
    return len(gone)


def problems(db: Database) -> Iterable[Said]:
    """Every row whose content is not the one that its hash names."""
    for agent, name, digest, content in db.execute(
        "SELECT agent, name, hash, content FROM sections"
    ):
        raw = unpacked(content)
        if raw is None or hashlib.sha256(raw).hexdigest() != digest:
            yield said(
                "section {name} of agent {agent}: is not what its hash {digest}… names",
                name=name,
                agent=agent,
                digest=digest[:12],
            )
