"""Software: the packages that dpkg and rpm hold, read from their own databases."""

from __future__ import annotations

from agents.linux import rpm
from agents.outcome import Answers, Facts, Unknown, attempt

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


def _dpkg(answers: Answers) -> list[dict[str, Any]]:
    """The packages that are installed; those whose settings alone are left are not."""
    text = answers.text("dpkg")
    programs = []
    for stanza in text.split("\n\n"):
        if "ok installed" not in stanza:
            continue
        fields = dpkg_fields("\n" + stanza)
        if fields.get("Status", "").endswith(" ok installed") and "Package" in fields:
            programs.append(_row(fields))
    if not programs and text.strip():
        raise Unknown("unreadable", DPKG_STATUS + " names no installed package")
    return programs


_WANTED = tuple(
    (name, "\n%s: " % name) for name in ("Package", "Status", "Architecture", "Version")
)


def dpkg_fields(stanza: str) -> dict[str, str]:
    """The fields of interest of one stanza, which a line's end precedes.

    Sought, not split into lines: a status file has 30,000 of them.
    """
    fields: dict[str, str] = {}
    for name, mark in _WANTED:
        place = stanza.find(mark)
        if place >= 0:
            begin = place + len(mark)
            end = stanza.find("\n", begin)
            fields[name] = stanza[begin : end if end >= 0 else len(stanza)].strip()
    return fields


def _row(fields: dict[str, str]) -> dict[str, Any]:
    row = {"name": fields["Package"][:256], "source": "dpkg"}
    for key, field in (("version", "Version"), ("architecture", "Architecture")):
        if fields.get(field):
            row[key] = fields[field][:256]
    return row
