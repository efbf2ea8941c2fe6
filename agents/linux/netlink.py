"""A dump of what the kernel knows, asked over netlink (linux/netlink.h): every answer at once."""

from __future__ import annotations

import os
import socket
import struct
import sys

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

_ERROR, _DONE = 2, 3
_REQUEST_DUMP = 0x0301  #: NLM_F_REQUEST | NLM_F_DUMP
HEADER = struct.Struct("=IHHII")  #: nlmsghdr: length, type, flags, sequence, port
_SECONDS = 5.0
_LARGEST = 1 << 16  #: bytes of one datagram of a dump


def dump(family: int, question: int, answer: int, body: bytes) -> list[bytes]:
    """The bodies of all messages of type ``answer`` that a netlink family gives to a question.

    Raises:
        Unknown: only an administrator may ask, or the kernel does not answer.
    """
    if sys.platform != "linux":
        raise Unknown("not_supported", "netlink is Linux's")
    try:
        with socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, family
        ) as asked:
            asked.settimeout(_SECONDS)
            asked.bind((0, 0))
            length = HEADER.size + len(body)
            asked.send(HEADER.pack(length, question, _REQUEST_DUMP, 1, 0) + body)
            return _answers(asked, answer)
    except OSError as fault:
        reason = "not_elevated" if isinstance(fault, PermissionError) else "unreadable"
        raise Unknown(reason, "netlink: %s" % (fault.strerror or fault)) from None


def _answers(asked: socket.socket, answer: int) -> list[bytes]:
    """What comes, to the dump's end."""
    found: list[bytes] = []
    while True:
        for kind, body in messages(asked.recv(_LARGEST)):
            if kind == _DONE:
                return found
            if kind == _ERROR:
                code = -struct.unpack_from("=i", body)[0]
                raise OSError(code, os.strerror(code))
            if kind == answer:
                found.append(body)


def messages(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of each message of a datagram."""
    while len(datagram) >= HEADER.size:
        length, kind = HEADER.unpack_from(datagram)[:2]
        if not HEADER.size <= length <= len(datagram):
            raise Unknown("unreadable", "netlink: a message of %d bytes" % length)
        yield kind, datagram[HEADER.size : length]
        datagram = datagram[(length + 3) & ~3 :]
