"""The launchd daemon: its property list, and how it is loaded, removed and asked for.

Keys: launchd.plist(5). launchd has no random delay, so the program waits this machine's own offset
itself (``run --scheduled``). A start that was slept through is made up for when the Mac wakes.
"""

from __future__ import annotations

import plistlib

from agents.administration import may, must, place_all, placed_line
from agents.outcome import Unknown
from agents.problems import AgentProblem
from agents.schedule import HOUR, RUN_LIMIT, Placed, carried, starts
from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.administration import System
    from agents.machine import Machine
    from agents.schedule import Job

LABEL = "org.rasoat.agent"
PATH = "/Library/LaunchDaemons/org.rasoat.agent.plist"
NICE = 10  #: of the daemon; ProcessType Background lowers CPU and disk further


def rendered(job: Job) -> list[Placed]:
    """The property list.

    Raises:
        Unplaceable: a path holds a control character.
    """
    carried((*job.words, job.state), "", said("a property list"))
    return [Placed(PATH, plistlib.dumps(_daemon(job), sort_keys=False))]


def _daemon(job: Job) -> dict[str, Any]:
    return {
        "Label": LABEL,
        "ProgramArguments": list(job.words),
        "StartCalendarInterval": _calendar(job),
        "RunAtLoad": True,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": NICE,
        "Umask": 0o077,
        "WorkingDirectory": "/",
        "HardResourceLimits": {"Core": 0, "CPU": RUN_LIMIT},
    }


def _calendar(job: Job) -> list[dict[str, int]]:
    """Every start of a day; of an hour alone where they are less than an hour apart."""
    if job.every < HOUR:
        return [{"Minute": minute} for hour, minute in starts(job) if hour == 0]
    return [{"Hour": hour, "Minute": minute} for hour, minute in starts(job)]


def install(job: Job, system: System) -> list[str]:
    """Write the property list and load it; gives what was done.

    Raises:
        AgentProblem: launchd did not take it; then a new one is gone again.
    """
    new = not system.exists(PATH)
    changed = place_all(system, rendered(job))
    loaded = may(system, "daemon_show")
    try:
        if changed and loaded:
            must(system, "daemon_off", said("unloading the old daemon"))
        if changed or not loaded:
            must(system, "daemon_on", said("loading the daemon"))
    except AgentProblem:
        if new:
            system.remove(PATH)
        raise
    return [placed_line(PATH, new=bool(changed)), said("%s loaded", LABEL)]


def uninstall(state: str, system: System) -> list[str]:
    """Unload the daemon and remove its list; gives what was done, nothing where there was none."""
    unloaded = may(system, "daemon_off")
    removed = system.remove(PATH)
    done: list[str] = [said("%s unloaded", LABEL)] if unloaded else []
    return [*done, said("%s removed", PATH)] if removed else done


def status(system: System, machine: Machine) -> dict[str, Any]:
    """Whether the daemon is there and loaded; launchd tells no program when it last ran."""
    if not system.exists(PATH):
        return {"installed": False}
    why = Unknown("not_supported", "launchctl prints this for people alone")
    found: dict[str, Any] = {"installed": True, "last_run": None, "last_result": None}
    unknown = {"last_run": why.entry(), "last_result": why.entry()}
    try:
        found["enabled"] = system.run("daemon_show").code == 0
    except Unknown as reason:
        found["enabled"], unknown["enabled"] = None, reason.entry()
    return {**found, "unknown": unknown}
