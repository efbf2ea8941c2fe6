"""Until when a verdict holds if no news comes: the next second at which time alone may turn it.

Facts grow too old for a rule's ``fresh``, or for what `long_silent` takes in its place; a moment
leaves the span that ``within`` or ``older_than`` allows. Whatever else depends on the clock (a
device's coverage state, for one) is a fact of the view, and news when it turns; a rule that has
waivers is judged at every look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from policies.judge import MAX_VIEW, DeviceFacts
from policies.long_silent import ends
from policies.times import SKEW, moment_seconds, seconds_of
from policies.tree import Rule, Spot, Test, walk

_BY_TIME = ("within", "older_than")


class Lasting:
    """Until when the verdicts on one device hold; its view is decoded once, if a rule needs it."""

    def __init__(self, facts: DeviceFacts, now: datetime) -> None:
        self._facts, self._now = facts, seconds_of(now)
        self._known: Any = None

    def holds_until(self, rule: Rule) -> int | None:
        """The first second since 1970 after now at which time may turn the result; None: never."""
        return min((one for one in self._moments(rule) if one > self._now), default=None)

    def _moments(self, rule: Rule) -> Iterator[int]:
        for end in ends(rule, self._facts.received_at, self._facts.seen_at):
            yield seconds_of(end) + 1
        for spot, span in _by_time(rule):
            for value in _values(self._decoded(), spot.fact.path.split(".")):
                moment = moment_seconds(value) if isinstance(value, str) else None
                if moment is not None:
                    yield moment + span + 1
                    yield moment - SKEW

    def _decoded(self) -> Any:
        if self._known is None:
            view = self._facts.view or b""
            self._known = _decoded(view) if len(view) <= MAX_VIEW else {}
        return self._known


def _by_time(rule: Rule) -> Iterator[tuple[Spot, int]]:
    for tree in rule.conditions():
        for node in walk(tree):
            if isinstance(node, Test) and node.operator in _BY_TIME:
                yield node.spot, node.argument if isinstance(node.argument, int) else 0


def _decoded(view: bytes) -> Any:
    """The facts of a view; nothing where it cannot be read: no moment stands in it then."""
    try:
        plain = msgspec.json.decode(view)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return plain.get("facts", {}) if isinstance(plain, Mapping) else {}


def _values(node: Any, steps: Sequence[str]) -> Iterator[Any]:
    """Every value at a path, through all elements of all lists on the way."""
    if isinstance(node, list):
        for element in node:
            yield from _values(element, steps)
    elif not steps:
        yield node
    elif isinstance(node, Mapping) and steps[0] in node:
        yield from _values(node[steps[0]], steps[1:])
