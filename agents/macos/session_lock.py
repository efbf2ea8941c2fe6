"""Session lock: whether an unattended screen locks, where a profile sets it for all users."""

from __future__ import annotations

from agents.macos import plists
from agents.outcome import Answers, Facts, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_MANAGED = "/Library/Managed Preferences/com.apple.screensaver.plist"


def probe(machine: Machine) -> Answers:
    """Ask for the profile's settings of the screen saver."""
    answers = Answers()
    answers.ask("managed", machine.read_file, _MANAGED)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("enabled", _enabled, answers)
    facts.put("after", _after, answers)
    facts.put("enforced", _enforced, answers)
    return facts


def _settings(answers: Answers) -> dict[str, Any]:
    settings: dict[str, Any] | Unknown = attempt(lambda: plists.table(answers.get("managed")))
    if isinstance(settings, Unknown):
        if settings.reason == "not_found":
            raise Unknown("not_found", "no profile sets it for all users; each user decides")
        raise settings
    return settings


def _idle(settings: dict[str, Any]) -> int:
    name = "idleTime" if "idleTime" in settings else "loginWindowIdleTime"
    return plists.number(plists.at(settings, name))


def _enabled(answers: Answers) -> bool:
    settings = _settings(answers)
    if not plists.flag(plists.at(settings, "askForPassword")):
        return False
    return _idle(settings) > 0


def _after(answers: Answers) -> int:
    """Seconds until the screen saver, and those until it asks for the password."""
    settings = _settings(answers)
    delay = settings.get("askForPasswordDelay", 0)
    return _idle(settings) + int(
        delay if isinstance(delay, (int, float)) and 0 <= delay < 1 << 31 else 0
    )


def _enforced(answers: Answers) -> bool:
    """What a profile sets, no user can change."""
    return {"askForPassword", "idleTime"} <= set(_settings(answers))
