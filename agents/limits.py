"""The agent's own limits: last in line for processor and disk, a cap on memory, an end to a run.

On Linux the priority of disk access follows the nice value (ioprio_set(2)), so one call sets both.
Windows has no `os.nice`: there it is a priority class, and a job that caps the memory.
"""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock, start_new_thread  # threading costs a millisecond to load

from agents.words import said, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

NICEST = 19  #: the lowest priority that there is
MOST_MEMORY = 512 << 20  #: bytes of private memory; a run needs 32 MiB, and apt-get its cache
LONGEST_RUN = 20 * 60.0  #: seconds; the scheduled task ends a run after 30 minutes
_ENDED = 3  #: exit code: could not be carried out


def apply() -> None:
    """Take the lowest priority and the cap on memory, as far as this system has them.

    What this process starts inherits both. A limit that cannot be set is no reason not to report.
    """
    if sys.platform == "win32":
        from agents.windows import calls_limits

        calls_limits.apply(MOST_MEMORY)
    else:
        _be_nice()
        _cap_memory()


def _be_nice() -> None:
    if sys.platform == "win32":
        return
    try:
        os.nice(NICEST)
    except OSError:
        return


def _cap_memory() -> None:
    """RLIMIT_DATA counts what is written to, not what threads reserve (RLIMIT_AS would)."""
    if sys.platform == "win32":
        return
    import resource

    try:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    except (OSError, ValueError):
        return


class Watch:
    """Ends the process when a run takes too long, whatever it hangs in.

    What was collected is on disk by then, or never will be: every write there is whole or nothing.
    """

    def __init__(self, seconds: float) -> None:
        """``seconds``: the longest that a run may take; 0 for one that nobody watches."""
        self._seconds = seconds
        self._words = ""  #: for the person at the terminal, should it come to that
        self._over = allocate_lock()  #: held while the run is under way

    def __enter__(self) -> None:
        """Begin to count."""
        self._over.acquire()
        if self._seconds:
            over = said("ended after %d s; what was collected waits on disk", self._seconds)
            # Now, and not when it comes to that: a run that hangs may load nothing any more.
            self._words = spoken(over, sys.stderr)
            start_new_thread(self._watch, ())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The run is over."""
        self._over.release()

    def _watch(self) -> None:
        if self._over.acquire(timeout=self._seconds):
            return
        print("rasoat-agent: " + self._words, file=sys.stderr, flush=True)
        os._exit(_ENDED)
