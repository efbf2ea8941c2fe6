"""Enrol this machine: rasoat-agent enrol FILE [--state DIR] [--name NAME] [--new-key].

FILE is the enrolment file that `rasoat agent token` wrote: it names the collector and proves it.
The private key is made here and stays here. Enrolling again is safe: the key stays, and so does the
machine's history. --new-key makes it an agent of its own again, after its disk was copied from
another machine's.
"""

from __future__ import annotations

import base64
import calendar
import hashlib
import json
import os
import socket
import ssl
import sys
import time

from agents import durable, identity, lock, state
from agents.cli import DONE, Misused, misused, options
from agents.message_signatures import KEY_BYTES
from agents.problems import AgentProblem, BadInput, on_disk, system_says
from agents.spool import Spool
from agents.state import Enrolment
from agents.transport import OK, Connection, address, tls
from agents.words import said, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.identity import Identity
    from agents.transport import Answer
    from agents.words import Said

FORMAT = 1  #: of the enrolment file
LATER_FILE = "enrol-later.json"  #: in the state folder: an enrolment that found no collector
LONGEST_FILE = 64 << 10  #: bytes; a genuine one has about 1,500
NAME_LENGTH = 253  #: characters of a host name
#: the collector's codes, as people read them
STATUSES = {
    "approved": said("approved"),
    "pending": said("pending"),
    "quarantined": said("quarantined"),
}
_PLATFORMS = {"win32": "windows", "darwin": "macos"}


class Refused(BadInput):
    """The collector did not take this machine; its own words."""


def main(args: list[str]) -> int:
    """Enrol this machine."""
    given, others = options(args, ("--state", "--name"), ("--new-key",))
    if len(others) != 1:
        raise Misused(said("enrol needs one enrolment file"))
    folder = given.get("--state", state.default_folder())
    try:
        reply = enrol(
            folder, read_file(others[0]), given.get("--name"), new_key="--new-key" in given
        )
    except AgentProblem as fault:
        misused(fault.said)
        return fault.exit_code
    tell(enrolled_as(reply))
    if reply["status"] == "pending":
        tell(said("An officer must approve it: rasoat agent approve %s", reply["agent"]))
    return DONE


def enrolled_as(reply: dict[str, Any]) -> Said:
    """The collector's answer to an enrolment in one line."""
    status = STATUSES.get(reply["status"], reply["status"])
    return said("enrolled as %s (%s)", reply["agent"], status)


def read_file(path: str) -> dict[str, Any]:
    """The content of an enrolment file.

    Raises:
        BadInput: it cannot be read, or is none.
    """
    try:
        with open(path, "rb") as file:
            content = json.loads(file.read(LONGEST_FILE))
    except OSError as fault:
        raise BadInput(said("%s: %s", path, system_says(fault))) from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or "rasoat_enrolment" not in content:
        raise BadInput(said("%s is not an enrolment file; make one with: rasoat agent token", path))
    return content


def enrol(
    folder: str, file: dict[str, Any], name: str | None = None, *, new_key: bool = False
) -> dict[str, Any]:
    """Enrol the machine whose state is in ``folder``; ``file`` is an enrolment file's content.

    ``new_key`` leaves the old identity behind once the collector has taken the new one.
    Gives the collector's answer: agent, epoch, status, interval. Where the collector refuses,
    nothing but a new key is left in the folder.

    Raises:
        AgentProblem: the file is bad or too old, the collector is out of reach or refuses.
    """
    enrolment, token = understood(file)
    try:
        with lock.Lock(folder):
            key = identity.NEXT_FILE if new_key else identity.KEY_FILE
            who = identity.load_or_create(folder, key)
            reply = _asked(enrolment, who, token, name or socket.gethostname())
            # First the key: a new key under an old epoch is harmless, the reverse is a clone.
            identity.take_up(folder, key)
            _take_up(folder, enrolment, reply)
    except OSError as fault:
        raise on_disk(fault) from None
    return reply


