"""Send what waits, oldest first, and let go of what the collector has proved that it holds.

Few tries with growing, jittered pauses, never shorter than the collector asked for; what is left
waits for the next run.
"""

from __future__ import annotations

import time

from agents import delta, state
from agents.transport import OK, Connection, Unreachable, check_acknowledged, intact
from agents.words import NOTHING, Said, joined, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from agents.identity import Identity
    from agents.spool import Request, Spool
    from agents.state import Enrolment, State
    from agents.transport import Answer

FIRST_RETRY = 5.0  #: seconds, three times as long at each further try
TRIES = 4  #: deliveries in one scheduled run
LONGEST_PAUSE = 300.0  #: seconds that one run waits for the collector; beyond, the next run sends
LONGEST = 15 * 60.0  #: seconds that one run delivers; what is left waits for the next
OF_THIS_REPORT = (413, 415, 422)  #: refusals that say nothing about the other reports
NOT_UNDERSTOOD = 422  #: by a collector that does not know reports that name sections, too
SECTION_UNKNOWN = "section_unknown"  #: the report names a section that the collector has not
TOO_OFTEN, SERVERS_FAULT = 429, 500  #: refusals that time may heal: 429, and 500 and above


class Outcome:
    """What one run came to."""

    def __init__(self) -> None:
        self.sequence = 0  #: of the report that was collected
        self.sent = 0
        self.waiting = 0
        self.dropped = 0
        self.superseded = 0  #: reports that a full one replaced
        self.problem = NOTHING  #: why something still waits
        self.written = ""  #: the file that carries what waits

    @property
    def done(self) -> bool:
        """Nothing waits any more, or it is on its way by hand."""
        return self.waiting == 0 or bool(self.written)

    def sentence(self) -> Said:
        """The run in one line."""
        numbers = (self.sequence, self.sent, self.waiting)
        parts = [said("collected report %d; sent %d; waiting %d", *numbers)]
        if self.superseded:
            parts.append(said("%d replaced by a full one", self.superseded))
        if self.dropped:
            parts.append(said("%d given up, the spool was full or damaged", self.dropped))
        if self.written:
            parts.append(said("written to %s", self.written))
        line = joined("; ", parts)
        return said("%s: %s", line, self.problem) if self.problem else line


class Delivery:
    """One run's sending; ``full`` makes a report that carries everything, where one is needed."""

    def __init__(
        self,
        enrolment: Enrolment,
        identity: Identity,
        progress: State,
        spool: Spool,
        outcome: Outcome,
        full: Callable[[], int],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._enrolment, self._identity = enrolment, identity
        self._progress, self._spool, self._outcome = progress, spool, outcome
        self._full: Callable[[], int] | None = full
        self._clock = clock

    def deliver(self, sleep: Callable[[float], None] | None) -> None:
        """Send what waits; with ``sleep``, try again while it may help."""
        asked = self._progress.wait(self._clock())
        if asked:
            self._outcome.problem = said("the collector asked to wait %d s more", asked)
            return
        gone = give_up_damaged(self._spool, self._progress, self._identity)
        self._outcome.dropped += gone
        connection = Connection(self._enrolment)
        ends = time.monotonic() + LONGEST
        try:
            for attempt in range(TRIES):
                pause = self._send_all(connection, ends)
                if pause is None or sleep is None or attempt == TRIES - 1 or pause > LONGEST_PAUSE:
                    return
                pause = jittered(max(pause, FIRST_RETRY * 3**attempt))
                if time.monotonic() + pause > ends:
                    return
                sleep(pause)
        finally:
            connection.close()

    def _send_all(self, connection: Connection, ends: float) -> float | None:
        """Send every waiting report; None, or the least seconds after which to try again."""
        self._outcome.problem = NOTHING
        before = self._outcome.superseded
        for number in self._spool.waiting():
            if time.monotonic() > ends:
                self._outcome.problem = said("the time for one run is over; the next one goes on")
                return None
            pause, stop = self._send(connection, number)
            if stop:
                return pause
        if self._outcome.superseded > before and self._full is not None:
            full, self._full = self._full, None  # once a run: a collector that forgets is not fed
            self._outcome.sequence = full()
            return self._send_all(connection, ends)
        return None

    def _send(self, connection: Connection, number: tuple[int, int]) -> tuple[float | None, bool]:
        """(seconds after which to try again, whether the others must wait) for one report."""
        request = self._spool.get(*number)
        if request is None:
            return None, False
        try:
            answer = connection.report(request)
        except Unreachable as fault:
            self._outcome.problem = fault.said
            return 0.0, True
        if answer.status == OK:
            acknowledged(self._progress, self._spool, number, request, answer.content)
            self._outcome.sent += 1
            return None, False
        if self._stands_on_nothing(number, answer):
            self._spool.supersede(self._progress, *number)
            self._outcome.superseded += 1
            return None, False
        self._outcome.problem = _refused(number[1], answer)
        if answer.status in OF_THIS_REPORT:
            return None, False
        return self._stay_away(answer), True

    def _stands_on_nothing(self, number: tuple[int, int], answer: Answer) -> bool:
        """The collector lacks a section that this report names, or does not know such reports."""
        missing = answer.refusal[0] == SECTION_UNKNOWN or answer.status == NOT_UNDERSTOOD
        return missing and self._spool.names_sections(*number)

    def _stay_away(self, answer: Answer) -> float | None:
        """Keep what the server asked for; the seconds to wait, None where that does not help."""
        if answer.status != TOO_OFTEN and answer.status < SERVERS_FAULT:
            return None
        if answer.retry_after:
            wait = min(answer.retry_after, state.LONGEST_WAIT)
            self._progress.not_before = int(self._clock()) + wait
            self._progress.save()
        return float(answer.retry_after)


def give_up_damaged(spool: Spool, progress: State, identity: Identity) -> int:
    """Give up reports that the disk has changed, and say how many.

    They would be refused for ever, and block those behind them.
    """
    damaged = []
    for number in spool.waiting():
        request = spool.get(*number)
        if request is None or not intact(request, identity):
            damaged.append(number)
    spool.give_up(progress, damaged)
    return len(damaged)


def acknowledged(
    progress: State,
    spool: Spool,
    number: tuple[int, int],
    request: Request,
    content: dict[str, Any],
) -> None:
    """Let go of a report that the collector holds: ``content`` is its signed answer.

    Raises:
        Unreachable: the answer is about another report.
    """
    check_acknowledged(content.get("acknowledged"), request)
    try:
        progress.acknowledged_sections(*number, delta.stands_for(request.body))
    except ValueError:
        progress.forget_sections()
    spool.remove(*number)
    progress.keep_interval(content.get("interval"))
    progress.acknowledged_at = str(content["acknowledged"].get("received_at"))
    progress.not_before = 0
    progress.save()


def _refused(sequence: int, answer: Answer) -> Said:
    code, message = answer.refusal
    why = message or answer.status
    return said("the collector refused report %d: %s [%s]", sequence, why, code)


def jittered(seconds: float) -> float:
    """Never less than was asked for, up to half as much more."""
    import random  # seldom needed, and not free

    return seconds * (1 + random.random() / 2)  # noqa: S311 - spreads load, keeps no secret
