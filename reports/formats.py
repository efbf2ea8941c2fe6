"""Times as the office writes them, in Vietnamese and in English.

Data carries UTC ISO 8601; people read the office's time zone. Vietnamese dates are dd/MM/yyyy
(Decree 30/2020; Babel's short Vietnamese date is d/M/yy, so the pattern is set here).
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from inventory.times import OFFICE_ZONE


def parse_time(text: str) -> datetime:
    """A UTC ISO 8601 time as the store and reports write it (``…Z`` or ``+00:00``)."""
    return datetime.fromisoformat(text)


def day(text: str, lang: str) -> str:
    """An ISO day as people write it: ``31/03/2027`` or ``2027-03-31``."""
    return "/".join(reversed(text.split("-"))) if lang == "vi" else text


def local_time(moment: datetime, lang: str, zone: str = OFFICE_ZONE) -> str:
    """Date and time of day in the office's zone: ``23/11/2026 15:04`` or ``2026-11-23 15:04``."""
    pattern = "%d/%m/%Y %H:%M" if lang == "vi" else "%Y-%m-%d %H:%M"
    return moment.astimezone(ZoneInfo(zone)).strftime(pattern)


def office_day(moment: datetime, zone: str = OFFICE_ZONE) -> str:
    """The ISO day of a moment in the office's zone."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()
