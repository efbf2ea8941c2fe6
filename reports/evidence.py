"""The figures that a signed report rests on, small enough to be attached to it.

Results of every rule on every machine and all counts, without the texts; and the hash of the full
figures, which the data folder keeps.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import msgspec

from reports import plain
from reports.summary import DeviceLine, Summary

NAME = "rasoat-figures.json"
FORMAT = 1  #: raised when a field changes its meaning or goes away
#: what is left out: texts, and lists that follow from the results
_LEFT_OUT = frozenset({"devices", "software", "beside", "since", "letterhead"})


def render(summary: Summary) -> bytes:
    """Compact JSON; the same summary gives the same bytes."""
    return msgspec.json.encode(figures(summary))


def figures(summary: Summary) -> dict[str, Any]:
    """The figures in plain JSON types."""
    counted = [one.name for one in fields(summary) if one.name not in _LEFT_OUT]
    counts = {name: msgspec.to_builtins(getattr(summary, name)) for name in counted}
    return {
        "rasoat_evidence": FORMAT,
        "report": summary.id,
        "figures_sha256": plain.digest_of(summary),
        **counts,
        "devices": [_device(one) for one in summary.devices],
    }


def _device(one: DeviceLine) -> dict[str, Any]:
    """A machine, the evidence that its results rest on, and the rules by result."""
    results: dict[str, list[str]] = {}
    for finding in one.findings:
        results.setdefault(finding.result, []).append(finding.rule)
    return {
        "id": one.id,
        "name": one.name,
        "unit": one.unit,
        "state": one.state,
        "expected": one.expected,
        "report": one.report,
        "facts_hash": one.facts_hash,
        "results": results,
    }
