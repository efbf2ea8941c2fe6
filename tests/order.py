"""In which order tests run, and which of them on one worker (`make test` has several).

A file's tests stay together, so what they share is built once. All that needs a Windows shares one.
The longest begin: the short ones fill what is left of each worker's time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

LONG = ("slow", "netns", "wine")  #: marks of tests that take their time


def group(item: pytest.Item) -> str:
    """The tests that run one after the other, on one worker."""
    return "wine" if item.get_closest_marker("wine") else item.nodeid.partition("::")[0]


def patience(item: pytest.Item) -> float:
    """Seconds that a test may take by its own word: only the longest say so; else 1 or 0."""
    mark = item.get_closest_marker("timeout")
    if mark is not None:
        return float(mark.args[0])
    return float(any(item.get_closest_marker(name) for name in LONG))


def ordered(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Groups by the patience that their tests ask for in all, the greatest first."""
    asked: dict[str, float] = {}
    for item in items:
        asked[group(item)] = asked.get(group(item), 0.0) + patience(item)
    places = {name: place for place, name in enumerate(asked)}
    return sorted(items, key=lambda item: (-asked[group(item)], places[group(item)]))
