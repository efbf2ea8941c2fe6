"""Times as the office writes them, in Vietnamese and in English.

Data carries UTC ISO 8601; people read the office's time zone.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from inventory.times import OFFICE_ZONE
from language.forms import DAY


def parse_time(text: str) -> datetime:
    """A UTC ISO 8601 time as the store and reports write it (``…Z`` or ``+00:00``)."""
    return datetime.fromisoformat(text)


def local_time(moment: datetime, lang: str, zone: str = OFFICE_ZONE) -> str:
    """Date and time of day in the office's zone: ``23/11/2026 15:04`` or ``2026-11-23 15:04``."""
    return moment.astimezone(ZoneInfo(zone)).strftime(f"{DAY[lang]} %H:%M")


def office_day(moment: datetime, zone: str = OFFICE_ZONE) -> str:
    """The ISO day of a moment in the office's zone."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()
