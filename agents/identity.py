"""The agent's identity: one Ed25519 key, made on this machine and never sent anywhere."""

from __future__ import annotations

import os
import sys

from agents.durable import sync_folder, write_durably
from agents.message_signatures import KEY_BYTES, key_id, public_key_of
from agents.problems import AgentProblem, system_says
from agents.words import said

KEY_FILE = "key"
NEXT_FILE = "key.next"  #: a new identity, until the collector has taken it


class Identity:
    """A private key's seed and what follows from it."""

    def __init__(self, seed: bytes) -> None:
        self.seed = seed
        self.public_key = public_key_of(seed)
        self.agent = key_id(self.public_key)  #: the agent's id


def load(folder: str, name: str = KEY_FILE) -> Identity | None:
    """The identity in a state folder, or None where there is none.

    Raises:
        AgentProblem: the key is damaged, or others on this machine can read it.
    """
    path = os.path.join(folder, name)
    try:
        with open(path, "rb") as file:
            seed = file.read(KEY_BYTES + 1)
            others = os.fstat(file.fileno()).st_mode & 0o077
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as fault:
        raise AgentProblem(said("%s: %s", path, system_says(fault))) from None
    if len(seed) != KEY_BYTES:
        raise AgentProblem(said("%s is damaged; remove it and enrol this machine again", path))
    if sys.platform == "win32":
        from agents.windows import private

        seen = private.fault_of_readers(path)
        if seen:
            raise AgentProblem(seen)
    elif others:
        raise AgentProblem(
            said("%s can be read by others: chmod 600 it, or remove and re-enrol", path)
        )
    return Identity(seed)


def load_or_create(folder: str, name: str = KEY_FILE) -> Identity:
    """The identity in a state folder; a new one, durable before it is used, where there is none."""
    found = load(folder, name)
    if found is not None:
        return found
    seed = os.urandom(KEY_BYTES)
    write_durably(os.path.join(folder, name), seed)
    return Identity(seed)


def take_up(folder: str, name: str) -> None:
    """Make the key in the file ``name`` this machine's identity from now on."""
    if name != KEY_FILE:
        os.replace(os.path.join(folder, name), os.path.join(folder, KEY_FILE))
        sync_folder(folder)
