"""In which order tests run: the longest files begin, the short ones fill what is left.

`make test` gives each file to one of several workers, so what its tests share is built once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

LONG = ("slow", "netns", "wine")  #: marks of tests that take their time


def file_of(item: pytest.Item) -> str:
    """The file of a test: it runs on one worker."""
    return item.nodeid.partition("::")[0]


def patience(item: pytest.Item) -> float:
    """Seconds that a test may take by its own word: only the longest say so; else 1 or 0."""
    mark = item.get_closest_marker("timeout")
    if mark is not None:
        return float(mark.args[0])
    return float(any(item.get_closest_marker(name) for name in LONG))


def ordered(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Files by the patience that their tests ask for in all, the greatest first."""
    asked: dict[str, float] = {}
    for item in items:
        asked[file_of(item)] = asked.get(file_of(item), 0.0) + patience(item)
    return sorted(items, key=lambda item: -asked[file_of(item)])
