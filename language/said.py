"""A message that a person reads, English as it is and ready to be spoken in another language.

`said` makes it where something goes wrong, in a part that knows of no language; `spoken` gives it
in the reader's one where it is shown. In between it is a str, the English text filled in: it is
raised, compared and matched as any other. Its parts may be `Said` themselves, so that nothing is
glued together that could not be translated any more.

Nothing of gettext is loaded before something is spoken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self


class Said(str):
    """An English text that still knows its message (the key of the catalogues) and its values."""

    __slots__ = ("message", "values")

    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, values: Mapping[str, object] | None = None) -> Self:
        """The message with its values filled in; without values its braces are its own."""
        self = super().__new__(cls, message.format(**values) if values else message)
        self.message = message
        self.values = values or {}
        return self

    def but(self, **values: object) -> Said:
        """The same message with some other values."""
        return Said(self.message, {**self.values, **values})

    def __str__(self) -> Said:
        """Itself: ``str(fault)`` of an error is still what was said."""
        return self


class Given(Said):
    """A text that came in both languages, such as a policy's own words."""

    __slots__ = ("vi",)

    vi: str


NOTHING = Said("")  #: a part that is left out


class SaidError(Exception):
    """An error that a person reads; its type asks for a message that can be spoken."""

    def __init__(self, message: Said) -> None:
        super().__init__(message)

    @property
    def said(self) -> Said:
        """What was said, to be passed along as a part of another message."""
        return verbatim(str(self))


def said(message: str, /, **values: object) -> Said:
    """The message, its ``{names}`` filled in; a value may be a `Said`, or an error with one."""
    return Said(message, {name: _part(value) for name, value in values.items()})


def verbatim(text: str) -> Said:
    """What is the same in every language, or was said by another program; a `Said` is kept."""
    return text if isinstance(text, Said) else Said("{text}", {"text": text})


def joined(between: str, parts: Iterable[str]) -> Said:
    """The parts one after the other; those that are `Said` are spoken each by itself."""
    values = {f"p{number}": part for number, part in enumerate(parts)}
    escaped = between.replace("{", "{{").replace("}", "}}")
    return Said(escaped.join(f"{{{name}}}" for name in values), values)


def given(vi: str, en: str) -> Said:
    """A text that its author wrote in both languages."""
    both = Given("{text}", {"text": en})
    both.vi = vi
    return both


def plain(text: str) -> str:
    """The English text as a plain str, for libraries that take no other kind."""
    return "".join(text)


def spoken(text: str, lang: str) -> str:
    """The text in ``vi`` or ``en``; one that is no `Said` is as it is."""
    if not isinstance(text, Said):
        return text
    if lang == "en" or not text:  # gettext answers the empty message with its own head
        return plain(text)
    if isinstance(text, Given):
        return text.vi
    from language.texts import texts

    parts = {
        name: spoken(value, lang) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return texts(lang)(text.message, **parts)


def _part(value: object) -> object:
    return str(value) if isinstance(value, BaseException) else value
