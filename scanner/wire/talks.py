"""A conversation over TCP as data: the job, what it says next, how it ended.

A job is one connection. What is said in it is a generator that is given what came and yields what
to say next; it knows no socket, no clock and no address.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

PATIENCE = 5.0  #: seconds until the first byte: printers think long, servers look up who came


class Say(NamedTuple):
    """What a talk does next: say ``data``, after a TLS handshake if ``tls``, then listen.

    ``last``: nothing is awaited any more.
    """

    data: bytes = b""
    tls: bool = False
    last: bool = False


Talk = Generator[Say, bytes, None]  #: is sent each piece that came; returns when it has enough


@dataclass(frozen=True, slots=True)
class Job:
    """One connection; ``what`` names the talk for whoever reads the outcome."""

    ip: str
    port: int
    what: str
    talk: Callable[[], Talk]
    patience: float = PATIENCE  #: seconds for the first byte


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended, and what was received; ``at`` in seconds since 1970.

    ``end``: done, closed (by the other side), quiet (it stopped speaking), refused, unreachable,
    timed_out, tarpit (bytes trickled until the time was over), endless (more than a job reads),
    no_tls, not_begun (the host's time was used up), stopped.
    """

    job: Job
    end: str
    received: bytes = b""
    certificate: bytes = b""  #: DER, as the server showed it
    tls: str = ""  #: version that was agreed on
    at: float = 0.0
    seconds: float = 0.0  #: that the job took
