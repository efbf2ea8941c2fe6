"""Reports on disk until the server has acknowledged them: each file one complete signed request.

A request is resent byte for byte, so its bytes are made once. The spool is bounded. When it is
full, days are thinned before any is lost: of each the newest report stays as long as it can, and
what carries everything goes before what carries changes. What is given up is counted.
"""

from __future__ import annotations

import os
import re

from agents.durable import sync_folder, write_durably
from agents.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Mapping

FOLDER = "spool"
MOST_REPORTS = 500  #: 12 weeks of six a day; what is more often is thinned
MOST_BYTES = 64 << 20  #: of all reports together; one of an office PC has about 10 KiB
LONGEST_WAIT = 60 * 86400  #: seconds that a report may wait
DAY = 86400  #: seconds
FULL, DELTA = "report", "delta"  #: endings: carries every section, or names some by their hash
_NAME = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})\.(report|delta)")
_END = b"\r\n\r\n"
_CREATED = re.compile(rb";created=([0-9]{1,15});")
_HEAD = 4096  #: bytes; a genuine head has about 900


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
    """The reports of one state folder, in the order in which they were made.

    ``name`` is the folder inside it: what a sensor saw waits apart from the machine's own reports.
    """

    def __init__(self, folder: str, name: str = FOLDER) -> None:
        self.folder = os.path.join(folder, name)

    def waiting(self) -> list[tuple[int, int]]:
        """(epoch, sequence) of every report that waits, oldest first."""
        return [number for number, _ in self._listed()]

    def _listed(self) -> list[tuple[tuple[int, int], str]]:
        """(number, file name) of every report, oldest first."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        found = [match for match in map(_NAME.fullmatch, names) if match]
        return sorted(((int(match[1]), int(match[2])), match[0]) for match in found)

    def put(self, epoch: int, sequence: int, request: Request, kind: str = FULL) -> None:
        """Keep a report; when this returns it is durable."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        path = os.path.join(self.folder, f"{epoch}-{sequence}.{kind}")
        write_durably(path, request.packed())

    def get(self, epoch: int, sequence: int) -> Request | None:
        """A waiting report, or None where its file cannot be read as one."""
        try:
            with open(self._path(epoch, sequence), "rb") as file:
                return unpacked(file.read())
        except (OSError, ValueError):
            return None

    def names_sections(self, epoch: int, sequence: int) -> bool:
        """Whether a report leaves out sections that were acknowledged before."""
        return self._path(epoch, sequence).endswith("." + DELTA)

    def made(self, epoch: int, sequence: int) -> int:
        """When a report was signed, by this machine's clock, in seconds since 1970."""
        path = self._path(epoch, sequence)
        try:
            with open(path, "rb") as file:
                match = _CREATED.search(file.read(_HEAD).partition(_END)[0])
            return int(match[1]) if match else int(os.stat(path).st_mtime)
        except OSError:
            return 0

    def remove(self, epoch: int, sequence: int) -> None:
        """Let go of a report: it was acknowledged, or given up and counted."""
        os.unlink(self._path(epoch, sequence))
        sync_folder(self.folder)

    def bound(self, state: State, reports: int | None = None, size: int | None = None) -> int:
        """Give up reports until what waits is within bounds; the number given up.

        The newest is never given up. Counted before it is removed: a crash in between counts one
        too many, never one too few.
        """
        most, longest = reports or MOST_REPORTS, size or MOST_BYTES
        sizes = {
            number: os.stat(os.path.join(self.folder, name)).st_size
            for number, name in self._listed()
        }
        count, total = len(sizes), sum(sizes.values())
        gone: list[tuple[int, int]] = []
        if count > most or total > longest:
            for number in self._dispensable():
                if count <= most and total <= longest:
                    break
                gone.append(number)
                count, total = count - 1, total - sizes[number]
        self.give_up(state, gone)
        return len(gone)

    def _dispensable(self) -> list[tuple[int, int]]:
        """What may be given up, in this order; all but the newest report.

        First the reports that are not the last of their day, full ones before the others, then the
        last ones of the oldest days.
        """
        listed = self._listed()
        last = set({self.made(*number) // DAY: number for number, _ in listed}.values())
        others = [(name.endswith(DELTA), number) for number, name in listed if number not in last]
        thinned = [number for _, number in sorted(others)]
        return thinned + [number for number, _ in listed[:-1] if number in last]

    def expire(self, state: State, now: float) -> int:
        """Give up what has waited for over 60 days, but for the newest; the number given up.

        Called when delivery has been tried: where the clock was wrong, everything has had its
        chance.
        """
        old = [one for one in self.waiting()[:-1] if now - self.made(*one) > LONGEST_WAIT]
        self.give_up(state, old)
        return len(old)

    def give_up(self, state: State, reports: Iterable[tuple[int, int]]) -> None:
        """Remove reports that will never be sent, and count them."""
        gone = list(reports)
        if gone:
            state.count_dropped([self.made(*one) for one in gone])
            state.save()
        for epoch, sequence in gone:
            self.remove(epoch, sequence)

    def supersede(self, state: State, epoch: int, sequence: int) -> None:
        """Remove a report that stood on what the collector no longer has; a full one follows."""
        state.superseded += 1
        state.forget_sections()
        state.save()
        self.remove(epoch, sequence)

    def _path(self, epoch: int, sequence: int) -> str:
        path = os.path.join(self.folder, f"{epoch}-{sequence}.")
        return path + (DELTA if os.path.lexists(path + DELTA) else FULL)
