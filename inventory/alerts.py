"""Alerts about agents: kept in English, as all evidence is, and told in the reader's language."""

from __future__ import annotations

import re
from functools import cache

from language.said import Said, said, verbatim


def two_reports(number: str, first: tuple[str, str], other: tuple[str, str]) -> Said:
    """Two contents under one number of a report; each with its address and moment (UTC)."""
    return said(
        "two machines share this agent's key: report {number} came from {first} at {first_at} and, "
        "with other content, from {peer} at {at}; enrol each machine anew, then revoke this agent",
        number=number,
        first=first[0],
        first_at=first[1],
        peer=other[0],
        at=other[1],
    )


def two_scans(number: str, scan: str) -> Said:
    """Two contents under one number or id of a scan."""
    return said(
        "two scans came under the number {number} or the id {scan}: two machines may share this "
        "agent's key; enrol each anew",
        number=number,
        scan=scan,
    )


_MESSAGES = (two_reports("", ("", ""), ("", "")).message, two_scans("", "").message)


def alert(kept: str) -> Said:
    """The alert with its message again; as it stands where a later release has written it."""
    for message in _MESSAGES:
        found = _shape(message).fullmatch(kept)
        if found is not None:
            return Said(message, found.groupdict())
    return verbatim(kept)


@cache
def _shape(message: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(message)), re.DOTALL)
