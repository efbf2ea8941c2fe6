"""What a person reads of the agent at a terminal: English as it stands, Vietnamese where asked for.

`said` makes a message where something happens, `spoken` gives it in the reader's language where it
is shown. In between it is a str, the English text filled in: reports, logs and JSON are the same
whoever asks. English is its own key; ``vi.mo`` is compiled from ``vi.po`` by ``make language``.
Nothing of gettext is loaded before something is said in Vietnamese.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gettext import NullTranslations
    from typing import Iterable, TextIO

LANGUAGES = ("vi", "en")
CATALOGUE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vi.mo")
#: what tells an encoding that has all letters of Vietnamese
_LETTERS = "\u0103\u0111\u01a1\u01b0\u1ea1\u1eb5\u1ed9\u1ef9"


class Said(str):
    """An English text that still knows its message and the values that were filled in."""

    __slots__ = ("message", "values")

    message: str
    values: tuple[object, ...]

    def __str__(self) -> Said:
        """Itself: ``str()`` of it is still what was said."""
        return self


class SaidError(Exception):
    """An error that a person reads: ``said`` is to be spoken, ``str()`` is plain English."""

    def __init__(self, message: Said) -> None:
        super().__init__("".join(message))
        self.said = message


class _Reader:
    """Who sits at the terminal; the command line alone says so, never an import of the agent."""

    lang = "en"
    known: NullTranslations | None = None  #: loaded when something is first said


def said(message: str, *values: object) -> Said:
    """The message, its ``%`` filled in; a value may be a `Said`, or an error that holds one."""
    kept = tuple(getattr(one, "said", None) or one for one in values)
    text = Said(message % kept if kept else message)
    text.message, text.values = message, kept
    return text


NOTHING = said("")  #: no problem


def joined(between: str, parts: Iterable[str]) -> Said:
    """The parts one after the other, each spoken by itself."""
    found = tuple(parts)
    return said(between.join(["%s"] * len(found)), *found)


def choose(lang: str) -> None:
    """Speak ``vi`` or ``en`` from now on."""
    _Reader.lang = lang


def spoken(text: str, stream: TextIO) -> str:
    """The text as the reader of ``stream`` wants it; one that is no `Said` is as it is.

    English as well where the stream cannot carry Vietnamese letters.
    """
    if _Reader.lang != "vi" or not isinstance(text, Said) or not _carries(stream):
        return text
    return _vietnamese(text)


def tell(text: str, stream: TextIO | None = None) -> None:
    """Print the text, on stdout where no stream is named."""
    where = sys.stdout if stream is None else stream
    print(spoken(text, where), file=where)


def _carries(stream: TextIO) -> bool:
    encoding = getattr(stream, "encoding", None)
    try:
        _LETTERS.encode(encoding or "utf-8")
    except (LookupError, UnicodeError):
        return False
    return True


def _vietnamese(text: Said) -> str:
    values = tuple(_vietnamese(one) if isinstance(one, Said) else one for one in text.values)
    # gettext answers the empty message with the catalogue's own head.
    message = _catalogue().gettext(text.message) if text.message else ""
    return message % values if values else message


def _catalogue() -> NullTranslations:
    if _Reader.known is None:
        import gettext
        import struct

        try:
            with open(CATALOGUE, "rb") as file:
                _Reader.known = gettext.GNUTranslations(file)
        except (OSError, ValueError, struct.error):  # none, or a damaged one: English
            _Reader.known = gettext.NullTranslations()
    return _Reader.known
