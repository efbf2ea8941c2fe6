"""Telnet: refuse every option, and read what stands before the login prompt (RFC 854)."""

from __future__ import annotations

import re

from scanner.heard import Heard, evidence, opened, plain
from scanner.sighting import clean
from scanner.wire.talks import Say, Talk

_IAC, _DONT, _DO, _WONT, _WILL, _SB, _SE = 255, 254, 253, 252, 251, 250, 240
_COMMAND = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa[^\xff]{0,200}\xff\xf0|[\xf0-\xf9])", re.DOTALL)
_PROMPT = re.compile(rb"(?:login|user ?name|user|account|pass(?:word|code)) ?: ?$", re.IGNORECASE)
_LONGEST = 4096  #: bytes of a greeting; who sends more at once has not stopped
_MOST_OPTIONS = 64


def talk() -> Talk:
    """Answer DO with WONT and WILL with DONT until a prompt has come."""
    received = bytearray()
    answered = 0
    piece = yield Say()
    while True:
        received += piece
        commands = _COMMAND.findall(received[:_LONGEST])[:_MOST_OPTIONS]
        reply = b"".join(map(refusal, commands[answered:]))
        answered = len(commands)
        if _PROMPT.search(text_of(received)) and len(received) <= _LONGEST:
            return
        piece = yield Say(reply)


def refusal(command: bytes) -> bytes:
    """The answer that keeps an option off; empty to what asks for none."""
    if command[1] == _DO:
        return bytes((_IAC, _WONT, command[2]))
    if command[1] == _WILL:
        return bytes((_IAC, _DONT, command[2]))
    return b""


def text_of(received: bytes | bytearray) -> bytes:
    """What was said, without the options."""
    return _COMMAND.sub(b"", bytes(received[:_LONGEST])).rstrip(b"\0")


def read(port: int, received: bytes) -> Heard:
    """The text before the prompt; telnet at all is a finding for whoever asks."""
    if not received:
        return Heard()
    text = clean(plain(text_of(received)))
    service = "telnet" if received[0] == _IAC or _PROMPT.search(text_of(received)) else ""
    return Heard(
        ports=(opened(port, service, banner=text),),
        evidence=evidence(("telnet_greeting", text)) if service else (),
    )
