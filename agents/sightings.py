"""What a sensor saw, signed with its agent's key and kept until the collector holds it.

The scanner makes the document; here it is only bytes. Numbers come from the same counter as the
machine's own reports, so no two messages of one agent share one.
"""

from __future__ import annotations

import time

from agents import run
from agents.delivery import FIRST_RETRY, LONGEST_PAUSE, OF_THIS_REPORT, TRIES, jittered
from agents.lock import Lock
from agents.message_signatures import SIGHTINGS as PROFILE
from agents.problems import AgentProblem, on_disk
from agents.spool import Spool
from agents.transport import (
    OK,
    SIGHTINGS,
    Connection,
    Unreachable,
    intact,
    signed_request,
)
from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from agents.identity import Identity

FOLDER = "sightings"  #: of the spool, inside the state folder
MOST_WAITING = 60  #: scans; a sensor that scans twice a day keeps a month


class Sent:
    """What one delivery came to."""

    def __init__(self) -> None:
        self.sent = 0
        self.waiting = 0
        self.dropped = 0  #: given up, the spool was full or damaged
        self.problem = ""  #: why something still waits

    def sentence(self) -> str:
        """The delivery in one line."""
        line = f"sent {self.sent} scans; waiting {self.waiting}"
        if self.dropped:
            line += f"; {self.dropped} given up, the spool was full or damaged"
        return f"{line}: {self.problem}" if self.problem else line


def keep(folder: str, raw: bytes, clock: Callable[[], float] = time.time) -> int:
    """Sign a document, ``raw`` its JSON, and make it durable; gives how many were given up.

    Raises:
        BadInput: the folder holds no enrolment.
        AgentProblem: a run of the agent is at work, or the disk does not take it.
    """
    body = run.compressed(raw)
    if len(body) > run.LONGEST_REPORT:
        raise AgentProblem(
            said("the scan has %d bytes compressed; scan in smaller parts", len(body))
        )
    try:
        with Lock(folder):
            _, identity, progress = run.enrolled(folder)
            number = (progress.epoch, progress.reserve())
            request = signed_request(SIGHTINGS, PROFILE, identity, number, body, int(clock()))
            spool = Spool(folder, FOLDER)
            spool.put(*number, request)
            return _bounded(spool)
    except OSError as fault:
        raise on_disk(fault) from None


def _bounded(spool: Spool) -> int:
    """Give up the oldest scans beyond the bound; how many."""
    beyond = spool.waiting()[:-MOST_WAITING]
    for number in beyond:
        spool.remove(*number)
    return len(beyond)


def deliver(folder: str, sleep: Callable[[float], None] | None = time.sleep) -> Sent:
    """Send what waits, oldest first; with ``sleep``, try again while it may help.

    Raises:
        BadInput: the folder holds no enrolment.
    """
    enrolment, identity, _ = run.enrolled(folder)
    spool, done = Spool(folder, FOLDER), Sent()
    connection = Connection(enrolment)
    try:
        for attempt in range(TRIES):
            pause = _send_all(connection, spool, identity, done)
            if pause is None or sleep is None or attempt == TRIES - 1 or pause > LONGEST_PAUSE:
                break
            sleep(jittered(max(pause, FIRST_RETRY * 3**attempt)))
    finally:
        connection.close()
    done.waiting = len(spool.waiting())
    return done


def _send_all(connection: Connection, spool: Spool, identity: Identity, done: Sent) -> float | None:
    """Send every waiting scan; None, or the least seconds after which to try again."""
    done.problem = ""
    for number in spool.waiting():
        request = spool.get(*number)
        if request is None or not intact(
            request, identity, PROFILE
        ):  # the disk has changed it: it would be refused for ever
            spool.remove(*number)
            done.dropped += 1
            continue
        try:
            answer = connection.report(request)
        except Unreachable as fault:
            done.problem = str(fault)
            return 0.0
        if answer.status == OK:
            spool.remove(*number)
            done.sent += 1
            continue
        code, message = answer.refusal
        done.problem = f"the collector refused scan {number[1]}: {message} [{code}]"
        if answer.status not in OF_THIS_REPORT:
            return float(answer.retry_after) if answer.retry_after else None
    return None
