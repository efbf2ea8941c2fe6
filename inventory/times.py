"""Times as the store keeps them: UTC, ISO 8601, whole seconds, ``Z``; they sort as text."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

OFFICE_ZONE = "Asia/Ho_Chi_Minh"  #: in which the office's days begin and end


def stamp(moment: datetime) -> str:
    """A moment (with a time zone) as the store writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """A time that the store wrote."""
    return datetime.fromisoformat(text)


def maybe(text: str | None) -> datetime | None:
    """As ``moment``; None stays None."""
    return None if text is None else moment(text)


def office_day(moment: datetime) -> str:
    """The day of a moment in the office's time zone, ISO 8601."""
    return moment.astimezone(ZoneInfo(OFFICE_ZONE)).date().isoformat()
