"""Files that are there after power has failed: replaced whole, and durable before anything relies.

On Windows they are closed to everybody but the system and administrators before anything is in.
"""

from __future__ import annotations

import os
import sys

from agents.problems import AgentProblem


def private_folder(folder: str) -> None:
    """Make a folder that nobody but this agent, the system and its administrators can enter.

    Raises:
        AgentProblem: on Windows, it was there and belongs to somebody else, or cannot be protected.
        OSError: it cannot be made.
    """
    there = os.path.isdir(folder)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if sys.platform == "win32":
        from agents.windows import private

        fault = private.fault_of_folder(folder) if there else private.fault_of_keeping(folder)
        if fault:
            raise AgentProblem(fault)


def write_durably(path: str, content: bytes, mode: int = 0o600) -> None:
    """Replace a file whole; when this returns, power may fail and the new content is there."""
    temporary = path + ".new"
    if os.path.lexists(temporary):
        os.unlink(temporary)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(temporary, flags, mode), "wb") as file:
        if sys.platform == "win32":  # whose files know no mode; before anything is in it
            from agents.windows import private

            fault = private.fault_of_keeping(temporary)
            if fault:
                raise AgentProblem(fault)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_folder(os.path.dirname(path))


def write_new(path: str, content: bytes) -> None:
    """Write a file that is not there yet; when this returns it is on the disk, or stick.

    Raises:
        FileExistsError: there is one, which stays as it is.
        OSError: it cannot be written; nothing half-written remains.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(path)
        raise
    try:
        sync_folder(os.path.dirname(os.path.abspath(path)))
    except OSError:
        return  # not every stick's file system can: the file itself was synced


def remove(path: str) -> None:
    """Remove a file for good."""
    os.unlink(path)
    sync_folder(os.path.dirname(path))


def sync_folder(folder: str) -> None:
    """Make renames and removals in a folder durable; Windows does so by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