def keep_for_later(folder: str, file: dict[str, Any], name: str | None) -> None:
    """Keep an enrolment file's content, token and all, until a run reaches the collector.

    Raises:
        BadInput: it could not be used then either.
        OSError: the folder cannot be written to.
    """
    understood(file)
    content = json.dumps({"file": file, "name": name}).encode("ascii")
    durable.write_durably(os.path.join(folder, LATER_FILE), content)


def enrol_now(folder: str) -> None:
    """Make up for an enrolment that `keep_for_later` kept; nothing where there is none.

    Raises:
        AgentProblem: the collector is still out of reach, and the enrolment waits on; or it can
            never be made, and is dropped.
    """
    path = os.path.join(folder, LATER_FILE)
    if not os.path.exists(path):
        return
    try:
        with open(path, "rb") as kept:
            waiting = json.loads(kept.read(LONGEST_FILE))
        enrol(folder, waiting["file"], waiting["name"])
    except (ValueError, KeyError, TypeError):
        durable.remove(path)
        raise BadInput(
            said("%s was damaged and is deleted; enrol again with a new file", path)
        ) from None
    except BadInput:
        durable.remove(path)
        raise
    durable.remove(path)


def _asked(enrolment: Enrolment, who: Identity, token: str, name: str) -> dict[str, Any]:
    """The collector's answer to this machine's wish."""
    wish = {
        "token": token,
        "public_key": base64.b64encode(who.public_key).decode("ascii"),
        "name": name[:NAME_LENGTH],
        "platform": _PLATFORMS.get(sys.platform, "linux"),
    }
    connection = Connection(enrolment)
    try:
        return _accepted(connection.enrol(who, wish))
    finally:
        connection.close()


def understood(file: dict[str, Any]) -> tuple[Enrolment, str]:
    """(the enrolment, the token) of an enrolment file.

    Raises:
        BadInput: says what is wrong with the file.
    """
    if file.get("rasoat_enrolment") != FORMAT:
        raise BadInput(said("the enrolment file is of another version; update this agent"))
    try:
        url, ca, token = (str(file[name]) for name in ("url", "ca", "token"))
        server_key = base64.b64decode(file["server_key"], validate=True)
        pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ca)).hexdigest()
        expires = calendar.timegm(time.strptime(file["expires_at"], "%Y-%m-%dT%H:%M:%SZ"))
    except (KeyError, TypeError, ValueError) as fault:
        raise BadInput(
            said("the enrolment file is damaged (%s); ask for a new one", fault)
        ) from None
    if pin != file.get("ca_sha256") or len(server_key) != KEY_BYTES:
        raise BadInput(said("the enrolment file is damaged: its CA is not the one it names"))
    if expires < time.time():
        raise BadInput(
            said("the enrolment file expired at %s; ask for a new one", file["expires_at"])
        )
    address(url)
    tls(ca)
    return Enrolment(url, ca, server_key), token


def _accepted(answer: Answer) -> dict[str, Any]:
    """The collector's answer, if it is one that this agent can live with."""
    if answer.status != OK:
        code, message = answer.refusal
        raise Refused(said("the collector refused: %s [%s]", message or answer.status, code))
    reply = answer.content
    sound = type(reply.get("epoch")) is int and type(reply.get("interval")) is int
    if not sound or reply["epoch"] < 1 or reply.get("status") not in STATUSES:
        raise AgentProblem(said("the collector's answer is not understood; update this agent"))
    return reply


def _take_up(folder: str, enrolment: Enrolment, reply: dict[str, Any]) -> None:
    """Begin the new epoch. server.json comes last: until it is there, no run uses the state."""
    before = state.load_enrolment(folder)
    old = state.load_state(folder)
    spool = Spool(folder)
    new = state.new_state(folder, enrolment.server_key, reply["epoch"])
    new.inherit(old)
    new.keep_interval(reply["interval"])
    new.save()
    if before is not None and before.server_key != enrolment.server_key:
        spool.give_up(new, spool.waiting())  # another server knows nothing of those epochs
    state.save_enrolment(folder, enrolment)
