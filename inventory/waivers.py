"""Dated exceptions that somebody approved: kept as they were given, ended but never deleted.

Days are ISO days of the office and inclusive. Whether a waiver may be given is decided by
`policies.waivers`; this module keeps it, with its entry in the audit log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from inventory import audit, composing
from inventory.errors import InventoryError
from inventory.store import Store
from inventory.times import stamp
from language.said import said

SCOPES = ("device", "unit", "rule")  #: one machine, a unit with its parts, every machine


class NoSuchWaiver(InventoryError):
    """No waiver has this id, or it was ended before."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One exception. ``subject``: a device's id, a unit's code, or empty for every machine.

    ``id`` follows from what was given, so that a file that is imported twice gives nothing twice.
    """

    id: str
    policy: str
    rule: str
    scope: str
    subject: str
    reason: str
    approved_by: str
    starts: str
    expires: str
    entered_at: str
    entered_by: str
    source: str
    ended_at: str | None = None
    ended_by: str | None = None
    ended_why: str | None = None

    def in_force(self, day: str) -> bool:
        """Whether it covers a day: its last day belongs to it."""
        return self.ended_at is None and self.starts <= day <= self.expires

    @property
    def where(self) -> str:
        """Its subject as a person reads it."""
        return self.subject or "*"


def waiver_id(*content: str) -> str:
    """The id of a waiver with this content."""
    text = "\0".join(content)
    return f"w-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def add(store: Store, given: Iterable[Waiver], *, now: datetime) -> list[Waiver]:
    """Keep waivers, all or none; gives those that were not there before."""
    with store.write() as db:
        added = []
        for one in given:
            if db.execute("SELECT 1 FROM waivers WHERE id = ?", (one.id,)).fetchone():
                continue
            db.execute(
                "INSERT INTO waivers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                astuple(one),
            )
            detail = {
                "waiver": one.id,
                "rule": f"{one.policy}/{one.rule}",
                one.scope: one.where,
                "until": one.expires,
                "approved_by": one.approved_by,
                "reason": one.reason,
            }
            audit.append(db, one.entered_by, "waiver given", detail, now)
            added.append(one)
        return added


def end(store: Store, name: str, *, by: str, why: str, now: datetime) -> None:
    """End a waiver before its last day.

    Raises:
        NoSuchWaiver: there is none, or it was ended before.
    """
    with store.write() as db:
        cursor = db.execute(
            "UPDATE waivers SET ended_at = ?, ended_by = ?, ended_why = ? "
            "WHERE id = ? AND ended_at IS NULL",
            (stamp(now), by, why, name),
        )
        if not cursor.rowcount:
            raise NoSuchWaiver(
                said("no waiver in force has the id {name}; see: rasoat waivers", name=name)
            )
        audit.append(db, by, "waiver ended", {"waiver": name, "why": why}, now)


def waivers(store: Store, policy: str | None = None) -> list[Waiver]:
    """Every waiver, the ended too, those that expire first at the top; of one policy, or of all.

    The device of one is the device that the id belongs to now: it may have been joined since.
    """
    db = store.reader()
    rows = db.execute(
        "SELECT * FROM waivers WHERE ?1 IS NULL OR policy = ?1 ORDER BY expires, id", (policy,)
    )
    found = []
    for row in rows.fetchall():
        one = Waiver(*row)
        if one.scope == "device":
            now_is = composing.device_of(db, one.subject) or one.subject
            one = replace(one, subject=now_is)
        found.append(one)
    return found
