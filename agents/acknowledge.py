"""Take back what a collector answered by hand: rasoat-agent acknowledge FILE [--state DIR].

FILE is what `rasoat agent import --acks FILE` wrote. Each answer is checked as on the line: the
collector's key signed it, for exactly a report that waits here. Sends and collects nothing.
"""

from __future__ import annotations

from agents import lock, state
from agents.by_hand import Taken, take_back
from agents.cli import BAD_INPUT, DONE, Misused, misused, options
from agents.problems import AgentProblem, on_disk
from agents.run import enrolled
from agents.spool import Spool
from agents.words import said, tell


def main(args: list[str]) -> int:
    """Take back one file of answers."""
    given, others = options(args, ("--state",), ())
    if len(others) != 1:
        raise Misused(said("acknowledge needs one file of answers"))
    try:
        taken = acknowledge(given.get("--state", state.default_folder()), others[0])
    except AgentProblem as fault:
        misused(fault.said)
        return fault.exit_code
    tell(taken.sentence())
    for why in taken.refused:
        misused(said("%s: %s", others[0], why))
    return BAD_INPUT if taken.refused else DONE


def acknowledge(folder: str, path: str) -> Taken:
    """Take back the file ``path``, for the agent whose state is in ``folder``.

    Raises:
        BadInput: the file is none, or the folder holds no enrolment.
        AgentProblem: another run is at work, or the disk does not take it.
    """
    enrolled(folder)
    try:
        with lock.Lock(folder):
            enrolment, identity, progress = enrolled(folder)
            return take_back(path, enrolment, identity, progress, Spool(folder))
    except OSError as fault:
        raise on_disk(fault) from None
