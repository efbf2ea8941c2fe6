"""What changed, as rows for a person: labels for paths, values in words, times of the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from inventory.catalogue import Fact, catalogue
from inventory.history import Event
from inventory.times import moment
from language.texts import texts
from policies.phrases import label
from policies.wording import reason_words, value_words
from rasoat.device_facts import element_words
from reports.formats import local_time
from reports.names import word
from reports.words import WORDS

LONGEST = 60  #: characters of a value in a table; --json has all of it


def heads(lang: str, *, machine: bool) -> list[str]:
    """The heads of the table; with the machine's name where it is about several."""
    say = texts(lang)
    named = [say("Machine")] if machine else []
    return [say("Time"), *named, say("What"), say("Before"), say("After"), say("Evidence")]


def rows(events: Iterable[Event], lang: str, *, machine: bool) -> Iterator[list[str]]:
    """One row for each event."""
    for one in events:
        named = [one.name or one.device] if machine else []
        what, old, new = told(one, lang)
        when = local_time(moment(one.at), lang)
        yield [when, *named, what, _short(old), _short(new), one.evidence]


def told(one: Event, lang: str) -> tuple[str, str, str]:
    """What changed, what was, and what is, in words."""
    say = texts(lang)
    if one.kind == "fact":
        return _fact(one, lang)
    if one.kind == "finding":
        return one.what, word(WORDS, one.old, lang), word(WORDS, one.new, lang)
    if one.kind == "register":
        return say("Register: {field}", field=one.what), one.old, one.new
    return say("Device of {observation}", observation=one.what), one.old, one.new


def _fact(one: Event, lang: str) -> tuple[str, str, str]:
    path, _, element = one.what.partition(" ")
    fact = catalogue().facts.get(path)
    if fact is None:
        return one.what, one.old, one.new
    name = f"{label(fact, lang, start=True)} {element}".strip()
    old, new = _value(fact, one.old, lang), _value(fact, one.new, lang)
    if old == new and fact.type == "timestamp":  # two moments of one day
        old, new = (local_time(moment(text), lang) for text in (one.old, one.new))
    return name, old, new


def _value(fact: Fact, text: str, lang: str) -> str:
    """A value of the log; ``? reason`` stands for one that could not be read."""
    if text.startswith("? "):
        return reason_words(text[2:], lang)
    value = _decoded(text)
    if isinstance(value, Mapping):
        return element_words(fact, value, lang) if fact.children else text
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value_words(one, fact, lang) for one in value)
    return value_words(value, fact, lang)


def _decoded(text: str) -> Any:
    """Numbers, truth and lists stand as JSON, texts as themselves."""
    try:
        return msgspec.json.decode(text) if text[:1] in "-0123456789tf[{" else text
    except msgspec.DecodeError:
        return text


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
