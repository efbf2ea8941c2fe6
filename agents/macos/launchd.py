"""Which of Apple's daemons start with the system: their own property list, and what overrides it.

A daemon's list says ``Disabled`` where it is off unless somebody turns it on; switching it in
System Settings writes its label to launchd's table of overrides.
"""

from __future__ import annotations

from agents.macos import plists
from agents.outcome import Answers, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable

    from agents.machine import Machine

_OVERRIDES = "/var/db/com.apple.xpc.launchd/disabled.plist"
APPLE, OTHERS = "/System/Library/LaunchDaemons", "/Library/LaunchDaemons"


def ask(machine: Machine, answers: Answers, paths: Iterable[str]) -> None:
    """Ask for the overrides, and for the daemons' own lists."""
    answers.ask("overrides", machine.read_file, _OVERRIDES)
    for path in paths:
        answers.ask("there " + path, machine.exists, path)
        answers.ask("daemon " + path, machine.read_file, path)


def starts(answers: Answers, path: str) -> bool:
    """Whether the daemon of the list at ``path`` starts; one that is not there does not."""
    if not answers.get("there " + path):
        return False
    daemon = plists.table(answers.get("daemon " + path))
    label = plists.text(plists.at(daemon, "Label"))
    overrides = attempt(lambda: plists.table(answers.get("overrides")))
    if isinstance(overrides, Unknown):
        if overrides.reason != "not_found":
            raise overrides
        overrides = {}
    return not plists.flag(overrides.get(label, daemon.get("Disabled", False)))
