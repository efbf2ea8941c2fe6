"""Who this agent is, where it reports and what waits: rasoat-agent status [--state DIR] [--json].

Reads the state folder alone; sends nothing.
"""

from __future__ import annotations

import json

from agents import state
from agents.cli import DONE, Misused, misused, options
from agents.run import enrolled
from agents.spool import Spool
from agents.state import AgentProblem

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
        for name, value in facts.items():
            print(f"{name.replace('_', ' ')}: {'never' if value is None else value}")
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
        "interval_seconds": progress.interval,
    }
