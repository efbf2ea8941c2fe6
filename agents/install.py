"""Schedule this machine's reports: rasoat-agent install [--print] [--enrol FILE] [--state DIR].

Registers a task in Windows' Task Scheduler, a systemd timer or a launchd daemon, and makes the
state folder, its owner's alone. Installing twice is the same as once. --print writes what would be
installed and changes nothing; --platform NAME (windows, linux, macos) prints another system's.
--enrol FILE enrols first, and --remove-file deletes FILE after that, token and all. --program PATH
names a starter to be used instead of this Python. What others may write to is refused.
"""

from __future__ import annotations

import importlib
import ntpath
import os
import posixpath
import sys

from agents import starter, state, trust
from agents.administration import System
from agents.cli import DONE, Misused, misused, options
from agents.outcome import Unknown
from agents.problems import AgentProblem, BadInput, on_disk
from agents.schedule import Job, Unplaceable
from agents.transport import Unreachable
from agents.words import NOTHING, said, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: platform: its module
SCHEDULERS = {
    "windows": "agents.windows.task",
    "linux": "agents.linux.timer",
    "macos": "agents.macos.daemon",
}
#: Where another platform's state lies, for --print.
STATE_FOLDERS = {
    "windows": r"C:\ProgramData\rasoat-agent",
    "linux": "/var/lib/rasoat-agent",
    "macos": "/Library/Application Support/rasoat-agent",
}
_PLATFORMS = {"win32": "windows", "linux": "linux", "darwin": "macos"}
_VALUED = ("--state", "--program", "--enrol", "--name", "--platform")
_FLAGS = ("--print", "--remove-file")


def main(args: list[str]) -> int:
    """Install, or print what would be installed."""
    given, others = options(args, _VALUED, _FLAGS)
    if others:
        raise Misused(said("install takes no %r", others[0]))
    if "--platform" in given and "--print" not in given:
        raise Misused(said("--platform goes with --print alone"))
    if "--remove-file" in given and "--enrol" not in given:
        raise Misused(said("--remove-file goes with --enrol FILE alone"))
    try:
        if "--print" in given:
            show(given)
        else:
            for line in install(given, System()):
                tell(line)
    except AgentProblem as fault:
        misused(fault.said)
        return fault.exit_code
    return DONE


def scheduler(platform: str | None = None) -> Any:
    """The module that speaks to a platform's scheduler, this one's where none is named.

    Raises:
        AgentProblem: there is none for it.
    """
    name = platform or here()
    if name not in SCHEDULERS:
        raise BadInput(said("no scheduler for %r; there are: %s", name, ", ".join(SCHEDULERS)))
    return importlib.import_module(SCHEDULERS[name])


def here() -> str:
    """The platform that this runs on, as a report names it."""
    return _PLATFORMS.get(sys.platform, sys.platform)


def show(given: dict[str, str]) -> None:
    """Print every file of the installation, and on stderr what would be refused."""
    job = planned(given)
    for placed in _rendered(given.get("--platform"), job):
        print("==> " + placed.path)
        encoding = "utf-16" if placed.content.startswith(b"\xff\xfe") else "utf-8"
        print(placed.content.decode(encoding).replace("\r\n", "\n"))
    ours = given.get("--platform", here()) == here()
    refused = trust.fault(starter.parts(job)) if ours else NOTHING
    if refused:
        misused(said("install would refuse: %s", refused))


def _rendered(platform: str | None, job: Job) -> Any:
    try:
        return scheduler(platform).rendered(job)
    except Unplaceable as fault:
        raise BadInput(said("%s", fault)) from None


def install(given: dict[str, str], system: System) -> list[str]:
    """Enrol where asked, and schedule the runs; gives what was done.

    Raises:
        AgentProblem: no administrator, a path that others may write to, or a program that failed.
    """
    if not _elevated(system):
        raise AgentProblem(said("only an administrator (root) may install"))
    job = planned(given)
    _rendered(None, job)
    _safe(*starter.parts(job))
    try:
        made = system.private_folder(job.state)
        _safe(job.state)  # what Python compiles is kept there, and executed
        done: list[str] = [
            said("%s made private", job.state)
            if made
            else said("%s is private as it was", job.state)
        ]
        done += _enrolled(given, job.state, system)
        return [*done, *scheduler().install(planned(given), system), *_still_to_do(job.state)]
    except OSError as fault:
        raise on_disk(fault) from None
    except Unknown as why:
        raise AgentProblem(said("%s", why.detail)) from None


def _safe(*paths: str) -> None:
    refused = trust.fault(list(paths))
    if refused:
        raise AgentProblem(said("what the task would start is not safe from others: %s", refused))


def _elevated(system: System) -> bool:
    try:
        return system.elevated()
    except Unknown as why:
        raise AgentProblem(said("%s", why.detail)) from None


def _enrolled(given: dict[str, str], folder: str, system: System) -> list[str]:
    if "--enrol" not in given:
        return []
    from agents import enrol

    path, name = given["--enrol"], given.get("--name")
    file = enrol.read_file(path)
    try:
        reply = enrol.enrol(folder, file, name)
        done = [enrol.enrolled_as(reply)]
    except Unreachable as fault:
        enrol.keep_for_later(folder, file, name)
        done = [said("%s; the first run that reaches it enrols this machine", fault)]
    if "--remove-file" in given:
        system.remove(path)
        return [*done, said("%s deleted", path)]
    return [*done, said("%s still holds its token; keep it secret or delete it", path)]


def _still_to_do(folder: str) -> list[str]:
    from agents.enrol import LATER_FILE

    waits = os.path.exists(os.path.join(folder, LATER_FILE))
    if state.load_enrolment(folder) is None and not waits:
        return [said("not enrolled yet; nothing is sent before: rasoat-agent enrol FILE")]
    return []


def planned(given: dict[str, str]) -> Job:
    """What would be scheduled, from the options, the state folder and where this program lies.

    Raises:
        BadInput: a path does not fit.
    """
    platform = given.get("--platform", here())
    path = ntpath if platform == "windows" else posixpath
    known = STATE_FOLDERS.get(platform) if platform != here() else None
    folder = path.abspath(given.get("--state", known or state.default_folder()))
    words = ["run", "--scheduled", "--state", folder]
    if platform != "macos":
        words.append("--at-once")  # launchd alone spreads no machines by itself
    progress = state.load_state(folder)
    interval = progress.interval if progress else state.DEFAULT_INTERVAL
    if "--program" in given:
        program, start = path.abspath(given["--program"]), []
        if platform == here() and not os.path.isfile(program):
            raise BadInput(said("%s is not a program", program))
    else:
        program, start = sys.executable, starter.words(path.join(folder, "cache"))
    return Job(
        program, (*start, *words), folder, interval, _offset(folder), _collectors_address(folder)
    )


def _offset(folder: str) -> int:
    """Seconds that are this machine's own: the agent's where it is enrolled, else its name's."""
    import socket

    from agents import identity
    from agents.run import LONGEST_OFFSET, offset

    who = identity.load(folder)
    if who is not None:
        return offset(who.agent, LONGEST_OFFSET)
    return offset(socket.gethostname().encode("ascii", "replace").decode("ascii"), LONGEST_OFFSET)


def _collectors_address(folder: str) -> str | None:
    """The collector's IP address, where it is enrolled by one: a name's address may change."""
    import ipaddress

    from agents.transport import address

    enrolment = state.load_enrolment(folder)
    if enrolment is None:
        return None
    try:
        return str(ipaddress.ip_address(address(enrolment.url)[0].strip("[]")))
    except ValueError:
        return None
