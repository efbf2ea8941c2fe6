"""One process at a time in a state folder."""

from __future__ import annotations

import os
import sys

from agents.durable import private_folder
from agents.problems import AgentProblem, on_disk
from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO

LOCK_FILE = "lock"


class Lock:
    """Held by the one process that works in a state folder; the system frees it when it ends."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, LOCK_FILE)
        self._file: BinaryIO | None = None

    def __enter__(self) -> None:
        """Take the lock.

        Raises:
            AgentProblem: another process holds it, or the folder cannot be written.
        """
        try:
            private_folder(os.path.dirname(self._path))
            self._file = open(self._path, "ab")
        except OSError as fault:
            raise on_disk(fault) from None
        try:
            _lock(self._file)
        except OSError:
            self._file.close()
            raise AgentProblem(
                said("%s: another run is at work; try again later", self._path)
            ) from None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the lock."""
        if self._file is not None:
            self._file.close()


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
