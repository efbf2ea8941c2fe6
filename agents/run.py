"""Collect once, send what waits, and exit: rasoat-agent run [--state DIR] [--scheduled].

A report is on disk before it is sent, and leaves the disk when the collector has proved that it
holds it. --scheduled is for timers: the start waits an offset of this machine's own, so that 568
machines do not report in one second, and a failed delivery is tried again. --at-once leaves the
wait out, for a timer that spreads the machines by itself.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
import zlib

from agents import state
from agents.cli import DONE, NOT_DONE, Misused, misused, options
from agents.spool import Spool
from agents.state import AgentProblem, BadInput
from agents.transport import OK, Connection, Unreachable, intact, signed_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from agents.identity import Identity
    from agents.state import Enrolment, State
    from agents.transport import Answer

LONGEST_OFFSET = 3600  #: seconds over which the machines of an office spread
LONGEST_REPORT = 2 << 20  #: compressed bytes; the collector takes no more (DESIGN §5)
FIRST_RETRY = 5.0  #: seconds, three times as long at each further try
TRIES = 4  #: deliveries in one scheduled run
LONGEST_PAUSE = 300.0  #: seconds that one run waits for the collector; beyond, the next run sends
LEVEL = 6  #: of zlib
GZIP = 31  #: zlib's window bits for a gzip wrapper
OF_THIS_REPORT = (413, 415, 422)  #: refusals that say nothing about the other reports
TOO_OFTEN, SERVERS_FAULT = 429, 500  #: refusals that time may heal: 429, and 500 and above


def main(args: list[str]) -> int:
    """Run once."""
    given, others = options(args, ("--state",), ("--scheduled", "--at-once"))
    if others:
        raise Misused(f"run takes no {others[0]!r}")
    folder = given.get("--state", state.default_folder())
    try:
        outcome = run(folder, scheduled="--scheduled" in given, at_once="--at-once" in given)
    except AgentProblem as fault:
        misused(str(fault))
        return fault.exit_code
    print(outcome.sentence())
    return DONE if outcome.done else NOT_DONE


class Outcome:
    """What one run came to."""

    def __init__(self) -> None:
        self.sequence = 0  #: of the report that was collected
        self.sent = 0
        self.waiting = 0
        self.dropped = 0
        self.problem = ""  #: why something still waits

    @property
    def done(self) -> bool:
        """Nothing waits any more."""
        return self.waiting == 0

    def sentence(self) -> str:
        """The run in one line."""
        line = f"collected report {self.sequence}; sent {self.sent}; waiting {self.waiting}"
        if self.dropped:
            line += f"; {self.dropped} given up, the spool was full or damaged"
        return f"{line}: {self.problem}" if self.problem else line


def run(
    folder: str,
    *,
    scheduled: bool = False,
    at_once: bool = False,
    collected: Callable[[], dict[str, Any]] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Collect, keep and send, with the state in ``folder``.

    ``collected`` gives the document; this machine's own where it is None.

    Raises:
        BadInput: the folder holds no enrolment.
        AgentProblem: another run is at work, or the report cannot be kept.
    """
    _, identity, progress = enrolled(folder)
    if scheduled and not at_once:
        sleep(offset(identity.agent, min(progress.interval, LONGEST_OFFSET)))
    try:
        with state.Lock(folder):
            source = collected or (lambda: _this_machines(folder))
            return _run(folder, source, sleep if scheduled else None)
    except OSError as fault:
        raise state.on_disk(fault) from None


def _run(
    folder: str,
    collected: Callable[[], dict[str, Any]],
    sleep: Callable[[float], None] | None,
) -> Outcome:
    outcome = Outcome()
    enrolment, identity, progress = enrolled(folder)
    spool = Spool(folder)
    outcome.sequence = keep(identity, progress, spool, collected())
    outcome.dropped = spool.bound(progress)
    deliver(enrolment, identity, progress, spool, outcome, sleep)
    outcome.waiting = len(spool.waiting())
    return outcome


def enrolled(folder: str) -> tuple[Enrolment, Identity, State]:
    """Everything that an enrolled agent has.

    Raises:
        BadInput: the folder holds no enrolment.
    """
    from agents import identity

    enrolment, progress = state.load_both(folder)
    who = identity.load(folder)
    if who is None:
        raise BadInput(f"{folder} holds no key; first: rasoat-agent enrol FILE")
    return enrolment, who, progress


