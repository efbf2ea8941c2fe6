"""One file that carries reports to a collector, or its answers back, where there is no line.

Pieces of bytes, each behind its length, and at the end their number and a SHA-256 over the file:
a copy that was cut short or changed on the way is refused before anything in it is read. It proves
no origin; the signatures inside do. The server imports this module too.
"""

from __future__ import annotations

import hashlib

from agents.words import SaidError, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable

REPORTS = b"rasoat reports 1\n"  #: signed requests, as they would travel
ANSWERS = b"rasoat answers 1\n"  #: signed answers, as they would travel
ENDING = ".reports"  #: of the files that a machine writes
LONGEST_PIECE = (2 << 20) + (32 << 10)  #: bytes: a report and its headers
LONGEST_FILE = 80 << 20  #: bytes: a full spool
_DIGITS = 9  #: of a length
_SHA256 = 64  #: hex digits
_END = b"end "


class BadFile(SaidError, ValueError):
    """The file is none of ours, or was changed on the way; the message says what is wrong."""


def packed(kind: bytes, pieces: Iterable[bytes]) -> bytes:
    """The content of one file."""
    content = bytearray(kind)
    count = 0
    for piece in pieces:
        content += b"%d\n" % len(piece) + piece
        count += 1
    content += _END + b"%d\n" % count
    return bytes(content) + hashlib.sha256(content).hexdigest().encode("ascii") + b"\n"


def unpacked(kind: bytes, content: bytes) -> list[bytes]:
    """The pieces of a file's content.

    Raises:
        BadFile: it is not exactly what `packed` makes.
    """
    if not content.startswith(kind):
        raise BadFile(said("this is no file of %s", kind[:-1].decode("ascii")))
    end = len(content) - _SHA256 - 1
    digest = hashlib.sha256(content[:end]).hexdigest().encode("ascii") + b"\n"
    if content[end:] != digest:
        raise BadFile(said("the file was cut short or changed on the way; copy it again"))
    pieces = []
    at = len(kind)
    while not content.startswith(_END, at):
        length, at = _number(content, at, end)
        if length > min(LONGEST_PIECE, end - at):
            raise BadFile(said("a piece of the file is longer than it may be"))
        pieces.append(content[at : at + length])
        at += length
    count, at = _number(content, at + len(_END), end)
    if count != len(pieces) or at != end:
        raise BadFile(said("the file does not hold what its end says"))
    return pieces


def _number(content: bytes, at: int, end: int) -> tuple[int, int]:
    """(the number on the line that begins there, where the next line begins)."""
    stop = content.find(b"\n", at, min(at + _DIGITS + 1, end))
    digits = content[at : max(stop, at)]
    if not digits.isdigit() or digits != b"%d" % int(digits):
        raise BadFile(said("the file is damaged: a length is not a number"))
    return int(digits), stop + 1


def read(path: str) -> bytes:
    """The content of a file, of at most `LONGEST_FILE` bytes.

    Raises:
        BadFile: it is longer.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        content = file.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise BadFile(said("the file is longer than %d bytes", LONGEST_FILE))
    return content


class Message:
    """An HTTP message as it would travel: its first line, headers by small names, a body."""

    def __init__(self, first: str, headers: dict[str, str], body: bytes) -> None:
        self.first = first
        self.headers = headers
        self.body = body

    def packed(self) -> bytes:
        """Its one byte form: CRLF, an empty line before the body."""
        lines = [self.first] + ["%s: %s" % pair for pair in self.headers.items()]
        return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + self.body


def message(piece: bytes) -> Message:
    """The message that a piece is.

    Raises:
        BadFile: it is none, or not in the one form that `Message.packed` gives.
    """
    head, _, body = piece.partition(b"\r\n\r\n")
    try:
        first, *lines = head.decode("ascii").split("\r\n")
    except UnicodeDecodeError:
        raise BadFile(said("a piece of the file is no message")) from None
    pairs = [line.partition(": ") for line in lines]
    found = Message(first, {name: value for name, _, value in pairs}, body)
    if found.packed() != piece or any(name != name.lower() for name in found.headers):
        raise BadFile(said("a piece of the file is no message"))
    return found
