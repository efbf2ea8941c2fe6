"""Remove what install made: rasoat-agent uninstall [--purge] [--state DIR].

Works when half of it is missing. The state folder, with the machine's key and the reports that
wait, stays; --purge deletes it too, and the machine is then unknown to its collector.
"""

from __future__ import annotations

import os

from agents import durable, identity, lock, state
from agents.administration import System
from agents.cli import DONE, Misused, misused, options
from agents.enrol import LATER_FILE
from agents.install import scheduler
from agents.outcome import Unknown
from agents.problems import AgentProblem, BadInput, on_disk
from agents.words import said, tell


def main(args: list[str]) -> int:
    """Uninstall."""
    given, others = options(args, ("--state",), ("--purge",))
    if others:
        raise Misused(said("uninstall takes no %r", others[0]))
    folder = os.path.abspath(given.get("--state", state.default_folder()))
    try:
        for line in uninstall(folder, System(), purge="--purge" in given):
            tell(line)
    except AgentProblem as fault:
        misused(fault.said)
        return fault.exit_code
    return DONE


def uninstall(folder: str, system: System, *, purge: bool = False) -> list[str]:
    """Remove the scheduled task and, with ``purge``, the state folder; gives what was done.

    Raises:
        AgentProblem: no administrator, or something could not be removed.
    """
    try:
        if not system.elevated():
            raise AgentProblem(said("only an administrator (root) may uninstall"))
        done = list(scheduler().uninstall(folder, system))
        if not done:
            done = [said("no scheduled task was installed")]
        if not os.path.lexists(folder):
            return done
        token = os.path.join(folder, LATER_FILE)
        if os.path.exists(token):
            durable.remove(token)  # of an enrolment that found no collector
        if not purge:
            return [*done, said("%s stays; --purge deletes it", folder)]
        return [*done, *_purged(folder)]
    except OSError as fault:
        raise on_disk(fault) from None
    except Unknown as why:
        raise AgentProblem(said("%s", why.detail)) from None


def _purged(folder: str) -> list[str]:
    """Delete a state folder; one that does not look like ours stays."""
    import shutil

    ours = {lock.LOCK_FILE, state.STATE_FILE, state.SERVER_FILE, identity.KEY_FILE}
    names = set(os.listdir(folder))
    if os.path.islink(folder) or (names and not names & ours):
        raise BadInput(said("%s is not an agent's state folder; it stays", folder))
    with lock.Lock(folder):
        pass  # a run at work ends the uninstallation here
    shutil.rmtree(folder)
    return [said("%s deleted", folder)]