def offset(agent: str, window: int) -> int:
    """Seconds, 0 to ``window`` - 1, always the same for one agent, that a scheduled run waits."""
    digest = hashlib.sha256(b"offset " + agent.encode("ascii")).digest()
    return int.from_bytes(digest[:8], "big") % max(window, 1)


def keep(identity: Identity, progress: State, spool: Spool, document: dict[str, Any]) -> int:
    """Sign a document under a new sequence number and make it durable; gives the number.

    Raises:
        AgentProblem: it is too long to be sent.
        OSError: the disk does not take it.
    """
    about = {"reports_dropped": progress.dropped, "reports_waiting": len(spool.waiting())}
    whole = {**document, "agent": {**document["agent"], **about}}
    body = compressed(json.dumps(whole, ensure_ascii=True, separators=(",", ":")).encode("ascii"))
    if len(body) > LONGEST_REPORT:
        raise AgentProblem(f"the report has {len(body)} bytes compressed; 2 MiB is the limit")
    sequence = progress.reserve()
    request = signed_report(identity, progress.epoch, sequence, body, int(time.time()))
    spool.put(progress.epoch, sequence, request)
    return sequence


def compressed(raw: bytes) -> bytes:
    """gzip without a time or a name in it."""
    maker = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    return maker.compress(raw) + maker.flush()


def deliver(
    enrolment: Enrolment,
    identity: Identity,
    progress: State,
    spool: Spool,
    outcome: Outcome,
    sleep: Callable[[float], None] | None,
) -> None:
    """Send what waits, oldest first; with ``sleep``, try again while it may help."""
    asked = progress.wait(time.time())
    if asked:
        outcome.problem = f"the collector asked to wait {asked} s more"
        return
    _give_up_damaged(identity, progress, spool, outcome)
    connection = Connection(enrolment)
    try:
        for attempt in range(TRIES):
            pause = _send_all(connection, progress, spool, outcome)
            if pause is None or sleep is None or attempt == TRIES - 1 or pause > LONGEST_PAUSE:
                return
            sleep(_jittered(max(pause, FIRST_RETRY * 3**attempt)))
    finally:
        connection.close()


def _give_up_damaged(identity: Identity, progress: State, spool: Spool, outcome: Outcome) -> None:
    """A report that the disk has changed would be refused for ever, and block those behind it."""
    damaged = []
    for report in spool.waiting():
        request = spool.get(*report)
        if request is None or not intact(request, identity):
            damaged.append(report)
    spool.give_up(progress, damaged)
    outcome.dropped += len(damaged)


def _send_all(
    connection: Connection, progress: State, spool: Spool, outcome: Outcome
) -> float | None:
    """Send every waiting report; None, or the least seconds after which to try again."""
    outcome.problem = ""
    for epoch, sequence in spool.waiting():
        request = spool.get(epoch, sequence)
        if request is None:
            continue
        try:
            answer = connection.report(request)
        except Unreachable as fault:
            outcome.problem = str(fault)
            return 0.0
        if answer.status == OK:
            _acknowledged(progress, spool, (epoch, sequence), answer)
            outcome.sent += 1
            continue
        outcome.problem = _refused(sequence, answer)
        if answer.status not in OF_THIS_REPORT:
            return _stay_away(progress, answer)
    return None


def _acknowledged(progress: State, spool: Spool, report: tuple[int, int], answer: Answer) -> None:
    spool.remove(*report)
    progress.keep_interval(answer.content.get("interval"))
    progress.acknowledged_at = str(answer.content["acknowledged"].get("received_at"))
    progress.not_before = 0
    progress.save()


def _refused(sequence: int, answer: Answer) -> str:
    code, message = answer.refusal
    return f"the collector refused report {sequence}: {message or answer.status} [{code}]"


def _stay_away(progress: State, answer: Answer) -> float | None:
    """Keep what the server asked for; the seconds to wait, None where waiting does not help."""
    if answer.status != TOO_OFTEN and answer.status < SERVERS_FAULT:
        return None
    if answer.retry_after:
        progress.not_before = int(time.time()) + min(answer.retry_after, state.LONGEST_WAIT)
        progress.save()
    return float(answer.retry_after)


def _jittered(seconds: float) -> float:
    """Never less than was asked for, up to half as much more."""
    return seconds * (1 + random.random() / 2)  # noqa: S311 - spreads load, keeps no secret


def _this_machines(folder: str) -> dict[str, Any]:
    from agents.collect import collect
    from agents.machine import this_machine
    from agents.outcome import Unknown

    try:
        return collect(this_machine(folder))
    except Unknown as why:
        raise AgentProblem(why.detail) from None
