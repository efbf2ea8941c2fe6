"""Write what the collectors see of this machine into a new folder, to be replayed elsewhere.

rasoat-agent record DIR [--redact]

`rasoat-agent show --machine DIR` replays it to the same facts. Password hashes and passwords in
settings never enter a recording. --redact also replaces user names, host names, serials and MAC
addresses, each by the same stand-in everywhere, and says what it replaced.
"""

from __future__ import annotations

from agents.cli import DONE, NOT_DONE, Misused, misused, options
from agents.outcome import Unknown
from agents.words import joined, said, tell


def main(args: list[str]) -> int:
    """Record this machine."""
    given, others = options(args, (), ("--redact",))
    if len(others) != 1:
        raise Misused(said("record needs one folder to write to"))
    from agents.machine import this_machine
    from agents.recording import FolderInUse, check_empty

    try:
        check_empty(others[0])
        recording = record(this_machine(slow=True), redact="--redact" in given)
        recording.write(others[0])
    except FolderInUse as fault:
        return misused(fault.said)
    except (OSError, Unknown) as fault:
        misused(said("nothing recorded: %s", fault))
        return NOT_DONE
    tell(said("Recorded %s into %s", recording.size(), others[0]))
    if "--redact" in given:
        found = joined(", ", recording.redacted) or said("found nothing to redact")
        tell(said("Redacted: %s", found))
    else:
        tell(said("Not redacted: it names users, hosts and serials. `--redact` replaces them."))
    tell(said("Replay: rasoat-agent show --machine %s", others[0]))
    return DONE


def record(machine: Machine, *, redact: bool) -> Recording:
    """What all collectors see of ``machine``."""
    from agents.collect import collect
    from agents.recording import RecordingMachine

    recorder = RecordingMachine(machine)
    collect(recorder)
    if redact:
        from agents.redaction import redact as redacted

        redacted(recorder.recording)
    return recorder.recording


TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine
    from agents.recording import Recording
