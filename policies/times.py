"""Moments and spans of time: UTC ISO 8601 text and whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800  #: seconds
SPANS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
SKEW = HOUR  #: seconds that a moment may lie in the future and still count as "just now"

_SPAN = re.compile(r"([0-9]{1,7})([smhdw])")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def span_seconds(text: str) -> int | None:
    """Seconds of ``7d``, ``12h``, ``30m``, ``45s`` or ``2w``; None when it is not a span."""
    match = _SPAN.fullmatch(text)
    return int(match[1]) * SPANS[match[2]] if match else None


@lru_cache(maxsize=65_536)
def moment_seconds(text: str) -> int | None:
    """Seconds since 1970 of ``2026-11-23T08:00:00Z``; None when it is not such a moment."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except ValueError:  # 31 February
        return None


def moment_text(seconds: int) -> str:
    """The UTC text of ``seconds`` since 1970."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(moment: datetime) -> int:
    """Seconds since 1970 of an aware datetime.

    Raises:
        ValueError: the datetime has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return int(moment.timestamp())


def within(text: str, now: int, span: int) -> bool | None:
    """Whether the moment lies in the last ``span`` seconds.

    None when it cannot be read as a moment.

    A moment in the future (beyond an hour of clock skew) is not within the past.
    """
    seconds = moment_seconds(text)
    return None if seconds is None else -SKEW <= now - seconds <= span


def older_than(text: str, now: int, span: int) -> bool | None:
    """Whether the moment lies more than ``span`` seconds back.

    None when it cannot be read as a moment.
    """
    seconds = moment_seconds(text)
    return None if seconds is None else now - seconds > span
