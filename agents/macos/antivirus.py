"""Antivirus: Apple's own XProtect, and the products known to run on a Mac."""

from __future__ import annotations

from agents.macos import launchd, plists
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import age

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

#: Where XProtect's signatures are, newest macOS first.
_XPROTECT = (
    "/private/var/protected/xprotect/XProtect.bundle/Contents/Info.plist",
    "/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist",
    "/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist",
)
_HISTORY = "/Library/Receipts/InstallHistory.plist"
_HISTORY_LIMIT = 16 << 20  #: bytes; ten years of a busy Mac take about 1 MB
_SIGNATURES = "XProtectPlistConfigData"
_DAEMONS = launchd.OTHERS + "/"
#: Product, its daemon's list, its application.
_PRODUCTS = (
    ("Microsoft Defender", "com.microsoft.fresno.plist", "Microsoft Defender.app"),
    ("Kaspersky Endpoint Security", "com.kaspersky.kav.plist", "Kaspersky Anti-Virus For Mac.app"),
    ("ESET Endpoint Security", "com.eset.endpointprotection.plist", "ESET Endpoint Security.app"),
    ("Sophos Endpoint", "com.sophos.common.servicemanager.plist", "Sophos/Sophos Endpoint.app"),
    ("ClamXAV", "com.canimaansoftware.ClamXAV.scanner.plist", "ClamXAV.app"),
)


def probe(machine: Machine) -> Answers:
    """Ask for XProtect's version and history, and which other products are there."""
    answers = Answers()
    answers.keep("now", machine.now())
    for path in _XPROTECT:
        if not isinstance(answers.ask("xprotect", machine.read_file, path), Unknown):
            break
    answers.ask("history", machine.read_file, _HISTORY, _HISTORY_LIMIT)
    launchd.ask(machine, answers, [_DAEMONS + daemon for _, daemon, _ in _PRODUCTS])
    for name, _, application in _PRODUCTS:
        path = "/Applications/" + application
        answers.ask("product " + name, machine.exists, path)
        answers.ask("version " + name, machine.read_file, path + "/Contents/Info.plist")
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    rows = attempt(_rows, answers)
    if isinstance(rows, Unknown):
        facts.lack("products", rows)
        facts.lack("effective", rows)
        return facts
    facts.rows("products", rows)
    facts.put("effective", _effective, rows)
    return facts


def _rows(answers: Answers) -> list[Facts]:
    found = attempt(answers.get, "xprotect")
    if isinstance(found, Unknown) and found.reason != "not_found":
        raise found
    rows = [] if isinstance(found, Unknown) else [_xprotect(answers, found)]
    for name, daemon, _ in _PRODUCTS:
        if answers.get("product " + name):
            rows.append(_product(answers, name, _DAEMONS + daemon))
    return rows


def _xprotect(answers: Answers, bundle: bytes) -> Facts:
    """It has no switch: it checks each program when it starts and when it changed."""
    facts = Facts()
    facts.set("name", "XProtect")
    facts.put("version", _version, bundle)
    facts.put("enabled", lambda: bool(_version(bundle)))
    moment = attempt(_signatures_at, answers)
    facts.put("signatures_at", lambda: plists.moment(_raised(moment)))
    facts.put("signature_age", _age, answers, moment)
    facts.lack("up_to_date", Unknown("not_supported", "macOS does not say so; see signature_age"))
    return facts


def _age(answers: Answers, moment: Any) -> int:
    """Seconds; a clock that shows no moment gives none."""
    return age(answers.get("now"), plists.seconds(_raised(moment)))


def _version(bundle: bytes) -> str:
    return plists.text(plists.at(plists.table(bundle), "CFBundleShortVersionString"))


def _raised(moment: Any) -> Any:
    if isinstance(moment, Unknown):
        raise moment
    return moment


def _signatures_at(answers: Answers) -> Any:
    """The last time that macOS installed signatures."""
    rows = plists.rows(plists.read(answers.get("history")))
    dates = [row.get("date") for row in rows if row.get("displayName") == _SIGNATURES]
    if not dates:
        raise Unknown("not_found", "the history names no signatures of XProtect")
    return max(dates, key=plists.seconds)


def _product(answers: Answers, name: str, daemon: str) -> Facts:
    facts = Facts()
    facts.set("name", name)
    facts.put("version", lambda: _version(answers.get("version " + name)))
    facts.put("enabled", launchd.starts, answers, daemon)
    for fact in ("signatures_at", "signature_age", "up_to_date"):
        facts.lack(fact, Unknown("not_supported", name + " does not tell it in a file"))
    return facts


def _effective(rows: list[Facts]) -> str:
    """On where some product protects."""
    if any(row.values.get("enabled") is True for row in rows):
        return "on"
    for row in rows:
        if "enabled" in row.unknown:
            raise row.unknown["enabled"]
    return "off"
