"""The table of findings for programs: RFC 4180, UTF-8 without a byte-order mark, ``,`` and CRLF.

Heads and values are codes, times UTC ISO 8601. A program may hand the file to a person, so a cell
that a spreadsheet would run gets the same apostrophe; `reports.lines` has every text as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from inventory.times import stamp
from reports.delimited import safe_cell
from reports.summary import DeviceLine, Summary

HEAD = (
    *("device", "name", "unit", "unit_name", "state", "expected", "asset", "address", "kind"),
    *("system", "received_at", "rule", "severity", "result", "reason", "since", "explanation"),
)


def render(summary: Summary, lang: str) -> bytes:
    """The table; ``lang`` is that of explanations and of units' names."""
    made = io.BytesIO()
    text = io.TextIOWrapper(made, "utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEAD)
    units = {one.code: one.name.get(lang, "") for one in summary.units}
    for device in summary.devices:
        writer.writerows(_rows(device, lang, units))
    text.flush()
    return made.getvalue()


def _rows(device: DeviceLine, lang: str, units: dict[str, str]) -> Iterator[list[str]]:
    known = [
        device.id,
        device.name,
        device.unit,
        units.get(device.unit, ""),
        device.state,
        "true" if device.expected else "false",
        device.asset,
        device.address,
        device.kind,
        device.system or "",
        stamp(device.received_at) if device.received_at else "",
    ]
    known = [safe_cell(cell) for cell in known]
    for one in device.findings:
        told = (one.rule, one.severity, one.result, one.reason or "", one.since or "")
        yield [*known, *told, safe_cell(one.explanation.get(lang, ""))]
