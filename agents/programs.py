"""Running a program of the constant table to its end, within limits of time and output.

`posix_spawn` itself, because importing `subprocess` costs a tenth of what a run may cost above its
floor; Windows' collectors start no program at all. `agents.machine` alone calls this.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

from agents.commands import ENVIRONMENT, Ran
from agents.outcome import Unknown

if sys.platform == "win32":
    raise ImportError("agents.programs: Windows' collectors start no program")

OUTPUT_LIMIT = 8 << 20  #: bytes of one output; 10,000 nft rules take about 3 MB
_RESTORED = (signal.SIGPIPE, signal.SIGXFSZ)  #: Python ignores them; programs expect them
_LONGEST_NAP = 0.02  #: seconds between looks at a program that has closed its outputs


def run_to_end(arguments: list[str], seconds: float) -> Ran:
    """Run to the end; no shell, no input, the small environment of `agents.commands`.

    Raises:
        Unknown: it cannot be started, takes too long or writes too much; then it was killed.
    """
    deadline = time.monotonic() + seconds
    try:
        process, out, err = _started(arguments)
    except OSError as fault:
        raise Unknown("unreadable", "%s: %s" % (arguments[0], fault.strerror)) from None
    try:
        stdout, stderr = _outputs(out, err, deadline)
        return Ran(_ended(process, deadline), stdout, stderr)
    except Unknown as why:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        raise Unknown(why.reason, "%s %s" % (arguments[0], why.detail)) from None
    finally:
        os.close(out)
        os.close(err)


def _started(arguments: list[str]) -> tuple[int, int, int]:
    """The process, and the reading ends of its two outputs."""
    handles: list[int] = []
    try:
        handles += os.pipe()
        handles += os.pipe()
        handles.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
        out, out_end, err, err_end, nothing = handles
        ends = (nothing, out_end, err_end)
        process = os.posix_spawn(
            arguments[0],
            arguments,
            ENVIRONMENT,
            file_actions=[(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate(ends)],
            setsigdef=_RESTORED,
        )
    except BaseException:
        _close(handles)
        raise
    _close(ends)
    return process, out, err


def _close(handles: list[int] | tuple[int, ...]) -> None:
    for handle in handles:
        os.close(handle)


def _outputs(out: int, err: int, deadline: float) -> tuple[bytes, bytes]:
    """All of both outputs; raises `Unknown` when the time is up or there is too much."""
    gathered: dict[int, bytearray] = {out: bytearray(), err: bytearray()}
    still_open = [out, err]
    while still_open:
        left = _left(deadline)
        for handle in select.select(still_open, [], [], left)[0]:
            piece = os.read(handle, 1 << 16)
            gathered[handle] += piece
            if not piece:
                still_open.remove(handle)
            if len(gathered[handle]) > OUTPUT_LIMIT:
                raise Unknown("unreadable", "wrote over %d bytes" % OUTPUT_LIMIT)
    return bytes(gathered[out]), bytes(gathered[err])


def _ended(process: int, deadline: float) -> int:
    """The exit code, or minus the signal that ended it; it has closed its outputs already."""
    nap = 0.0001
    while True:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        time.sleep(min(nap, _left(deadline)))
        nap = min(2 * nap, _LONGEST_NAP)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unknown("timed_out", "took too long")
    return left
