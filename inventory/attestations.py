"""What people state about requirements that no machine can check: who, when, until when.

Kept as they were given, ended but never deleted. Days are ISO days of the office and inclusive.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime

from inventory import audit
from inventory.errors import InventoryError
from inventory.store import Store
from inventory.times import stamp
from language.said import said

STATUSES = ("met", "partly", "not_met", "not_applicable")


class NoSuchAttestation(InventoryError):
    """None has this id, or it was ended before."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """One statement. ``unit``: a unit's code, or empty for the whole office."""

    id: str
    framework: str
    requirement: str
    unit: str
    status: str
    statement: str
    evidence: str
    attested_by: str
    attested_on: str
    expires: str
    entered_at: str
    entered_by: str
    ended_at: str | None = None
    ended_by: str | None = None
    ended_why: str | None = None

    def in_force(self, day: str) -> bool:
        """Whether it speaks of a day: its last day belongs to it."""
        return self.ended_at is None and self.attested_on <= day <= self.expires


def add(store: Store, one: Attestation, *, now: datetime) -> None:
    """Keep a statement; an older one of the same requirement stays, and the newest counts."""
    with store.write() as db:
        db.execute(
            "INSERT INTO attestations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            astuple(one),
        )
        detail = {
            "attestation": one.id,
            "requirement": f"{one.framework} {one.requirement}",
            "status": one.status,
            "by": one.attested_by,
            "until": one.expires,
        }
        audit.append(db, one.entered_by, "attested", detail, now)


def end(store: Store, name: str, *, by: str, why: str, now: datetime) -> None:
    """End a statement before its last day.

    Raises:
        NoSuchAttestation: there is none, or it was ended before.
    """
    with store.write() as db:
        cursor = db.execute(
            "UPDATE attestations SET ended_at = ?, ended_by = ?, ended_why = ? "
            "WHERE id = ? AND ended_at IS NULL",
            (stamp(now), by, why, name),
        )
        if not cursor.rowcount:
            raise NoSuchAttestation(said("no attestation in force has the id {name}", name=name))
        audit.append(db, by, "attestation ended", {"attestation": name, "why": why}, now)


def attestations(store: Store, framework: str) -> list[Attestation]:
    """Every statement about a framework, oldest first, the ended too."""
    rows = store.reader().execute(
        "SELECT * FROM attestations WHERE framework = ? ORDER BY attested_on, entered_at, id",
        (framework,),
    )
    return [Attestation(*row) for row in rows.fetchall()]
