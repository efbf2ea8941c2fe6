"""Devices as rules and people see them: the latest view of each, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from inventory.errors import NoSuchDevice
from inventory.store import Store
from inventory.times import maybe


@dataclass(frozen=True, slots=True)
class DeviceView:
    """What is known of one device now. ``view`` is JSON, None where it never reported.

    ``report`` names the evidence: ``agent/epoch/sequence``.
    """

    device: str
    name: str
    agent: str
    platform: str
    unit: str | None
    status: str
    alert: str | None
    view: bytes | None
    received_at: datetime | None
    report: str | None

    @classmethod
    def of_document(cls, device: str, name: str, view: bytes, at: datetime) -> DeviceView:
        """A device that no store knows, from a document at hand."""
        return cls(device, name, "", "", None, "approved", None, view, at, None)


_VIEWS = (
    "SELECT d.id, a.name, a.id, a.platform, a.unit, a.status, a.alert, v.view, r.received_at, "
    "r.agent || '/' || r.epoch || '/' || r.sequence FROM devices d "
    "JOIN agents a ON a.device = d.id LEFT JOIN views v ON v.device = d.id "
    "LEFT JOIN reports r ON r.id = v.report "
)


def views(store: Store) -> list[DeviceView]:
    """Every device expected to report, by name: all enrolled ones but the revoked."""
    rows = store.reader().execute(f"{_VIEWS} WHERE a.status != 'revoked' ORDER BY a.name, d.id")
    return [_device(row) for row in rows]


def view(store: Store, device: str) -> DeviceView:
    """One device, revoked or not.

    Raises:
        NoSuchDevice: no device has this id.
    """
    row = store.reader().execute(f"{_VIEWS} WHERE d.id = ?", (device,)).fetchone()
    if row is None:
        raise NoSuchDevice(f"no device has the id {device}; see: rasoat devices")
    return _device(row)


def show(store: Store, device: str, most: int = 200) -> dict[str, Any]:
    """All that is known of one device, newest changes first, in plain JSON types.

    Raises:
        NoSuchDevice: no device has this id.
    """
    known = view(store, device)
    db = store.reader()
    changed = db.query(
        "SELECT c.at, c.path, c.element, c.old, c.new, "
        "r.agent || '/' || r.epoch || '/' || r.sequence AS report FROM changes c "
        "JOIN reports r ON r.id = c.report WHERE c.device = ? ORDER BY c.id DESC LIMIT ?",
        (device, most),
    )
    findings = db.query(
        "SELECT policy, rule, result, reason, explanation_vi, explanation_en, since, evaluated_at "
        "FROM findings WHERE device = ? ORDER BY policy, rule",
        (device,),
    )
    plain = {name: getattr(known, name) for name in ("device", "name", "agent", "platform")}
    plain |= {name: getattr(known, name) for name in ("unit", "status", "alert", "report")}
    decoded = msgspec.json.decode(known.view) if known.view else {"facts": None, "unknown": None}
    return plain | decoded | {"findings": list(findings), "changes": list(changed)}


def _device(row: tuple[Any, ...]) -> DeviceView:
    known = dict(zip(DeviceView.__slots__, row, strict=True))
    return DeviceView(**known | {"received_at": maybe(known["received_at"])})
