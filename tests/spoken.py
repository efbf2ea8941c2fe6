"""What of a said text would stay English for a Vietnamese reader, and what of it would get lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.said import Given, Said, spoken
from language.texts import texts

_NAME = re.compile(r"(?<!\{)\{\w+[^{}]*\}")
_WORD = re.compile(r"[^\W\d_]")


def parts(text: object) -> Iterator[Said]:
    """A said text and every part of it that was said as well."""
    if isinstance(text, Said) and not isinstance(text, Given):
        yield text
        for value in text.values.values():
            yield from parts(value)


def english_left(text: object) -> list[str]:
    """Its messages that have no Vietnamese text; a text that was never said is one itself."""
    if not isinstance(text, Said):
        return [f"not said: {text}"]
    say = texts("vi")
    return [
        one.message
        for one in parts(text)
        if _WORD.search(_NAME.sub("", one.message)) and say(one.message) == one.message
    ]


def values_lost(text: Said) -> list[str]:
    """Names, numbers and places that the English text has and the Vietnamese one has not."""
    shown = spoken(text, "vi")
    return [
        str(value)
        for one in parts(text)
        for value in one.values.values()
        if not isinstance(value, Said) and str(value) not in shown
    ]
