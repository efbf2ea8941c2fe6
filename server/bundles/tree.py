"""The files of a bundle before they are packed: paths, contents, and who may read or start them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from language.said import SaidError, said

PLAIN, PROGRAM, SECRET = 0o644, 0o755, 0o600  #: modes of files
FOLDER = 0o755
#: 2026-01-01T00:00:00Z, the date of every file: when a bundle was built is not part of it.
MOMENT = 1_767_225_600


class BundleProblem(SaidError):
    """The bundle cannot be built from this; the message says what and what to do."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its path with forward slashes, its content, its mode."""

    path: str
    content: bytes
    mode: int


class Tree:
    """Files by path; sorted when they are read, so that order of making never matters."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, path: str, content: bytes, mode: int = PLAIN) -> None:
        """Add one file.

        Raises:
            BundleProblem: the path leads out of the bundle, or two files have it.
        """
        parts = path.split("/")
        if path.startswith("/") or not all(parts) or {".", ".."} & set(parts) or "\\" in path:
            raise BundleProblem(said("{path!r} is no path inside a bundle", path=path))
        if path in self._entries:
            raise BundleProblem(said("{path}: there are two files of this name", path=path))
        self._entries[path] = Entry(path, content, mode)

    def graft(self, folder: str, other: Tree) -> None:
        """Add all files of another tree below ``folder``."""
        for entry in other:
            self.add(f"{folder}/{entry.path}", entry.content, entry.mode)

    def __iter__(self) -> Iterator[Entry]:
        """Every file, by path."""
        return iter(sorted(self._entries.values(), key=lambda entry: entry.path))

    def folders(self) -> list[str]:
        """Every folder that the files lie in, parents first."""
        found: set[str] = set()
        for path in self._entries:
            parts = path.split("/")[:-1]
            found.update("/".join(parts[: count + 1]) for count in range(len(parts)))
        return sorted(found)

    def write(self, target: Path) -> None:
        """Write the files into a new folder.

        Raises:
            OSError: it is there already, or cannot be written.
        """
        target.mkdir(mode=0o700)
        for folder in self.folders():
            (target / folder).mkdir()
        for entry in self:
            place = target / entry.path
            place.touch(mode=0o600)
            place.write_bytes(entry.content)
            place.chmod(entry.mode)
            os.utime(place, (MOMENT, MOMENT))
