"""Collect once, send what waits, and exit.

rasoat-agent run [--state DIR] [--scheduled [--at-once]] [--full] [--to-file PATH] [--acks FILE]

A report is on disk before it is sent, and leaves the disk when the collector has proved that it
holds it. --scheduled is for timers: the start waits an offset of this machine's own, so that 568
machines do not report in one second, and a failed delivery is tried again. --at-once leaves the
wait out, for a timer that spreads the machines by itself. --full reports every section, changed or
not. Without a line: --to-file writes all that waits into one new file at PATH, or in the folder
PATH, and sends nothing; --acks takes the collector's answers to such a file back first.
"""

from __future__ import annotations

import json
import time
import zlib

from agents import delta, limits, lock, state
from agents.cli import DONE, NOT_DONE, Misused, misused, options
from agents.delivery import Delivery, Outcome
from agents.problems import AgentProblem, BadInput, on_disk
from agents.sha256 import sha256
from agents.spool import DELTA, FULL, Spool
from agents.transport import signed_report
from agents.words import said, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from agents.identity import Identity
    from agents.state import Enrolment, State
    from agents.words import Said

LONGEST_OFFSET = 3600  #: seconds over which the machines of an office spread
LONGEST_REPORT = 2 << 20  #: compressed bytes; the collector takes no more (DESIGN §5)
LEVEL = 6  #: of zlib
GZIP = 31  #: zlib's window bits for a gzip wrapper


def main(args: list[str]) -> int:
    """Run once."""
    given, others = options(
        args, ("--state", "--to-file", "--acks"), ("--scheduled", "--at-once", "--full")
    )
    if others:
        raise Misused(said("run takes no %r", others[0]))
    folder = given.get("--state", state.default_folder())
    try:
        if "--acks" in given:
            tell(_taken_back(folder, given["--acks"]))
        outcome = run(
            folder,
            scheduled="--scheduled" in given,
            at_once="--at-once" in given,
            full="--full" in given,
            to_file=given.get("--to-file", ""),
            longest=limits.LONGEST_RUN,
        )
    except AgentProblem as fault:
        misused(fault.said)
        return fault.exit_code
    tell(outcome.sentence())
    return DONE if outcome.done else NOT_DONE


def run(  # noqa: PLR0913 - the options of the command, and the world of a test
    folder: str,
    *,
    scheduled: bool = False,
    at_once: bool = False,
    full: bool = False,
    to_file: str = "",
    longest: float = 0.0,
    collected: Callable[[], dict[str, Any]] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> Outcome:
    """Collect, keep and send, with the state in ``folder``.

    ``collected`` gives the document; this machine's own where it is None. ``full`` sends every
    section, changed or not. ``to_file`` names the file or folder that carries what waits, in place
    of a line. ``longest`` ends this process when a run takes so many seconds; 0: never. ``clock``
    gives seconds since 1970.

    Raises:
        BadInput: the folder holds no enrolment.
        AgentProblem: another run is at work, or the report cannot be kept.
    """
    if state.load_enrolment(folder) is None:
        from agents.enrol import enrol_now

        enrol_now(folder)
    _, identity, progress = enrolled(folder)
    if scheduled and not at_once:
        sleep(offset(identity.agent, min(progress.interval, LONGEST_OFFSET)))
    try:
        with lock.Lock(folder):
            source = collected or (lambda: _this_machines(folder))
            pauses = sleep if scheduled else None
            with limits.Watch(longest):
                return _run(folder, source, pauses, clock, full=full, to_file=to_file)
    except OSError as fault:
        raise on_disk(fault) from None


def _run(
    folder: str,
    collected: Callable[[], dict[str, Any]],
    sleep: Callable[[float], None] | None,
    clock: Callable[[], float],
    *,
    full: bool,
    to_file: str,
) -> Outcome:
    outcome = Outcome()
    enrolment, identity, progress = enrolled(folder)
    spool = Spool(folder)
    if full:
        progress.forget_sections()
    document = collected()

    def kept() -> int:
        return keep(identity, progress, spool, document, clock())

    outcome.sequence = kept()
    outcome.dropped = spool.bound(progress)
    if to_file:
        from agents.by_hand import write_out

        outcome.written = write_out(to_file, identity, progress, spool)
    else:
        Delivery(enrolment, identity, progress, spool, outcome, kept, clock).deliver(sleep)
    outcome.dropped += spool.expire(progress, clock())
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
        raise BadInput(said("%s holds no key; first: rasoat-agent enrol FILE", folder))
    return enrolment, who, progress


def offset(agent: str, window: int) -> int:
    """Seconds, 0 to ``window`` - 1, always the same for one agent, that a scheduled run waits."""
    digest = sha256(b"offset " + agent.encode("ascii"))
    return int.from_bytes(digest[:8], "big") % max(window, 1)


def keep(
    identity: Identity,
    progress: State,
    spool: Spool,
    document: dict[str, Any],
    now: float | None = None,
) -> int:
    """Sign a document under a new sequence number and make it durable; gives the number.

    Sections that the collector has acknowledged are named, not carried; once in `FULL_EVERY`
    everything is carried. ``now`` is in seconds since 1970.

    Raises:
        AgentProblem: it is too long to be sent.
        OSError: the disk does not take it.
    """
    moment = int(time.time() if now is None else now)
    named = _unchanged(progress, delta.hashes(document), moment)
    whole = {**document, "agent": {**document["agent"], **_spooled(progress, spool)}}
    lean = delta.without(whole, named)
    body = compressed(json.dumps(lean, ensure_ascii=True, separators=(",", ":")).encode("ascii"))
    if len(body) > LONGEST_REPORT:
        raise AgentProblem(
            said("the report has %d bytes compressed; 2 MiB is the limit", len(body))
        )
    if not named:
        progress.full_at = moment
    sequence = progress.reserve()
    request = signed_report(identity, progress.epoch, sequence, body, moment)
    spool.put(progress.epoch, sequence, request, DELTA if named else FULL)
    return sequence


def _unchanged(progress: State, hashes: dict[str, str], now: int) -> dict[str, str]:
    """The sections that the collector holds as they are now; none where all must be sent."""
    if not 0 <= now - progress.full_at < delta.FULL_EVERY:
        return {}
    held = progress.sections
    return {name: one for name, one in hashes.items() if held.get(name) == one}


def _spooled(progress: State, spool: Spool) -> dict[str, Any]:
    """What a report says about the ones before it."""
    about: dict[str, Any] = {
        "reports_dropped": progress.dropped,
        "reports_waiting": len(spool.waiting()),
    }
    if progress.superseded:
        about["reports_superseded"] = progress.superseded
    for name in ("dropped_from", "dropped_to"):
        moment = getattr(progress, name)
        if moment is not None:
            about["reports_" + name] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
    return about


def compressed(raw: bytes) -> bytes:
    """gzip without a time or a name in it."""
    maker = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    return maker.compress(raw) + maker.flush()


def _taken_back(folder: str, path: str) -> Said:
    """What a file of answers came to, in one line.

    Raises:
        BadInput: it cannot be read, or one of its answers is not our collector's.
    """
    from agents.acknowledge import acknowledge

    taken = acknowledge(folder, path)
    if taken.refused:
        raise BadInput(said("%s: %s; %s", path, taken.refused[0], taken.sentence()))
    return taken.sentence()


def _this_machines(folder: str) -> dict[str, Any]:
    from agents.collect import collect
    from agents.machine import this_machine
    from agents.outcome import Unknown

    try:
        return collect(this_machine(folder))
    except Unknown as why:
        raise AgentProblem(said("%s", why.detail)) from None
