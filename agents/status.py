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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main(args: list[str]) -> int:
    """Print the status."""
    given, others = options(args, ("--state",), ("--json",))
    if others:
        raise Misused(f"status takes no {others[0]!r}")
    try:
        facts = status(given.get("--state", state.default_folder()))
    except AgentProblem as fault:
        misused(str(fault))
        return fault.exit_code
    if "--json" in given:
        print(json.dumps(facts))
    else:
        schedule = facts.pop("schedule")
        for name, value in facts.items():
            print(f"{name.replace('_', ' ')}: {'never' if value is None else value}")
        for line in told(schedule):
            print(line)
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


def told(found: dict[str, Any]) -> list[str]:
    """The schedule in lines for people."""
    reasons: dict[str, dict[str, str]] = found.get("unknown", {})
    lines = []
    for name in ("installed", "enabled", "last_run", "last_result"):
        value, why = found[name], reasons.get(name)
        if why is not None:
            lines.append(
                f"task {name.replace('_', ' ')}: unknown ({why['reason']}) {why['detail']}"
            )
        elif name == "installed" or found["installed"]:
            said = {True: "yes", False: "no", None: "never"}.get(value, value)
            lines.append(f"task {name.replace('_', ' ')}: {said}")
    return lines
