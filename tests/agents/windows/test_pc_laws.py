"""Whatever Windows answers, a parse never raises, and its facts are of the catalogue's types."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.collect import COLLECTORS
from agents.outcome import Unknown
from tests.agents.documents import taken_by_the_server
from tests.agents.windows.authored import REGISTRY, TABLE, VALUES, Pc

OURS = ("hardware", "os", "volumes", "network")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
REFUSALS = st.sampled_from(["not_elevated", "not_found", "unreadable"]).map(Unknown)


def damaged(value: Any) -> st.SearchStrategy[Any]:
    """The same value with one thing in it changed, anything at all, or nothing."""
    ways = [JSON, REFUSALS]
    if isinstance(value, dict) and value:
        ways.append(
            st.sampled_from(sorted(value)).flatmap(
                lambda name: inside(value[name]).map(lambda new: {**value, name: new})
            )
        )
    if isinstance(value, list) and value:
        ways.append(inside(value[0]).map(lambda new: [new, *value[1:]]))
    return st.one_of(ways)


def inside(value: Any) -> st.SearchStrategy[Any]:
    return damaged(value).filter(lambda one: not isinstance(one, Unknown))


REGISTRY_VALUE = st.one_of(
    st.integers(0, 2**64 - 1), st.text(max_size=40), st.binary(max_size=8), st.just(["a", "b"])
)


@pytest.mark.parametrize("section", OURS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_parse_never_raises_whatever_windows_said(section: str, data: st.DataObject) -> None:
    machine = Pc()
    machine.table = data.draw(st.sampled_from([TABLE, b"", TABLE[:40]]) | st.binary(max_size=80))
    for name in data.draw(st.sets(st.sampled_from(sorted(VALUES)))):
        machine.values[name] = data.draw(damaged(VALUES[name]))
    for key in data.draw(st.sets(st.sampled_from(sorted(REGISTRY)))):
        names = st.sampled_from(sorted(REGISTRY[key]))
        machine.registry[key] = data.draw(st.dictionaries(names, REGISTRY_VALUE) | REFUSALS)
    collector = importlib.import_module(COLLECTORS["windows"][section])
    answers = collector.probe(machine)
    try:
        facts = collector.parse(answers)
    except Unknown:
        return
    taken_by_the_server(section, facts)
