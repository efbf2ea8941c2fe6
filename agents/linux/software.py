"""Software: the packages that dpkg and rpm hold, read from their own databases."""

from __future__ import annotations

import re

from agents.linux import rpm
from agents.outcome import Answers, Facts, Unknown, attempt, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

DPKG_STATUS = "/var/lib/dpkg/status"
STATUS_LIMIT = 64 << 20  #: bytes; 4,000 packages take about 6 MB
PROGRAMS_LIMIT = 20_000  #: what a report may hold


def probe(machine: Machine) -> Answers:
    """Ask for both package databases."""
    answers = Answers()
    answers.ask("dpkg", machine.read_file, DPKG_STATUS, STATUS_LIMIT)
    rpm.ask(machine, answers)
    return answers


def parse(answers: Answers) -> Facts:
    """The section is a list: one element for each installed package."""
    found = [attempt(_dpkg, answers), attempt(rpm.packages, answers)]
    lists = [one for one in found if isinstance(one, list)]
    for one in found:
        if isinstance(one, Unknown) and (one.reason != "not_found" or not lists):
            raise one
    programs = sorted((row for rows in lists for row in rows), key=_order)
    if len(programs) > PROGRAMS_LIMIT:
        raise Unknown(
            "unreadable", "%d programs; a report holds %d" % (len(programs), PROGRAMS_LIMIT)
        )
    facts = Facts()
    facts.set("", programs)
    return facts


def _order(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["name"], row.get("architecture", ""), row.get("version", ""), row["source"])


#: A stanza as dpkg writes it, its fields in dpkg's order; one written otherwise is read field by
#: field. One match costs half of four searches, and there are thousands of stanzas.
_USUAL = re.compile(
    rb"Package: (.+)\n(?:.+\n)*?Status: \S+ ok installed\n(?:.+\n)*?"
    rb"Architecture: (.+)\n(?:.+\n)*?Version: (.+)"
)


def _dpkg(answers: Answers) -> list[dict[str, Any]]:
    """The packages that are installed; those whose settings alone are left are not."""
    raw: bytes = answers.get("dpkg")
    programs = []
    for stanza in raw.split(b"\n\n"):
        usual = _USUAL.match(stanza)
        if usual:
            name, architecture, version = usual.groups()
            programs.append(_row(name, version, architecture))
        elif b"ok installed" in stanza:
            fields = dpkg_fields(b"\n" + stanza)
            if fields.get("Status", b"").endswith(b" ok installed") and "Package" in fields:
                kept = (fields.get(key, b"") for key in ("Version", "Architecture"))
                programs.append(_row(fields["Package"], *kept))
    if not programs and raw.strip():
        raise Unknown("unreadable", DPKG_STATUS + " names no installed package")
    return programs


_WANTED = tuple(
    (name, ("\n%s: " % name).encode()) for name in ("Package", "Status", "Architecture", "Version")
)


def dpkg_fields(stanza: bytes) -> dict[str, bytes]:
    """The fields of interest of one stanza, which a line's end precedes."""
    fields: dict[str, bytes] = {}
    for name, mark in _WANTED:
        place = stanza.find(mark)
        if place >= 0:
            begin = place + len(mark)
            end = stanza.find(b"\n", begin)
            fields[name] = stanza[begin : end if end >= 0 else len(stanza)].strip()
    return fields


def _row(name: bytes, version: bytes, architecture: bytes) -> dict[str, Any]:
    row = {"name": decoded(name).strip()[:256], "source": "dpkg"}
    for key, value in (("version", version), ("architecture", architecture)):
        if value.strip():
            row[key] = decoded(value).strip()[:256]
    return row
