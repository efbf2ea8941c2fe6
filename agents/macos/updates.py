"""Updates: what Software Update last installed, found and is set to do; no network is used."""

from __future__ import annotations

from agents.macos import plists
from agents.outcome import Answers, Facts, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_SETTINGS = "/Library/Preferences/com.apple.SoftwareUpdate.plist"
_MANAGED = "/Library/Managed Preferences/com.apple.SoftwareUpdate.plist"
_HISTORY = "/Library/Receipts/InstallHistory.plist"
_HISTORY_LIMIT = 16 << 20  #: bytes; ten years of a busy Mac take about 1 MB
_DATA = (
    "XProtect",
    "MRTConfigData",
    "Gatekeeper",
    "CoreLSKD",
    "IncompatibleKext",
    "Core Suggestions",
)
_INSTALLERS = (
    "softwareupdated",
    "macOS Installer",
    "OS X Installer",
    "Software Update",
    "osinstallersetupd",
)
_CHECKED = ("LastFullSuccessfulDate", "LastSuccessfulDate", "LastBackgroundSuccessfulDate")


def probe(machine: Machine) -> Answers:
    """Ask for Software Update's settings, those a profile forces, and the history."""
    answers = Answers()
    answers.ask("settings", machine.read_file, _SETTINGS)
    answers.ask("managed", machine.read_file, _MANAGED)
    answers.ask("history", machine.read_file, _HISTORY, _HISTORY_LIMIT)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("last_installed_at", _last_installed, answers)
    facts.put("last_checked_at", _last_checked, answers)
    facts.put("pending", _pending, answers)
    facts.lack("pending_security", Unknown("not_supported", "Apple does not mark security updates"))
    facts.lack("reboot_pending", Unknown("not_supported", "macOS does not tell it in a file"))
    facts.put("automatic", _automatic, answers)
    facts.put("source", _source, answers)
    return facts


def _settings(answers: Answers) -> dict[str, Any]:
    """What is set, a profile's word before the Mac's own."""
    own = attempt(lambda: plists.table(answers.get("settings")))
    managed = attempt(lambda: plists.table(answers.get("managed")))
    for one in (managed, own):
        if isinstance(one, Unknown) and one.reason != "not_found":
            raise one
    if isinstance(own, Unknown):
        raise own
    return own if isinstance(managed, Unknown) else {**own, **managed}


def _last_installed(answers: Answers) -> str:
    """Of the system's updates; data such as virus signatures come by the same way and are none."""
    rows = plists.rows(plists.read(answers.get("history")))
    dates = [
        row.get("date")
        for row in rows
        if row.get("processName") in _INSTALLERS
        and not str(row.get("displayName", "")).startswith(_DATA)
    ]
    if not dates:
        raise Unknown("not_found", "the history names no update")
    return plists.moment(max(dates, key=plists.seconds))


def _last_checked(answers: Answers) -> str:
    settings = _settings(answers)
    dates = [settings[name] for name in _CHECKED if name in settings]
    if not dates:
        raise Unknown("not_found", "Software Update never looked, or does not say when")
    return plists.moment(max(dates, key=plists.seconds))


def _pending(answers: Answers) -> int:
    """What the last look found."""
    settings = _settings(answers)
    if "RecommendedUpdates" in settings:
        return len(plists.rows(settings, "RecommendedUpdates"))
    return plists.number(plists.at(settings, "LastRecommendedUpdatesAvailable"))


def _automatic(answers: Answers) -> str:
    """Looking, fetching and installing are three switches; one that was never touched is unset.

    What unset means differs between releases and is not guessed.
    """
    settings = _settings(answers)
    if settings.get("AutomaticCheckEnabled") in (False, 0):
        return "off"
    for name, word in (
        ("AutomaticallyInstallMacOSUpdates", "install"),
        ("AutomaticDownload", "download"),
    ):
        if plists.flag(plists.at(settings, name)):
            return word
    return "notify"


def _source(answers: Answers) -> str:
    address = _settings(answers).get("CatalogURL")
    if address is None:
        return "vendor"
    host = plists.text(address).partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return "vendor" if ("." + host).endswith(".apple.com") else "local_mirror"
