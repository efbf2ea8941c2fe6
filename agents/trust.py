"""Who else may change what the scheduled task would start with all rights.

A task that runs as root or SYSTEM starts an interpreter, its library and our code. Whoever can
write to one of them, or put another file in its place, has those rights too (CVE-2019-5629 and its
kind). So every file and every folder above it must be an administrator's alone.
"""

from __future__ import annotations

import os
import stat
import sys

from agents.outcome import Unknown
from agents.problems import system_says
from agents.words import NOTHING, Said, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Iterator

SYSTEM_USER = 0  #: root's uid; and the group of root and wheel
LINKS = 40  #: symbolic links on one path; Linux follows as many


def fault(paths: list[str]) -> Said:
    """Why these files and folders, with all that is in them, are not safe; "" where they are."""
    judge = _judge()
    try:
        for path in paths:
            for one, inside in _all(path):
                why = judge(one, inside)
                if why:
                    return said("%s: %s", one, why)
    except OSError as problem:
        return said("%s: %s", problem.filename, system_says(problem))
    except Unknown as why:
        return said("it cannot be told who may write to it: %s", why.detail)
    return NOTHING


def _judge() -> Callable[[str, bool], Said]:
    if sys.platform == "win32":
        from agents.windows import access, private

        return lambda path, inside: access.fault(private.described(path), inside=inside)
    return lambda path, _: mode_fault(os.lstat(path))


def mode_fault(found: os.stat_result) -> Said:
    """What POSIX permissions say against a file or folder; links count for nothing themselves.

    A sticky folder such as /tmp is refused too: what is deleted there, anybody may put back.
    """
    if stat.S_ISLNK(found.st_mode):
        return NOTHING
    if found.st_uid != SYSTEM_USER:
        return said("it belongs to user %d, not to root", found.st_uid)
    if found.st_mode & stat.S_IWOTH:
        return said("everybody may write to it")
    if found.st_mode & stat.S_IWGRP and found.st_gid != SYSTEM_USER:
        return said("group %d may write to it", found.st_gid)
    return NOTHING


def _all(path: str) -> Iterator[tuple[str, bool]]:
    """Each path on the way to ``path``, every link's way too, and all below it.

    With each, whether it is ``path`` itself or below it.
    """
    real = path
    for way in _ways(path):
        real = way
        for above in _above(way):
            yield above, False
    yield real, True
    if not os.path.isdir(real):
        return
    for folder, folders, files in os.walk(real, onerror=_raise):
        for name in (*folders, *files):
            yield os.path.join(folder, name), True


def _ways(path: str) -> Iterator[str]:
    """``path``, and each path that a link on it leads to; the last has no link in its name."""
    way = os.path.abspath(path)
    for _ in range(LINKS):
        yield way
        link = next((one for one in (*_above(way), way) if os.path.islink(one)), None)
        if link is None:
            return
        target = os.path.join(os.path.dirname(link), os.readlink(link))
        way = os.path.normpath(target + way[len(link) :])
    raise OSError(0, said("too many links"), path)


def _above(path: str) -> list[str]:
    """The folders above a path, the root first."""
    found: list[str] = []
    here = os.path.dirname(path)
    while here not in found:
        found.append(here)
        here = os.path.dirname(here)
    return found[::-1]


def _raise(problem: OSError) -> None:
    raise problem
