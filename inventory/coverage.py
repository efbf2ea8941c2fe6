"""The coverage state of a device (DESIGN §7): whether it is ours, and whether it reports.

The states divide everything that is known: each device is in exactly one, so their sum is the
register plus what is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENT_AFTER = timedelta(days=7)  #: DESIGN §1: "Silent for over 7 days"
SEEN_WITHIN = timedelta(days=30)  #: a sighting older than that no longer says "on the network"
#: Kinds of assets that can run an agent; only these count in the statements' denominator.
COMPUTERS = frozenset({"pc", "server", "unknown"})


class State(StrEnum):
    """In words a person reads: `reports.words`."""

    MANAGED = "managed"
    SILENT = "silent"
    NO_AGENT = "no_agent"
    MISSING = "missing"
    UNREGISTERED = "unregistered"
    UNKNOWN_DEVICE = "unknown_device"


@dataclass(frozen=True, slots=True)
class Known:
    """What a device's coverage depends on. ``agent``: approved, pending, quarantined, or none."""

    registered: bool
    agent: str | None
    reported_at: datetime | None
    seen_at: datetime | None


def state(known: Known, now: datetime) -> State:
    """The one state of a device at a moment."""
    if known.agent is not None and not known.registered:
        return State.UNREGISTERED
    if known.agent is not None:
        return State.MANAGED if reports(known, now) else State.SILENT
    if not known.registered:
        return State.UNKNOWN_DEVICE
    return State.NO_AGENT if _seen(known, now) else State.MISSING


def reports(known: Known, now: datetime) -> bool:
    """Whether its agent is trusted and was heard lately."""
    return (
        known.agent == "approved"
        and known.reported_at is not None
        and now - known.reported_at <= SILENT_AFTER
    )


def _seen(known: Known, now: datetime) -> bool:
    return known.seen_at is not None and now - known.seen_at <= SEEN_WITHIN
