"""Ordering version numbers as people read them: 1.9 < 1.10, 2.0-rc1 < 2.0 = 2.0.0."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_PIECE = re.compile(r"[0-9]+|[a-z]+|~")
_EARLY = {"~": 0, "dev": 1, "alpha": 2, "beta": 3, "pre": 4, "preview": 4, "rc": 5}
_END, _WORD, _NUMBER = (
    (6, 0, ""),
    7,
    8,
)  #: an early word sorts before the end, the end before the rest

_ZERO = (_NUMBER, 0, "")
LONGEST = 200  #: characters; beyond it a text is no version number

Piece = tuple[int, int, str]
Key = tuple[Piece, ...]


@lru_cache(maxsize=65_536)
def version_key(text: str) -> Key | None:
    """What versions are compared by; None when the text has no number to compare.

    An epoch (``1:``, as Debian writes it) comes first; trailing zeros mean nothing.
    """
    if len(text) > LONGEST:
        return None
    epoch, colon, rest = text.strip().lower().partition(":")
    if not (colon and epoch.isascii() and epoch.isdigit()):
        epoch, rest = "0", text.strip().lower()
    pieces = _PIECE.findall(rest)
    if not any(piece.isdigit() for piece in pieces):
        return None
    if pieces[0] == "v":  # v1.2
        pieces = pieces[1:]
    return ((_NUMBER, int(epoch), ""), *_significant(map(_piece, pieces)), _END)


def _significant(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces without zeros that no other number follows: 2.0.0-rc1 is 2-rc1."""
    kept: list[Piece] = []
    for piece in reversed(list(pieces)):
        if piece != _ZERO or (kept and kept[-1][0] == _NUMBER):
            kept.append(piece)
    return kept[::-1]


def _piece(piece: str) -> Piece:
    if piece.isdigit():
        return (_NUMBER, int(piece), "")
    if piece in _EARLY:
        return (_EARLY[piece], 0, "")
    return (_WORD, 0, piece)


def version_at_least(text: str, wanted: Key) -> bool | None:
    """Whether the version is ``wanted`` or newer; None when it has no number to compare."""
    key = version_key(text)
    return None if key is None else key >= wanted


def version_in(text: str, wanted: frozenset[Key]) -> bool | None:
    """Whether the version equals one of ``wanted``; None when it has no number to compare."""
    key = version_key(text)
    return None if key is None else key in wanted
