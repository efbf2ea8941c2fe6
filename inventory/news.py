"""What has come since one looked: whose reports, and whether anything else was changed.

A report concerns its device. Scans, the register, units, waivers and whatever people decide may
concern many; of those it is only told that there was something.
"""

from __future__ import annotations

from typing import NamedTuple

from inventory.store import Store


class Mark(NamedTuple):
    """How far the store had come; numbers only grow."""

    reports: int
    scans: int
    moves: int
    audit: int

    @property
    def beside_reports(self) -> tuple[int, ...]:
        """All but reports."""
        return self[1:]


def mark(store: Store) -> Mark:
    """How far the store has come now."""
    row = store.reader().execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM reports), "
        "(SELECT coalesce(max(number), 0) FROM scans), (SELECT coalesce(max(id), 0) FROM moves), "
        "(SELECT coalesce(max(entries), 0) FROM audit_head)"
    )
    return Mark(*row.fetchone())


def reported_since(store: Store, seen: Mark) -> list[str]:
    """The devices whose reports came after ``seen``."""
    rows = store.reader().execute(
        "SELECT DISTINCT o.device FROM reports r JOIN observations o ON o.ref = r.agent "
        "AND o.source = 'agent' WHERE r.id > ? ORDER BY 1",
        (seen.reports,),
    )
    return [device for (device,) in rows.fetchall()]
