"""Conditions in words: what was expected, in both languages.

From the operators' table and the labels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inventory.catalogue import Fact
from language.forms import number
from language.texts import marked, texts
from policies.operators import OPERATORS
from policies.tree import (
    Bound,
    Condition,
    Every,
    Exists,
    Opposite,
    Other,
    Quantified,
    Some,
    Test,
    WhenMissing,
)
from policies.wording import listed, shown, span, value_words

_KINDS = {
    "any": marked("at least one with {what}"),
    "all": marked("every one with {what}"),
    "none": marked("none with {what}"),
}
_PLAIN_KINDS = {  # of a list of plain values: the condition speaks of the value itself
    "any": marked("at least one: {what}"),
    "all": marked("each: {what}"),
    "none": marked("none: {what}"),
}
_MOST = 6  #: values of a list that are spelt out


def label(fact: Fact, lang: str, *, start: bool = False) -> str:
    """The fact's label, with a small first letter unless it starts the sentence or is a name."""
    text = fact.label(lang)
    head, _, rest = text.partition(" ")
    is_name = any(char.isupper() for char in head[1:]) or rest[:1].isupper() or head in _NAMES
    return text if start or is_name else text[:1].lower() + text[1:]


_NAMES = frozenset({"Windows", "Gatekeeper", "Telnet"})


def expectation(node: Test, lang: str, *, negated: bool = False) -> str:
    """What a test expects of its value: ``on``, ``at most 15 min``, ``not one of a, b``."""
    fact, say = node.spot.fact, texts(lang)
    if isinstance(node.argument, bool):
        return value_words(node.argument is not negated, fact, lang)
    if node.argument == 0 and node.operator in _AT_ONCE:
        past = (node.operator == "older_than") is not negated
        return say("in the past") if past else say("still ahead")
    text = say(OPERATORS[node.operator].words).format(*_arguments(node, lang))
    return say("not {what}", what=text) if negated else text


_AT_ONCE = ("within", "older_than")  #: with a span of 0 they speak of now


def _arguments(node: Test, lang: str) -> tuple[str, ...]:
    argument, fact = node.argument, node.spot.fact
    if isinstance(argument, Other):
        return (_other(argument, lang),)
    takes = OPERATORS[node.operator].takes
    if takes == "span":
        return (span(_whole(argument), lang),)
    if isinstance(argument, tuple):
        quote = _quoted if takes == "patterns" else _valued(fact, lang)
        words = [quote(one) for one in argument]
        return tuple(words) if takes == "pair" else (listed(words, lang, most=_MOST),)
    if takes in ("pattern", "part"):
        return (_quoted(argument),)
    return (value_words(argument, fact, lang),)


def _other(other: Other, lang: str) -> str:
    """Another fact by its name, with what stood there: ``ports (the agent: 135, 445)``."""
    said, say = label(other.fact, lang), texts(lang)
    who = say(_WHO[other.fact.witness])
    if other.seen is None:
        return f"{said} ({who})"
    seen = [value_words(value, other.fact, lang) for value in sorted(set(other.seen), key=str)]
    listing = listed(seen, lang, most=_MOST) or say("none")
    return f"{said} ({who}: {listing})"


_WHO = {
    "agent": marked("the agent"),
    "scan": marked("the network"),
    "register": marked("the register"),
    "server": marked("the server"),
}


def _whole(argument: Any) -> int:
    return int(argument)


def _valued(fact: Fact, lang: str) -> Callable[[Any], str]:
    return lambda value: value_words(value, fact, lang)


def _quoted(text: Any) -> str:
    return f"“{shown(str(text))}”"


def phrase(node: Condition | None, lang: str, *, negated: bool = False) -> str:
    """A whole condition in words: ``real-time protection on and signature age at most 7 d``."""
    if node is None:
        return ""
    if isinstance(node, Test):
        wanted = expectation(node, lang, negated=negated)
        colon = ":" if node.operator == "is" else ""
        return f"{label(node.spot.fact, lang)}{colon} {wanted}" if node.spot.steps else wanted
    if isinstance(node, Exists):
        return f"{label(node.spot.fact, lang)} {there(node.wanted is not negated, lang)}"
    if isinstance(node, Opposite):
        return phrase(node.part, lang, negated=not negated)
    if isinstance(node, WhenMissing):
        return phrase(node.part, lang, negated=negated)
    if isinstance(node, Quantified):
        return _quantified(node, lang, negated=negated)
    return _joined(node, lang, negated=negated)


def _joined(node: Every | Some, lang: str, *, negated: bool) -> str:
    say = texts(lang)
    word = say(" and ") if isinstance(node, Every) is not negated else say(" or ")
    return word.join(phrase(part, lang, negated=negated) for part in node.parts)


def _quantified(node: Quantified, lang: str, *, negated: bool) -> str:
    say = texts(lang)
    words = f"{label(node.spot.fact, lang)}: {quantity(node, lang)}"
    return say("not ({what})", what=words) if negated else words


def quantity(node: Quantified, lang: str) -> str:
    """What a quantifier expects: ``none with software name like …``, ``at most 2 with …``."""
    what, say = phrase(node.where, lang), texts(lang)
    if node.kind != "count":
        plain = isinstance(node.where, Test) and not node.where.spot.steps
        return say((_PLAIN_KINDS if plain else _KINDS)[node.kind], what=what)
    bounds = say(" and ").join(_bound(bound, lang) for bound in node.bounds)
    return say("{bounds} with {what}", bounds=bounds, what=what) if what else bounds


def _bound(bound: Bound, lang: str) -> str:
    words = texts(lang)(OPERATORS[bound.operator].words)
    ends = bound.argument if isinstance(bound.argument, tuple) else (bound.argument,)
    return words.format(*(number(end, lang) for end in ends))


def there(exists: bool, lang: str) -> str:
    """Present or absent, in words."""
    return texts(lang)(marked("present") if exists else marked("absent"))
