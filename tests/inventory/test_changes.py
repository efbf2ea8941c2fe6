"""The laws of the change log: only what changed, once, and never an absence as a removal."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue import catalogue
from inventory.changes import MOST_CHANGES, changes

NAMES = st.text("abc", min_size=1, max_size=2)
PROGRAM = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "version": st.sampled_from(["1", "2"]),
        "architecture": st.just("amd64"),
        "publisher": NAMES,
    },
)


def _mount(volume: Any) -> Any:
    return volume["mount"]


VIEW = st.fixed_dictionaries(
    {
        "facts": st.fixed_dictionaries(
            {},
            optional={
                "os": st.fixed_dictionaries(
                    {}, optional={"name": NAMES, "kernel": NAMES, "booted_at": NAMES}
                ),
                "software": st.lists(PROGRAM, max_size=6),
                "volumes": st.lists(
                    st.fixed_dictionaries(
                        {"mount": NAMES, "size": st.integers(0, 9), "free": st.integers(0, 9)}
                    ),
                    max_size=3,
                    unique_by=_mount,
                ),
            },
        ),
        "unknown": st.just({}),
    }
)


def of(**facts: Any) -> dict[str, Any]:
    return {"facts": facts, "unknown": {}}


@given(VIEW)
def test_nothing_changed_is_no_row(view: dict[str, Any]):
    assert changes(view, copy.deepcopy(view)) == []


@given(VIEW, st.randoms(use_true_random=False))
def test_another_order_is_no_change(view: dict[str, Any], chance: random.Random):
    mixed = copy.deepcopy(view)
    for name in ("software", "volumes"):
        chance.shuffle(mixed["facts"].get(name, []))
    assert changes(view, mixed) == []


@given(st.lists(PROGRAM, max_size=6), PROGRAM, st.randoms(use_true_random=False))
def test_one_program_more_is_one_row(
    programs: list[dict[str, Any]], more: dict[str, Any], chance: random.Random
):
    new = [*programs, more]
    chance.shuffle(new)
    there = changes(of(software=programs), of(software=new))
    assert [(one.path, one.old) for one in there] == [("software", None)]
    back = changes(of(software=new), of(software=programs))
    assert [(one.path, one.new) for one in back] == [("software", None)]
    assert there[0].new == back[0].old


@given(VIEW, VIEW)
def test_a_difference_is_seen_both_ways(old: dict[str, Any], new: dict[str, Any]):
    there, back = changes(old, new), changes(new, old)
    assert len(there) == len(back)
    assert sorted((one.path, str(one.element), str(one.new)) for one in there) == sorted(
        (one.path, str(one.element), str(one.old)) for one in back
    )


def test_a_change_in_one_program_is_told_by_its_key():
    old = [{"name": "a", "version": "1", "publisher": "x"}, {"name": "b", "version": "1"}]
    new = [{"name": "b", "version": "1"}, {"name": "a", "version": "1", "publisher": "y"}]
    (one,) = changes(of(software=old), of(software=new))
    assert (one.path, one.old, one.new) == ("software.publisher", '"x"', '"y"')
    assert one.element is not None
    assert one.element.startswith("a 1")


def test_a_section_that_became_unknown_is_one_row_with_the_reason():
    old = of(software=[{"name": str(number)} for number in range(50)], os={"name": "Debian"})
    new = {
        "facts": {"os": {"name": "Debian"}},
        "unknown": {"software": {"reason": "timed_out", "detail": "dpkg"}},
    }
    (one,) = changes(old, new)
    assert (one.path, one.old, one.new) == (
        *("software", '{"read":50}', '{"unknown":"timed_out"}'),
    )
    (back,) = changes(new, old)
    assert (back.old, back.new) == (one.new, one.old)
    empty = of(software=[], os={"name": "Debian"})
    assert len(changes(old, empty)) == 50  # the control: read, and really gone


def test_a_fact_that_became_unknown_has_its_reason():
    old = of(os={"name": "Debian"}, volumes=[{"mount": "/", "encryption": "none"}])
    new = {
        "facts": {"os": {}, "volumes": [{"mount": "/"}]},
        "unknown": {
            "os.name": {"reason": "unreadable"},
            "volumes[0].encryption": {"reason": "not_elevated"},
        },
    }
    assert [(one.path, one.new) for one in changes(old, new)] == [
        ("os.name", '{"unknown":"unreadable"}'),
        ("volumes.encryption", '{"unknown":"not_elevated"}'),
    ]


def test_volatile_and_server_facts_never_show():
    silent = {
        fact.path
        for fact in catalogue().facts.values()
        if fact.volatile or fact.witness == "server"
    }
    assert {"os.booted_at", "volumes.free", "agent.last_report"} <= silent
    old = of(os={"booted_at": "a"}, volumes=[{"mount": "/", "free": 1}], agent={"last_report": "a"})
    new = of(os={"booted_at": "b"}, volumes=[{"mount": "/", "free": 2}], agent={"last_report": "b"})
    assert changes(old, new) == []
    new["facts"]["volumes"][0]["size"] = 3
    assert [one.path for one in changes(old, new)] == ["volumes.size"]  # the control


def test_a_machine_installed_anew_is_bounded():
    new = of(software=[{"name": str(number)} for number in range(MOST_CHANGES + 500)])
    found = changes(of(software=[]), new)
    assert len(found) == MOST_CHANGES + 1
    assert found[-1].new == '"500 more changes"'
    new["facts"]["software"] = new["facts"]["software"][:MOST_CHANGES]
    assert len(changes(of(software=[]), new)) == MOST_CHANGES
