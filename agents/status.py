"""Who this agent is, where it reports and what waits: rasoat-agent status [--state DIR] [--json].

Reads the state folder, and asks the system's scheduler about the task; sends nothing.
"""

from __future__ import annotations

import json
import time

from agents import state
from agents.administration import System
from agents.cli import DONE, Misused, misused, options
from agents.install import scheduler
from agents.machine import this_machine
from agents.outcome import Unknown
from agents.problems import AgentProblem
from agents.run import enrolled
from agents.spool import Spool
from agents.words import Said, said, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: what stands before each value, by its name in --json
LABELS = {
    "agent": said("agent"),
    "collector": said("collector"),
    "epoch": said("epoch"),
    "last_sequence": said("last sequence"),
    "last_acknowledged": said("last acknowledged"),
    "reports_waiting": said("reports waiting"),
    "reports_dropped": said("reports dropped"),
    "reports_superseded": said("reports superseded"),
    "interval_seconds": said("interval seconds"),
    "installed": said("task installed"),
    "enabled": said("task enabled"),
    "last_run": said("task last run"),
    "last_result": said("task last result"),
}


def main(args: list[str]) -> int:
    """Print the status."""
    given, others = options(args, ("--state",), ("--json",))
    if others:
        raise Misused(said("status takes no %r", others[0]))
    try:
        facts = status(given.get("--state", state.default_folder()))
    except AgentProblem as fault:
        misused(fault.said)
        return fault.exit_code
    if "--json" in given:
        print(json.dumps(facts))
    else:
        schedule = facts.pop("schedule")
        for name, value in facts.items():
            tell(said("%s: %s", LABELS[name], _shown(value)))
        for line in told(schedule):
            tell(line)
    return DONE


def status(folder: str) -> dict[str, Any]:
    """The agent's id, its server and how far it has come.

    Raises:
        AgentProblem: not enrolled, or the state is damaged.
    """
    enrolment, identity, progress = enrolled(folder)
    return {
        "agent": identity.agent,
        "collector": enrolment.url,
        "epoch": progress.epoch,
        "last_sequence": progress.next_sequence - 1,
        "last_acknowledged": progress.acknowledged_at,
        "reports_waiting": len(Spool(folder).waiting()),
        "reports_dropped": progress.dropped,
        "reports_superseded": progress.superseded,
        "interval_seconds": progress.interval,
        "schedule": schedule(System()),
    }


def schedule(system: System) -> dict[str, Any]:
    """The scheduled task: installed, enabled, last_run, last_result.

    ``last_run`` is in UTC, ISO 8601; what cannot be told is None, with the reason in ``unknown``.
    """
    names = ("installed", "enabled", "last_run", "last_result")
    try:
        found: dict[str, Any] = scheduler().status(system, this_machine())
    except (Unknown, AgentProblem) as why:
        reason = why if isinstance(why, Unknown) else Unknown("not_supported", str(why))
        found = {"installed": None, "unknown": {"installed": reason.entry()}}
    if isinstance(found.get("last_run"), float):
        found["last_run"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(found["last_run"]))
    return {**dict.fromkeys(names), **found}


def told(found: dict[str, Any]) -> list[Said]:
    """The schedule in lines for people."""
    reasons: dict[str, dict[str, str]] = found.get("unknown", {})
    lines = []
    for name in ("installed", "enabled", "last_run", "last_result"):
        value, why = found[name], reasons.get(name)
        if why is not None:
            entry = said("unknown (%s) %s", why["reason"], why["detail"])
            lines.append(said("%s: %s", LABELS[name], entry))
        elif name == "installed" or found["installed"]:
            lines.append(said("%s: %s", LABELS[name], _shown(value)))
    return lines


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    return said("never") if value is None else value
