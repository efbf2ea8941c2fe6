"""The order of the tests: files stay whole, the longest begin, none is lost."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tests.order import ordered


class Test:
    """As much of a test as the order asks for."""

    __test__ = False

    def __init__(self, nodeid: str, **marks: float | None) -> None:
        self.nodeid, self.marks = nodeid, marks

    def get_closest_marker(self, name: str) -> Any:
        if name not in self.marks:
            return None
        given = self.marks[name]
        return getattr(pytest.mark, name)(*(() if given is None else (given,))).mark


def run_as(*tests: Test) -> list[str]:
    return [item.nodeid for item in ordered(cast("list[pytest.Item]", list(tests)))]


def test_files_stay_whole_and_the_longest_begin() -> None:
    asked = [
        Test("a.py::quick"),
        Test("b.py::slow", slow=None),
        Test("b.py::quick"),
        Test("c.py::longest[x::y]", slow=None, timeout=300),
        Test("a.py::another"),
        Test("c.py::quick"),
    ]
    assert run_as(*asked) == [
        *("c.py::longest[x::y]", "c.py::quick", "b.py::slow", "b.py::quick"),
        *("a.py::quick", "a.py::another"),
    ]
