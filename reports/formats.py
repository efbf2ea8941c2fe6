"""Numbers, dates and ages as the office writes them, in Vietnamese and in English.

Data carries UTC ISO 8601; people read the office's time zone. Vietnamese: 1.234,5 and dd/MM/yyyy
(Decree 30/2020; Babel's short Vietnamese date is d/M/yy, so the pattern is set here).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE_ZONE = "Asia/Ho_Chi_Minh"

_UNITS = {
    "vi": (("ngày", 86_400), ("giờ", 3_600), ("phút", 60)),
    "en": (("d", 86_400), ("h", 3_600), ("min", 60)),
}


def parse_time(text: str) -> datetime:
    """A UTC ISO 8601 time as the store and reports write it (``…Z`` or ``+00:00``)."""
    return datetime.fromisoformat(text)


def local_time(moment: datetime, lang: str, zone: str = OFFICE_ZONE) -> str:
    """Date and time of day in the office's zone: ``23/11/2026 15:04`` or ``2026-11-23 15:04``."""
    pattern = "%d/%m/%Y %H:%M" if lang == "vi" else "%Y-%m-%d %H:%M"
    return moment.astimezone(ZoneInfo(zone)).strftime(pattern)


def percent(part: int, whole: int, lang: str) -> str:
    """``part`` of ``whole`` with one decimal, never rounded up; a dash where nothing is whole."""
    if whole == 0:
        return "–"
    tenths = part * 1000 // whole
    text = f"{tenths // 10}.{tenths % 10} %"
    return text.replace(".", ",") if lang == "vi" else text


def number(value: int, lang: str) -> str:
    """A whole number with the language's thousands separator."""
    return f"{value:,}".replace(",", ".") if lang == "vi" else f"{value:,}"


def age(span: timedelta, lang: str) -> str:
    """How long ago, in the largest unit that fits: ``2 h``, ``3 ngày``."""
    seconds = max(0, int(span.total_seconds()))
    for name, size in _UNITS[lang]:
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} {'giây' if lang == 'vi' else 's'}"
