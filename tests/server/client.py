"""Run by test_kill and the benchmark: one agent that sends reports without end, one after another.

Arguments: state folder, log, board, place. The board is a file of shared bytes: the first says
stop, the one at the client's place says that a request is under way. The log gets a line
"sequence digest" for every verified acknowledgement.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import time
from pathlib import Path

from agents.message_signatures import content_digest
from agents.run import compressed, enrolled
from agents.spool import Request
from agents.transport import OK, Connection, Unreachable, signed_report

DOCUMENT: dict[str, object] = {
    "catalogue": 1,
    "agent": {"version": "0.1.0"},
    "collected_at": "2026-11-23T08:00:00Z",
    "facts": {"os": {"family": "linux"}},
    "unknown": {},
}


def main() -> None:
    """Send until told to stop; an answer that is neither 200 nor busy ends in an error."""
    folder, log, board, place = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    enrolment, identity, progress = enrolled(folder)
    acknowledged = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Path(board).open("r+b") as file:
        shared = mmap.mmap(file.fileno(), 0)
    connection = Connection(enrolment)
    sequence = 0
    while shared[0] == 0:
        sequence += 1
        DOCUMENT["facts"] = {"os": {"family": "linux", "version": str(sequence)}}
        body = compressed(json.dumps(DOCUMENT).encode())
        request = signed_report(identity, progress.epoch, sequence, body, int(time.time()))
        while not sent(connection, request, shared, place):
            time.sleep(0.003)
        os.write(acknowledged, f"{sequence} {content_digest(body)}\n".encode())
    connection.close()


def sent(connection: Connection, request: Request, shared: mmap.mmap, place: int) -> bool:
    """Whether the collector has acknowledged it; a dead collector is asked again."""
    shared[place] = 1
    try:
        answer = connection.report(request)
    except Unreachable as fault:
        if "acknowledged" in str(fault) or "not our collector" in str(fault):
            raise
        return False
    finally:
        shared[place] = 0
    if answer.status not in (OK, 503):
        raise SystemExit(f"{answer.status} {answer.refusal}")
    return answer.status == OK


if __name__ == "__main__":
    main()
