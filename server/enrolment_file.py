"""The file that makes a machine one of ours: address, CA, token and the key that signs answers."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes

from agents.message_signatures import public_key_of
from server.certificates import CA_FILE, load_certificate
from server.keys import prepare

ENROLMENT_FORMAT = 1


def enrolment_file(folder: Path, url: str, token: str, expires_at: datetime) -> dict[str, Any]:
    """What an agent needs to enrol: address, CA, token, the key that signs answers.

    Its text is the content of the file that is handed to machines. ``expires_at`` is the token's.
    The collector's certificate is made to hold for the host of ``url``.

    Raises:
        KeysDamaged: the folder's keys are not there.
        ValueError: ``url`` is not https://HOST:PORT.
    """
    keys = prepare(folder, [_host(url)])
    ca = load_certificate(folder / CA_FILE)
    return {
        "rasoat_enrolment": ENROLMENT_FORMAT,
        "url": url,
        "ca": (folder / CA_FILE).read_text("ascii"),
        "ca_sha256": ca.fingerprint(hashes.SHA256()).hex(),
        "token": token,
        "server_key": base64.b64encode(public_key_of(keys.seed)).decode("ascii"),
        "expires_at": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"{url!r} is no collector's address; it looks like https://10.1.2.3:8443")
    return parts.hostname
