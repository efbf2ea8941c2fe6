"""What a scheduled task starts and when: the same for every system, and pure.

Each system's own words for it: `agents.windows.task`, `agents.linux.timer`, `agents.macos.daemon`.
"""

from __future__ import annotations

from agents.words import SaidError, said

DAY = 24 * 60  #: minutes
#: Minutes between two starts: what divides an hour or a day, so that every system's calendar can
#: say it. The server's interval is rounded down to one of these.
PERIODS = (15, 30, 60, 120, 180, 240, 360, 480, 720, DAY)
HOUR = 60  #: minutes
RUN_LIMIT = 30 * 60  #: seconds a run may take, its pauses between deliveries included
LONGEST_PATH = 1024  #: characters; beyond, something is wrong


class Unplaceable(SaidError):
    """A path or word that this system's scheduler cannot carry safely; the message says which."""


class Job:
    """One program with its words, how often it starts, and what it may write to."""

    def __init__(
        self,
        program: str,
        arguments: tuple[str, ...],
        state: str,
        interval: int,
        offset: int,
        collector: str | None = None,
    ) -> None:
        self.program = program  #: absolute path
        self.arguments = arguments
        self.state = state  #: absolute path of the only folder that the agent writes to
        self.every = period(interval)  #: minutes
        self.offset = offset % (self.window or 1)  #: seconds that are this machine's own
        self.collector = collector  #: the collector's IP address, where it is known by one

    @property
    def window(self) -> int:
        """Seconds over which the machines of an office spread: the period, an hour at most."""
        return min(self.every, HOUR) * 60

    @property
    def words(self) -> tuple[str, ...]:
        """The whole command line."""
        return (self.program, *self.arguments)


class Placed:
    """A file that an installation consists of."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.content = content


def period(interval: int) -> int:
    """Minutes between two starts for the server's interval in seconds."""
    fitting = [minutes for minutes in PERIODS if minutes * 60 <= interval]
    return fitting[-1] if fitting else PERIODS[0]


def starts(job: Job) -> list[tuple[int, int]]:
    """(hour, minute) of every start of a day, without any offset."""
    return [divmod(minute, HOUR) for minute in range(0, DAY, job.every)]


def carried(words: tuple[str, ...], refused: str, system: str) -> None:
    """Make sure that no word holds a control character or one of ``refused``.

    Raises:
        Unplaceable: says which word and which character.
    """
    for word in words:
        bad = [sign for sign in word if sign in refused or not _storable(sign)]
        if bad:
            raise Unplaceable(
                said(
                    "%r holds %r, which %s cannot carry; choose another folder",
                    word,
                    bad[0],
                    system,
                )
            )
        if len(word) > LONGEST_PATH:
            raise Unplaceable(said("a path of %d characters is too long", len(word)))


def _storable(sign: str) -> bool:
    """Neither a control character nor half of a surrogate pair nor a separator of lines."""
    return sign == " " or sign.isprintable() or sign == "\u00a0"
