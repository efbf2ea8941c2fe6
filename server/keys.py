"""The keys of one data folder: the private CA, the collector's certificate, the key of answers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agents.message_signatures import KEY_BYTES
from language.said import said
from server import certificates
from server.certificates import CA_FILE, SERVER_FILE, SERVER_KEY_FILE, KeysDamaged

ACK_KEY_FILE = "ack.key"
ALWAYS = ("localhost", "127.0.0.1", "::1")  #: names that every collector's certificate holds


@dataclass(frozen=True, slots=True)
class Keys:
    """What the collector needs to serve."""

    seed: bytes  #: Ed25519 seed that signs acknowledgements
    certificate: Path
    private_key: Path


def prepare(folder: Path, names: Iterable[str] = ()) -> Keys:
    """The keys of ``folder``; those that are not there yet are made.

    The collector's certificate holds for ``names`` besides the loopback's.

    Raises:
        KeysDamaged: one is missing that cannot be made anew without losing every agent's trust.
    """
    if not (folder / ACK_KEY_FILE).exists():
        if (folder / CA_FILE).exists():
            raise KeysDamaged(
                said("{file} is missing; restore it from a backup", file=folder / ACK_KEY_FILE)
            )
        certificates.write(folder / ACK_KEY_FILE, os.urandom(KEY_BYTES), 0o600)
    certificates.ensure_authority(folder)
    certificates.ensure_server(folder, {*ALWAYS, *names})
    return Keys(_seed(folder), folder / SERVER_FILE, folder / SERVER_KEY_FILE)


def _seed(folder: Path) -> bytes:
    path = folder / ACK_KEY_FILE
    try:
        seed = path.read_bytes()
    except OSError:
        seed = b""
    if len(seed) != KEY_BYTES:
        raise KeysDamaged(said("{path} cannot be read; restore it from a backup", path=path))
    return seed
