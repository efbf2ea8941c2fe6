"""Reports on disk until the server has acknowledged them: each file one complete signed request.

A request is resent byte for byte, so its bytes are made once. The spool is bounded; when it is
full the oldest report is given up, and counted.
"""

from __future__ import annotations

import os
import re

from agents.state import State, sync_folder, write_durably

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Mapping

FOLDER = "spool"
MOST_REPORTS = 500  #: 12 weeks of six a day
MOST_BYTES = 32 << 20  #: of all reports together; one of an office PC has about 10 KiB
_NAME = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})\.report")
_END = b"\r\n\r\n"


class Request:
    """A signed request as it travels: target, the signed headers and those of the signature."""

    def __init__(self, target: str, headers: Mapping[str, str], body: bytes) -> None:
        self.target = target
        self.headers = dict(headers)
        self.body = body

    def packed(self) -> bytes:
        """The request as one file: a request line, headers, an empty line, the body."""
        lines = ["POST " + self.target]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(lines).encode("ascii") + _END + self.body


def unpacked(raw: bytes) -> Request:
    """The request that `Request.packed` packed.

    Raises:
        ValueError: these bytes are none.
    """
    head, end, body = raw.partition(_END)
    first, *lines = head.decode("ascii").split("\r\n")
    if not end or not first.startswith("POST /"):
        raise ValueError("not a spooled request")
    pairs = [line.partition(": ") for line in lines]
    return Request(first[len("POST ") :], {name: value for name, _, value in pairs}, body)


class Spool:
    """The reports of one state folder, in the order in which they were made."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.join(folder, FOLDER)

    def waiting(self) -> list[tuple[int, int]]:
        """(epoch, sequence) of every report that waits, oldest first."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        found = [match for match in map(_NAME.fullmatch, names) if match]
        return sorted((int(match[1]), int(match[2])) for match in found)

    def put(self, epoch: int, sequence: int, request: Request) -> None:
        """Keep a report; when this returns it is durable."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        write_durably(self._path(epoch, sequence), request.packed())

    def get(self, epoch: int, sequence: int) -> Request | None:
        """A waiting report, or None where its file cannot be read as one."""
        try:
            with open(self._path(epoch, sequence), "rb") as file:
                return unpacked(file.read())
        except (OSError, ValueError):
            return None

    def remove(self, epoch: int, sequence: int) -> None:
        """Let go of a report: it was acknowledged, or given up and counted."""
        os.unlink(self._path(epoch, sequence))
        sync_folder(self.folder)

    def bound(self, state: State, reports: int = MOST_REPORTS, size: int = MOST_BYTES) -> int:
        """Give up the oldest reports until what waits is within bounds; the number given up.

        The newest is never given up. Counted before it is removed: a crash in between counts one
        too many, never one too few.
        """
        waiting = self.waiting()
        sizes = [os.stat(self._path(*one)).st_size for one in waiting]
        excess = 0
        while len(waiting) - excess > 1 and (
            len(waiting) - excess > reports or sum(sizes[excess:]) > size
        ):
            excess += 1
        self.give_up(state, waiting[:excess])
        return excess

    def give_up(self, state: State, reports: list[tuple[int, int]]) -> None:
        """Remove reports that will never be sent, and count them."""
        if reports:
            state.dropped += len(reports)
            state.save()
        for epoch, sequence in reports:
            self.remove(epoch, sequence)

    def _path(self, epoch: int, sequence: int) -> str:
        return os.path.join(self.folder, f"{epoch}-{sequence}.report")
