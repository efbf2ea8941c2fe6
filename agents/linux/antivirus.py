"""Antivirus: the scanners known to run on Linux, and how old ClamAV's signatures are."""

from __future__ import annotations

import re

from agents.clock import MONTHS, moment
from agents.linux import units
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import age, stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

#: Product, the unit that gives real-time protection, and a path that tells that it is installed.
_PRODUCTS = (
    ("ClamAV", ("clamav-clamonacc", "clamonacc"), "/usr/bin/clamscan"),
    ("Microsoft Defender", ("mdatp",), "/opt/microsoft/mdatp"),
    ("Kaspersky Endpoint Security", ("kesl", "kesl-supervisor"), "/opt/kaspersky/kesl"),
    ("ESET Endpoint Antivirus", ("eea",), "/opt/eset/eea"),
    ("Sophos Protection", ("sophos-spl", "sav-protect"), "/opt/sophos-spl"),
    ("Trend Micro Deep Security", ("ds_agent",), "/opt/ds_agent"),
)
_SIGNATURES = ("/var/lib/clamav/daily.cld", "/var/lib/clamav/daily.cvd")
_HEADER = 512  #: bytes of a ClamAV database's header, fields separated by colons
_TIME_FIELD = 8  #: the last field: seconds since 1970
_FIELDS = 9
_TIME = re.compile(
    r"([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{4}) ([0-9]{2})-([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})"
)


def probe(machine: Machine) -> Answers:
    """Ask which products are installed and start with the system, and for ClamAV's header."""
    answers = Answers()
    answers.keep("now", machine.now())
    answers.ask("units", units.enabled, machine)
    for name, _, path in _PRODUCTS:
        answers.ask(name, machine.exists, path)
    for path in _SIGNATURES:
        if not isinstance(answers.ask("signatures", machine.read_head, path, _HEADER), Unknown):
            break
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    rows = attempt(lambda: [_row(answers, *one[:2]) for one in _PRODUCTS if answers.get(one[0])])
    if isinstance(rows, Unknown):
        facts.lack("products", rows)
        facts.lack("effective", rows)
        return facts
    facts.rows("products", rows)
    facts.put("effective", _effective, rows)
    return facts


def _row(answers: Answers, name: str, names: tuple[str, ...]) -> Facts:
    facts = Facts()
    facts.set("name", name)
    facts.put("enabled", _enabled, answers, names)
    if name == "ClamAV":
        facts.put("version", _clamav_version, answers)
        moment = facts.put("signatures_at", lambda: stamp(_signatures_at(answers)))
        if isinstance(moment, str):
            facts.put("signature_age", lambda: age(answers.get("now"), _signatures_at(answers)))
        else:
            facts.lack("signature_age", moment)
    else:
        for fact in ("version", "signatures_at", "signature_age"):
            facts.lack(fact, Unknown("not_supported", "%s does not tell it in a file" % name))
    facts.lack(
        "up_to_date", Unknown("not_supported", "no product says so on Linux; see signature_age")
    )
    return facts


def _enabled(answers: Answers, names: tuple[str, ...]) -> bool:
    linked = answers.get("units")
    return any(name + ".service" in linked for name in names)


def _clamav_version(answers: Answers) -> str:
    raise Unknown("not_supported", "see the package clamav in the software section")


def _signatures_at(answers: Answers) -> int:
    """The time in the header: the ninth field, or the words of the second."""
    fields = answers.text("signatures").split(":")
    if fields[0] != "ClamAV-VDB" or len(fields) < 2:  # noqa: PLR2004
        raise Unknown("unreadable", "no ClamAV header")
    last = fields[_TIME_FIELD].strip() if len(fields) >= _FIELDS else ""
    if last.isascii() and last.isdigit():
        return int(last[:12])
    return _words_time(fields[1])


def _words_time(text: str) -> int:
    """``23 Nov 2026 08-31 +0000``."""
    found = _TIME.fullmatch(text.strip())
    if found is None or found[2].lower() not in MONTHS:
        raise Unknown("unreadable", "no time: %r" % text[:40])
    day, year, hour, minute, hours, minutes = map(int, found.group(1, 3, 4, 5, 7, 8))
    offset = (hours * 60 + minutes) * (-60 if found[6] == "-" else 60)
    return moment(year, MONTHS.index(found[2].lower()) + 1, day, hour, minute) - offset


def _effective(rows: list[Facts]) -> str:
    """On where some product protects in real time."""
    states = [row.values.get("enabled") for row in rows]
    if True in states:
        return "on"
    for row in rows:
        if "enabled" in row.unknown:
            raise row.unknown["enabled"]
    return "off"
