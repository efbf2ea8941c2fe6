"""What `install` and `uninstall` may do to a system: the only code of the agent that changes one.

A person runs those commands; nothing on the way of a run imports this module. What belongs on a
system is decided elsewhere, by pure functions.
"""

from __future__ import annotations

import os
import stat
import sys

from agents import durable
from agents.machine import administer
from agents.outcome import Unknown
from agents.problems import AgentProblem, on_disk
from agents.words import Said, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.commands import Ran
    from agents.schedule import Placed

SAID_LENGTH = 300  #: characters of a program's words in our message


class System:
    """The system that the agent is installed on."""

    def elevated(self) -> bool:
        """Whether this process may install."""
        from agents.machine import this_machine

        return this_machine().elevated()

    def exists(self, path: str) -> bool:
        """Whether something is at ``path``."""
        return os.path.lexists(path)

    def place(self, placed: Placed, mode: int = 0o644) -> bool:
        """Write a file whole; False where the same content is there already."""
        try:
            with open(placed.path, "rb") as file:
                if file.read(len(placed.content) + 1) == placed.content:
                    return False
        except OSError:
            pass  # not there, or not readable: it is written anew, and that says why not
        durable.write_durably(placed.path, placed.content, mode)
        return True

    def remove(self, path: str) -> bool:
        """Delete a file; False where there was none."""
        try:
            os.unlink(path)
        except FileNotFoundError:
            return False
        return True

    def run(self, name: str, folder: str | None = None) -> Ran:
        """Run a program of `agents.commands.ADMIN`, whatever its exit code."""
        return administer(name, folder)

    def private_folder(self, path: str) -> bool:
        """Make a folder that only its owner (on Windows: SYSTEM and administrators) may enter.

        False where it was so already.

        Raises:
            AgentProblem: it is no folder of this user's own.
        """
        made = not os.path.isdir(path)
        if sys.platform == "win32":
            from agents.windows import private

            durable.private_folder(path)
            private.keep(path)
            return made
        os.makedirs(path, mode=0o700, exist_ok=True)
        found = os.lstat(path)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise AgentProblem(
                said("%s is a link or somebody else's folder; remove it first", path)
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            os.chmod(path, 0o700)
            return True
        return made


def must(system: System, name: str, what: str, folder: str | None = None) -> None:
    """Run a program of `ADMIN` that has to succeed.

    Raises:
        AgentProblem: says what failed, and the program's own words.
    """
    try:
        ran = system.run(name, folder)
    except Unknown as why:
        raise AgentProblem(said("%s: %s", what, why.detail)) from None
    if ran.code != 0:
        words = " ".join((ran.stderr or ran.stdout).decode("utf-8", "replace").split())
        raise AgentProblem(said("%s failed (exit %d): %s", what, ran.code, words[:SAID_LENGTH]))


def may(system: System, name: str, folder: str | None = None) -> bool:
    """Run a program of `ADMIN` that may fail, as when there is nothing to stop; True if it ran."""
    try:
        return system.run(name, folder).code == 0
    except Unknown:
        return False


def place_all(system: System, files: list[Placed]) -> list[str]:
    """Write files; where one cannot be written, those that are new are taken away again.

    Gives the paths that are new or changed.
    """
    new = [placed.path for placed in files if not system.exists(placed.path)]
    written: list[str] = []
    try:
        written.extend(placed.path for placed in files if system.place(placed))
    except OSError as fault:
        for path in new:
            system.remove(path)
        raise on_disk(fault) from None
    return written


def placed_line(path: str, *, new: bool) -> Said:
    """What became of one file of an installation."""
    return said("%s written", path) if new else said("%s is as it was", path)
