"""Three-valued logic (Kleene) and the one value beyond it: an error, which nothing can hide."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Truth(enum.Enum):
    """What can be said of a condition on one machine."""

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"
    ERROR = "error"

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """True, False, or unknown for None."""
        if value is None:
            return cls.UNKNOWN
        return cls.TRUE if value else cls.FALSE


def negation(one: Truth) -> Truth:
    """Not: unknown stays unknown, an error stays an error."""
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(one, one)


def conjunction(parts: Iterable[Truth]) -> Truth:
    """And: one false decides, unless something is an error; of nothing it is true."""
    seen = set(parts)
    for decisive in (Truth.ERROR, Truth.FALSE, Truth.UNKNOWN):
        if decisive in seen:
            return decisive
    return Truth.TRUE


def disjunction(parts: Iterable[Truth]) -> Truth:
    """Or: one true decides, unless something is an error; of nothing it is false."""
    seen = set(parts)
    for decisive in (Truth.ERROR, Truth.TRUE, Truth.UNKNOWN):
        if decisive in seen:
            return decisive
    return Truth.FALSE
