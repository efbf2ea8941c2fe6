"""What the agent keeps between runs: the server it is enrolled at, and how far it has come.

A sequence number is on disk before it is signed, so that a killed agent never signs two reports
with one number.
"""

from __future__ import annotations

import json
import os
import sys

from agents.durable import write_durably
from agents.problems import AgentProblem, BadInput, on_disk
from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SERVER_FILE = "server.json"
STATE_FILE = "state.json"
DEFAULT_INTERVAL = 4 * 3600  #: seconds between reports until the server has said otherwise
SHORTEST_INTERVAL = 60  #: seconds
LONGEST_INTERVAL = 7 * 86400  #: seconds; a server cannot put an agent to sleep for longer
LONGEST_WAIT = 3600  #: seconds that a Retry-After is honoured for; the clock may have been wrong


def default_folder() -> str:
    """Where the state lies on this platform."""
    if sys.platform == "win32":
        return os.path.join(os.environ.get("PROGRAMDATA", r"C:\ProgramData"), "rasoat-agent")
    if sys.platform == "darwin":
        return "/Library/Application Support/rasoat-agent"
    return "/var/lib/rasoat-agent"


class Enrolment:
    """The server that this agent reports to: address, CA certificate, key of acknowledgements."""

    def __init__(self, url: str, ca: str, server_key: bytes) -> None:
        self.url = url
        self.ca = ca  #: PEM; the only authority the agent trusts
        self.server_key = server_key  #: raw Ed25519 public key


class State:
    """How far this agent has come with its server."""

    def __init__(self, folder: str, values: dict[str, Any]) -> None:
        self._folder = folder
        self.server: str = values["server"]  #: hex of the server's key that epoch belongs to
        self.epoch: int = values["epoch"]
        self.next_sequence: int = values["next_sequence"]
        self.dropped: int = values["dropped"]  #: reports given up since enrolment
        self.interval: int = values["interval"]  #: seconds between reports
        self.not_before: int = values["not_before"]  #: seconds since 1970; send nothing earlier
        self.acknowledged_at: str | None = values["acknowledged_at"]
        #: signed by this machine's clock, the first and the last report that was given up
        self.dropped_from: int | None = values.get("dropped_from")
        self.dropped_to: int | None = values.get("dropped_to")
        self.superseded: int = values.get("superseded", 0)  #: reports that a full one replaced
        #: section → hash, of the newest report that was acknowledged, and that report's sequence
        self.sections: dict[str, str] = values.get("sections", {})
        self.sections_of: int = values.get("sections_of", 0)
        self.full_at: int = values.get("full_at", 0)  #: when a report last carried everything

    def save(self) -> None:
        """Make this state durable."""
        values = {name: value for name, value in vars(self).items() if name != "_folder"}
        write_durably(os.path.join(self._folder, STATE_FILE), _json(values))

    def reserve(self) -> int:
        """A sequence number that no report of this epoch has had; durable before it is returned."""
        sequence = self.next_sequence
        self.next_sequence = sequence + 1
        self.save()
        return sequence

    def acknowledged_sections(self, epoch: int, sequence: int, sections: dict[str, str]) -> None:
        """The collector holds these sections; what an older report says is left aside."""
        if epoch == self.epoch and sequence > self.sections_of:
            self.sections, self.sections_of = sections, sequence

    def forget_sections(self) -> None:
        """The collector does not hold them: the next report carries everything."""
        self.sections = {}

    def count_dropped(self, made: list[int]) -> None:
        """Count reports that are given up; ``made``: when each was signed, seconds since 1970."""
        self.dropped += len(made)
        known = [one for one in (self.dropped_from, self.dropped_to) if one is not None]
        self.dropped_from, self.dropped_to = min(known + made), max(known + made)

    def inherit(self, old: State | None) -> None:
        """Take over what an older enrolment has counted."""
        if old is not None:
            self.dropped, self.superseded = old.dropped, old.superseded
            self.dropped_from, self.dropped_to = old.dropped_from, old.dropped_to

    def keep_interval(self, seconds: object) -> None:
        """Take the server's word on how often to report, within reason."""
        if type(seconds) is int:
            self.interval = max(SHORTEST_INTERVAL, min(LONGEST_INTERVAL, seconds))

    def wait(self, now: float) -> int:
        """Seconds that the server asked to be left alone for from ``now``, 0 where it did not."""
        left = int(self.not_before - now)
        return left if 0 < left <= LONGEST_WAIT else 0


def new_state(folder: str, server_key: bytes, epoch: int) -> State:
    """The state right after enrolment, not yet saved."""
    return State(
        folder,
        {
            "server": server_key.hex(),
            "epoch": epoch,
            "next_sequence": 1,
            "dropped": 0,
            "interval": DEFAULT_INTERVAL,
            "not_before": 0,
            "acknowledged_at": None,
        },
    )


def load_state(folder: str) -> State | None:
    """The state of ``folder``, or None where there is none.

    Raises:
        AgentProblem: the file is damaged.
    """
    values = _read(folder, STATE_FILE)
    if values is None:
        return None
    try:
        state = State(folder, values)
        sound = _sound(state)
    except (KeyError, TypeError):
        raise _damaged(folder, STATE_FILE) from None
    if not sound:
        raise _damaged(folder, STATE_FILE)
    return state


def _sound(state: State) -> bool:
    whole = [state.epoch, state.next_sequence, state.interval, state.dropped, state.not_before]
    whole += [state.superseded, state.sections_of, state.full_at]
    whole += [one for one in (state.dropped_from, state.dropped_to) if one is not None]
    if not isinstance(state.sections, dict):
        return False
    return min(state.epoch, state.next_sequence) >= 1 and all(type(one) is int for one in whole)


def save_enrolment(folder: str, enrolment: Enrolment) -> None:
    """Make the enrolment durable."""
    key = enrolment.server_key.hex()
    values = {"url": enrolment.url, "ca": enrolment.ca, "server_key": key}
    write_durably(os.path.join(folder, SERVER_FILE), _json(values))


def load_enrolment(folder: str) -> Enrolment | None:
    """The enrolment of ``folder``, or None where there is none.

    Raises:
        AgentProblem: the file is damaged.
    """
    values = _read(folder, SERVER_FILE)
    if values is None:
        return None
    try:
        return Enrolment(values["url"], values["ca"], bytes.fromhex(values["server_key"]))
    except (KeyError, TypeError, ValueError):
        raise _damaged(folder, SERVER_FILE) from None


def load_both(folder: str) -> tuple[Enrolment, State]:
    """The enrolment and the state that belongs to it.

    Raises:
        BadInput: the agent is not enrolled, or an enrolment was not finished.
    """
    enrolment, state = load_enrolment(folder), load_state(folder)
    if enrolment is None or state is None:
        raise BadInput(said("%s holds no enrolment; first: rasoat-agent enrol FILE", folder))
    if state.server != enrolment.server_key.hex():
        raise BadInput(
            said("%s: an enrolment was not finished; again: rasoat-agent enrol FILE", folder)
        )
    return enrolment, state


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps(values, indent=1, sort_keys=True).encode("ascii") + b"\n"


def _read(folder: str, name: str) -> dict[str, Any] | None:
    path = os.path.join(folder, name)
    try:
        with open(path, "rb") as file:
            values = json.loads(file.read(1 << 20))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        raise on_disk(fault) from None
    except ValueError:
        raise _damaged(folder, name) from None
    if not isinstance(values, dict):
        raise _damaged(folder, name)
    return values


def _damaged(folder: str, name: str) -> AgentProblem:
    return AgentProblem(said("%s is damaged; enrol this machine again", os.path.join(folder, name)))
