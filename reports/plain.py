"""The report as JSON for machines: every field of the summary, times in UTC."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from reports.summary import Summary

FORMAT = 1  #: raised when a field changes its meaning or goes away


def as_dict(summary: Summary) -> dict[str, Any]:
    """The summary in plain JSON types."""
    plain = asdict(summary) | {"compliant": summary.compliant}
    made: dict[str, Any] = json.loads(json.dumps(plain, default=_utc))
    return {"rasoat_report": FORMAT} | made


def render(summary: Summary, lang: str) -> str:
    """The summary as JSON text; both languages are in it."""
    return json.dumps(as_dict(summary), ensure_ascii=False, indent=2) + "\n"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
