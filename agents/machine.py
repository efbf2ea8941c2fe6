"""The only door to the operating system: collectors ask a machine, and nothing else.

A machine answers or raises `Unknown` with the reason. `this_machine` is the live one;
`agents.recorded` replays a recording through the same protocol, `agents.recording` writes one while
it passes questions on.
"""

from __future__ import annotations

import importlib
import os
import stat
import sys
import time

from agents.commands import ADMIN, COMMANDS, ENVIRONMENT, Ran
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

FILE_LIMIT = 1 << 20  #: bytes of one file, where the question does not say otherwise
ENTRIES_LIMIT = 100_000  #: names in one folder
#: How a file is opened to be read. Non-blocking, so that a pipe somebody placed where a file
#: belongs cannot hang the agent; bytes as they are on Windows, which has none of the others.
_READING = os.O_RDONLY | sum(
    getattr(os, flag, 0)
    for flag in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT")
)


class Machine:
    """The protocol that live, recorded and recording machines share.

    Every method may raise `Unknown`.
    """

    platform = "linux"

    def elevated(self) -> bool:
        """Whether the agent may read what only an administrator may."""
        raise NotImplementedError

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        raise NotImplementedError

    def read_file(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        """A whole file; one longer than ``limit`` bytes is unreadable, never cut."""
        raise NotImplementedError

    def read_head(self, path: str, size: int) -> bytes:
        """The first ``size`` bytes of a file, or all of a shorter one."""
        raise NotImplementedError

    def list_dir(self, path: str) -> list[str]:
        """The names in a folder, sorted."""
        raise NotImplementedError

    def read_link(self, path: str) -> str:
        """Where a symbolic link points, as it is written."""
        raise NotImplementedError

    def exists(self, path: str) -> bool:
        """Whether something is at ``path``: True, False, or `Unknown` where that cannot be told."""
        raise NotImplementedError

    def modified(self, path: str) -> float:
        """When a file or folder was last written, in seconds since 1970."""
        raise NotImplementedError

    def run(self, name: str) -> Ran:
        """Run the command of that name in `COMMANDS` to its end, whatever its exit code."""
        raise NotImplementedError

    def smbios(self) -> bytes:
        """The SMBIOS structure table, without any header of the operating system's."""
        raise NotImplementedError

    def value(self, name: str, *arguments: str) -> Any:
        """A value that is neither file nor command; `agents.values` has them all.

        Plain JSON types.
        """
        raise NotImplementedError

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        """Every value of a registry key by its name ("" is the default value), Windows alone.

        ``key`` begins with HKLM or HKU; ``view`` is 64 or 32. REG_DWORD and REG_QWORD are int,
        REG_SZ and REG_EXPAND_SZ (unexpanded) str, REG_MULTI_SZ list[str], all others bytes.
        """
        raise Unknown("not_supported", "no registry on " + self.platform)

    def registry_keys(self, key: str, view: int = 64) -> list[str]:
        """The names of a registry key's subkeys, sorted. Windows alone."""
        raise Unknown("not_supported", "no registry on " + self.platform)


class LiveMachine(Machine):
    """The machine that the agent runs on: Linux; the other systems derive from it.

    ``kept`` is the folder where answers of slow commands are kept for a day (the agent's state
    folder). Without it slow commands are asked only where ``slow`` says so.
    """

    def __init__(self, kept: str | None = None, *, slow: bool = False) -> None:
        self._kept = kept
        self._slow = slow

    def elevated(self) -> bool:
        """Effective user id 0."""
        return sys.platform != "win32" and os.geteuid() == 0

    def now(self) -> float:
        """The system's clock."""
        return time.time()

    def read_file(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        """A whole regular file or pseudo-file."""
        content = self._read(path, limit + 1)
        if len(content) > limit:
            raise Unknown("unreadable", "%s is longer than %d bytes" % (path, limit))
        return content

    def read_head(self, path: str, size: int) -> bytes:
        """The first bytes of a file."""
        return self._read(path, size)

    def _read(self, path: str, size: int) -> bytes:
        try:
            handle = os.open(path, _READING)
            try:
                about = os.fstat(handle)
                if not stat.S_ISREG(about.st_mode):
                    raise Unknown("unreadable", path + " is not a regular file")
                return _read_up_to(handle, size, about.st_size)
            finally:
                os.close(handle)
        except OSError as fault:
            _refuse(path, fault)

    def list_dir(self, path: str) -> list[str]:
        """The names in a folder, sorted."""
        try:
            names = os.listdir(path)
        except OSError as fault:
            _refuse(path, fault)
        if len(names) > ENTRIES_LIMIT:
            raise Unknown("unreadable", path + " holds too many entries")
        return sorted(names)

    def read_link(self, path: str) -> str:
        """Where a symbolic link points."""
        try:
            return os.readlink(path)
        except OSError as fault:
            _refuse(path, fault)

    def exists(self, path: str) -> bool:
        """Follows links; a link to nothing does not exist."""
        try:
            os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as fault:
            _refuse(path, fault)
        return True

    def modified(self, path: str) -> float:
        """st_mtime."""
        try:
            return os.stat(path).st_mtime
        except OSError as fault:
            _refuse(path, fault)

    def run(self, name: str) -> Ran:
        """Start the first installed candidate; no shell, no input, its own small environment."""
        from agents.programs import run_to_end

        command = COMMANDS[name]
        for path in command.paths:
            if os.access(path, os.X_OK):
                break
        else:
            raise Unknown("not_installed", command.program + " is not installed")
        if not command.daily or (self._slow and self._kept is None):
            return run_to_end([path, *command.arguments], command.seconds)
        if self._kept is None:
            raise Unknown("not_supported", "slow: asked once a day by `run`, or by `show --slow`")
        from agents import daily

        return daily.run(
            self._kept,
            name,
            [self.modified(watched) for watched in command.daily if self.exists(watched)],
            lambda: run_to_end([path, *command.arguments], command.seconds),
        )

    def smbios(self) -> bytes:
        """The kernel's copy of the table; root alone may read it."""
        return self.read_file("/sys/firmware/dmi/tables/DMI")

    def value(self, name: str, *arguments: str) -> Any:
        """Ask the function of that name in `agents.values`."""
        from agents import values

        return values.VALUES[name](*arguments)


def _read_up_to(handle: int, size: int, likely: int) -> bytes:
    """``likely``: how long the file says that it is; one of the kernel's own may say 0."""
    pieces: list[bytes] = []
    while size > 0:
        piece = os.read(handle, min(size, max(likely + 1, 1 << 18)))
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _refuse(path: str, fault: OSError) -> NoReturn:
    """Raise the `Unknown` that says what the system answered."""
    if isinstance(fault, PermissionError):
        raise Unknown("not_elevated", path + ": permission denied") from None
    if isinstance(fault, (FileNotFoundError, NotADirectoryError)):
        raise Unknown("not_found", path + " does not exist") from None
    raise Unknown("unreadable", "%s: %s" % (path, fault.strerror)) from None


def administer(name: str, folder: str | None = None) -> Ran:
    """Run the program of that name in `ADMIN` in ``folder``, for a person who asked for it.

    Raises:
        Unknown: it is not installed, cannot be started or takes too long.
    """
    import subprocess

    command = ADMIN[name]
    path = next((one for one in command.paths if os.access(one, os.X_OK)), None)
    if path is None:
        raise Unknown("not_installed", command.program + " is not at " + command.paths[-1])
    windows = {"SystemRoot": "C:\\Windows"} if sys.platform == "win32" else {}
    try:
        done = subprocess.run(
            [path, *command.arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=command.seconds,
            env={**ENVIRONMENT, **windows},
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        raise Unknown("timed_out", path + " took too long") from None
    except OSError as fault:
        raise Unknown("unreadable", "%s: %s" % (path, fault.strerror)) from None
    return Ran(done.returncode, done.stdout, done.stderr)


#: Where the live machine of each `sys.platform` is: module and class.
_MACHINES = {
    "linux": ("agents.machine", "LiveMachine"),
    "win32": ("agents.windows.machine", "WindowsMachine"),
    "darwin": ("agents.macos.machine", "MacMachine"),
}


def this_machine(kept: str | None = None, *, slow: bool = False) -> Machine:
    """The machine that the agent runs on.

    With ``kept``, a folder that the agent may write to, slow commands are asked once a day and
    their answers kept there; with ``slow`` they are asked now; else their facts are unknown.

    Raises:
        Unknown: no collectors for this platform yet.
    """
    if sys.platform not in _MACHINES:
        raise Unknown("not_supported", "no collectors for " + sys.platform + " yet")
    module, name = _MACHINES[sys.platform]
    machine: Machine = getattr(importlib.import_module(module), name)(kept, slow=slow)
    return machine
