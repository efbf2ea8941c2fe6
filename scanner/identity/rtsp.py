"""RTSP: server and realm of a camera, by OPTIONS and DESCRIBE (RFC 2326)."""

from __future__ import annotations

import re

from scanner.heard import Heard, evidence, opened, plain
from scanner.identity.http import fields_of
from scanner.wire.talks import Say, Talk

_STATUS = re.compile(rb"RTSP/1\.\d (\d{3})[^\r\n]{0,100}")
_REALM = re.compile(r'realm="?([^",]{1,200})', re.IGNORECASE)
_LONGEST = 16 << 10  #: bytes of answers that are read
_VERBS = ("OPTIONS", "DESCRIBE")


def talk(ip: str, port: int) -> Talk:
    """Ask what is possible, then what there is to see; the second names its realm."""
    host = f"[{ip}]" if ":" in ip else ip
    said = [_request(verb, f"rtsp://{host}:{port}/", place) for place, verb in enumerate(_VERBS, 1)]
    received = bytearray()
    for number, text in enumerate(said, 1):
        piece = yield Say(text)
        while (received := received + piece).count(b"\r\n\r\n") < number:
            piece = yield Say()


def _request(verb: str, url: str, number: int) -> bytes:
    return (
        f"{verb} {url} RTSP/1.0\r\nCSeq: {number}\r\nUser-Agent: rasoat\r\n"
        "Accept: application/sdp\r\n\r\n"
    ).encode()


def read(port: int, received: bytes) -> Heard:
    """What the answers tell; nothing when they are none."""
    status = _STATUS.match(received)
    if status is None:
        return Heard()
    heads = received[:_LONGEST].split(b"\r\n\r\n")[:4]
    fields = [fields_of(head) for head in heads]
    server = next((one["server"] for one in fields if "server" in one), "")
    asked = next((one["www-authenticate"] for one in fields if "www-authenticate" in one), "")
    realm = _REALM.search(asked[:1000])
    told = evidence(("rtsp_server", server), ("rtsp_realm", realm[1] if realm else ""))
    word = plain(status[0])
    return Heard(ports=(opened(port, "rtsp", server, banner=word),), evidence=told)
