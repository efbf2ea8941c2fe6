"""Why a fact is not there.

Looking it up in a view's table of unknowns, and what each reason allows.

The difference that everything rests on: *nothing there* (the agent looked, or has no word about it)
against *could not look*. ``missing:`` in a rule speaks only of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from inventory.catalogue import catalogue
from policies.tree import Spot

#: Somebody looked, and there is none: the agent, or the server that never had a report.
NOTHING_THERE = frozenset({"not_found", "not_installed", "never_reported"})
NOT_REPORTED = "not_reported"

#: Names under which the table may speak of a spot, nearest first; ``%d`` takes the first n indexes.
Names = tuple[tuple[str, int], ...]


@lru_cache(maxsize=4096)
def names(path: str, is_element: bool) -> Names:
    """The names for the fact at ``path``; ``is_element``: for one element of the list there.

    An element's field may be named with its index (``volumes[1].encryption``) or without, for all.
    """
    facts = catalogue().facts
    words = path.split(".")
    found: list[tuple[str, int]] = []
    text, indexes = "", 0
    for count, word in enumerate(words, 1):
        prefix = ".".join(words[:count])
        text = f"{text}.{word}" if text else word
        if indexes:
            found.append((prefix, 0))
        found.append((text, indexes))
        if facts[prefix].type == "list" and (count < len(words) or is_element):
            text, indexes = f"{text}[%d]", indexes + 1
            found.append((text, indexes))
    return tuple(reversed(found))


def names_of(spot: Spot) -> Names:
    """The names for a spot of a rule."""
    return names(spot.fact.path, not spot.steps)


def reason_of(unknown: Mapping[str, str], known_as: Names, indexes: tuple[int, ...]) -> str | None:
    """What the table says of a spot, or None when it says nothing."""
    if unknown:
        for template, count in known_as:
            name = template % indexes[:count] if count else template
            if name in unknown:
                return unknown[name]
    return None


def nothing_there(unknown: Mapping[str, str], known_as: Names, indexes: tuple[int, ...]) -> bool:
    """Whether an absent fact is simply not there, rather than one that could not be read."""
    reason = reason_of(unknown, known_as, indexes)
    return reason is None or reason in NOTHING_THERE


def surely_absent(unknown: Mapping[str, str], known_as: Names, indexes: tuple[int, ...]) -> bool:
    """Whether the agent says that it looked and found none: what ``exists: false`` needs."""
    return reason_of(unknown, known_as, indexes) in NOTHING_THERE


def incomplete(unknown: Mapping[str, str], known_as: Names, indexes: tuple[int, ...]) -> bool:
    """Whether a list that is there was not read to its end: it stands in the table as well."""
    return reason_of(unknown, known_as, indexes) is not None
