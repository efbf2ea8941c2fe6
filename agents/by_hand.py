"""Reports that leave on a stick, and the collector's answers that come back on one.

The same signed bytes as on the line, and the same proof before anything is let go of.
"""

from __future__ import annotations

import os

from agents import carried
from agents.carried import BadFile
from agents.delivery import SECTION_UNKNOWN, acknowledged, give_up_damaged
from agents.durable import write_new
from agents.http_exchange import Response
from agents.message_signatures import SignatureRefused
from agents.problems import AgentProblem, BadInput, system_says
from agents.transport import OK, Answer, Unreachable, check_acknowledged, check_answer, content_of
from agents.words import Said, joined, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.identity import Identity
    from agents.spool import Spool
    from agents.state import Enrolment, State


def write_out(target: str, identity: Identity, progress: State, spool: Spool) -> str:
    """Write every waiting report into one new file; gives its path. They wait on nevertheless.

    ``target`` is a file that is not there yet, or a folder, in which the file gets a name of its
    own.

    Raises:
        BadInput: the file is there already, or its folder is not.
        AgentProblem: it cannot be written.
    """
    give_up_damaged(spool, progress, identity)
    requests = {number: spool.get(*number) for number in spool.waiting()}
    pieces = {number: one.packed() for number, one in requests.items() if one is not None}
    path = target
    if os.path.isdir(target):
        numbers = list(pieces)
        span = "%d-%d-to-%d-%d" % (*numbers[0], *numbers[-1])
        path = os.path.join(target, f"rasoat-{identity.agent}-{span}{carried.ENDING}")
    try:
        write_new(path, carried.packed(carried.REPORTS, pieces.values()))
    except FileExistsError:
        raise BadInput(said("%s: exists already; name another file, or a folder", path)) from None
    except FileNotFoundError:
        raise BadInput(said("%s: there is no such folder", path)) from None
    except OSError as fault:
        raise AgentProblem(
            said("%s: %s; the reports wait on this machine", path, system_says(fault))
        ) from None
    return path


class Taken:
    """What a file of answers came to."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self.superseded = 0  #: the collector lacks what they stood on; the next report is full
        self.settled = 0  #: of reports that wait no more
        self.others = 0  #: of other machines
        self.refused: list[Said] = []  #: why an answer was not believed

    def sentence(self) -> Said:
        """The file in one line."""
        parts = [said("%d reports acknowledged", self.acknowledged)]
        if self.superseded:
            parts.append(said("%d to be sent anew in full", self.superseded))
        if self.settled:
            parts.append(said("%d settled before", self.settled))
        if self.others:
            parts.append(said("%d of other machines", self.others))
        if self.refused:
            parts.append(said("%d not believed", len(self.refused)))
        return joined("; ", parts)


def take_back(
    path: str, enrolment: Enrolment, identity: Identity, progress: State, spool: Spool
) -> Taken:
    """Let go of the reports that a file of answers proves to be with the collector.

    Raises:
        BadInput: the file cannot be read, or is none.
    """
    try:
        pieces = carried.unpacked(carried.ANSWERS, carried.read(path))
    except OSError as fault:
        raise BadInput(said("%s: %s", path, system_says(fault))) from None
    except BadFile as fault:
        raise BadInput(said("%s: %s", path, fault)) from None
    taken = Taken()
    for piece in pieces:
        try:
            content = _proved(piece, enrolment)
            _take(content, identity, progress, spool, taken)
        except (BadFile, SignatureRefused, Unreachable) as fault:
            taken.refused.append(fault.said)
    return taken


def _proved(piece: bytes, enrolment: Enrolment) -> dict[str, Any]:
    """What the collector says in one answer; its key signed it."""
    found = carried.message(piece)
    if not found.first.isdigit() or len(found.first) != len("200"):
        raise BadFile(said("an answer has no status"))
    response = Response(int(found.first), found.headers, found.body)
    check_answer(response, enrolment.server_key)
    return {**content_of(response.body), "status": response.status}


def _take(
    content: dict[str, Any], identity: Identity, progress: State, spool: Spool, taken: Taken
) -> None:
    about = content.get("acknowledged" if content["status"] == OK else "report")
    if not isinstance(about, dict):
        raise BadFile(said("an answer is about no report"))
    if about.get("agent") != identity.agent:
        taken.others += 1
        return
    number = (about.get("epoch"), about.get("sequence"))
    request = spool.get(*number) if number in spool.waiting() else None
    if request is None:
        taken.settled += 1
    elif content["status"] == OK:
        acknowledged(progress, spool, number, request, content)  # type: ignore[arg-type]
        taken.acknowledged += 1
    elif Answer(content["status"], content, 0).refusal[0] == SECTION_UNKNOWN:
        check_acknowledged(about, request)
        spool.supersede(progress, *number)  # type: ignore[arg-type]
        taken.superseded += 1
    else:
        raise BadFile(said("an answer says what this agent does not understand"))
