"""The report as a table for spreadsheets: one line for each rule on each machine.

Vietnamese Excel opens UTF-8 with a byte-order mark and ``;`` between cells without asking. A text
cell that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from reports.formats import local_time
from reports.summary import DeviceLine, Summary
from reports.words import WORDS

#: first characters that start a formula, in plain and in full width
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_HEAD = ("device", "id", "system", "last_report", "rule", "severity", "verdict", "reasons")


def render(summary: Summary, lang: str) -> str:
    """The table as text, with the byte-order mark; save it as UTF-8 without adding another."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(WORDS[lang].get(name, name) for name in _HEAD)
    for device in summary.devices:
        writer.writerows(_rows(device, summary, lang))
    return "\ufeff" + made.getvalue()


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    bare = text.lstrip(" \u00a0\u3000\u200b\ufeff")
    return f"'{text}" if bare[:1] in FORMULA and bare else text


def _rows(device: DeviceLine, summary: Summary, lang: str) -> Iterator[list[str]]:
    words = WORDS[lang]
    heard = local_time(device.received_at, lang, summary.zone) if device.received_at else ""
    known = [device.name, device.id, device.system or "", heard or words["never"]]
    for finding in device.findings:
        cells = [
            *known,
            finding.rule,
            words[finding.severity],
            words[finding.result],
            finding.explanation[lang],
        ]
        yield [safe_cell(cell) for cell in cells]
