"""A collector that hangs, dies, is denied or lies costs its own section, and rules say why."""

from __future__ import annotations

import json
import sys
import threading
import types
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agents import collect as collecting
from agents import machine, shape
from agents.collect import COLLECTORS
from agents.outcome import Answers, Facts, Unknown
from inventory import devices
from inventory.catalogue import catalogue
from inventory.fact_types import PATTERNS, _scalar
from policies import assess, load
from policies.tree import Policy
from tests.server.line import Clock, Machine, Office, enrol, office

PATIENCE = 0.15  #: seconds that a section has in this test
SECTIONS = tuple(COLLECTORS["linux"])
VALUES = {"boolean": True, "integer": 1, "text": "x"}  #: one that fits, by type


def plain_facts() -> dict[str, tuple[str, Any]]:
    """Section → (name, value) of a plain fact in it, for the sections that are objects."""
    found: dict[str, tuple[str, Any]] = {"os": ("family", "linux")}
    for section in SECTIONS:
        for fact in catalogue().children(catalogue().facts[section]):
            if fact.type in VALUES and "linux" in fact.platforms and fact.path.count(".") == 1:
                found.setdefault(section, (fact.name, VALUES[fact.type]))
    return {name: one for name, one in found.items() if catalogue().facts[name].type != "list"}


GOOD = plain_facts()
RELEASE = threading.Event()  #: what hangs ends with the test


def fine(section: str) -> Facts:
    facts = Facts()
    if section in GOOD:
        facts.set(*GOOD[section])
    else:
        facts.lack("", Unknown("not_supported", "of no matter here"))
    return facts


def hangs(_: str) -> Facts:
    RELEASE.wait(30)
    return Facts()


def dies(fault: BaseException) -> Callable[[str], Facts]:
    def died(_: str) -> Facts:
        raise fault

    return died


def gives(value: Any) -> Callable[[str], Any]:
    return lambda _: value


def holds(path: str, value: Any) -> Callable[[str], Facts]:
    """A section whose values are fine, and one that is not."""

    def held(section: str) -> Facts:
        facts = fine(section)
        facts.set(path, value)
        return facts

    return held


def lacks(path: str) -> Callable[[str], Facts]:
    def lacking(section: str) -> Facts:
        facts = fine(section)
        facts.lack(path, Unknown("failed", "x"))
        return facts

    return lacking


#: what goes wrong → (the collector, the reason that must be said)
FAULTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "hangs": (hangs, "timed_out"),
    "denied": (dies(Unknown("not_elevated", "run it as root")), "not_elevated"),
    "crashes": (dies(RuntimeError("boom \ud800")), "failed"),
    "asks to exit": (dies(SystemExit(0)), "failed"),
    "no memory": (dies(MemoryError()), "failed"),
    "too deep": (dies(RecursionError()), "failed"),
    "gives None": (gives(None), "failed"),
    "gives a text": (gives("facts"), "failed"),
    "gives a dict": (gives({"family": "linux"}), "failed"),
    "a new fact": (holds("no_such_fact", 1), "failed"),
    "bytes": (holds("no_such_fact", b"x"), "failed"),
    "no name": (holds("", {1: 2}), "failed"),
    "a lone surrogate": (holds("", "\ud800"), "failed"),
    "names nothing": (lacks("no_such_fact"), "failed"),
}
#: values that no fact of the catalogue may have
NEVER = st.sampled_from(
    [object(), b"x", {1}, float("nan"), float("inf"), 2**64, "\ud800", "x" * 2000, 1j, (1,)]
)


class Quiet(machine.Machine):
    """A machine that is asked nothing."""

    platform = "linux"

    def elevated(self) -> bool:
        return True

    def now(self) -> float:
        return 1_790_000_000.0


def collected(faults: dict[str, Callable[[str], Any]], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The document of a machine, some of whose collectors fail."""
    modules = {}
    for section in SECTIONS:
        module = types.ModuleType(f"tests_collector_{section}")
        module.probe = lambda _: Answers()  # type: ignore[attr-defined]
        work = faults.get(section, fine)
        module.parse = lambda _, work=work, section=section: work(section)  # type: ignore[attr-defined]
        patch.setitem(sys.modules, module.__name__, module)
        modules[section] = module.__name__
    patch.setitem(COLLECTORS, "linux", modules)
    patch.setattr(collecting, "SECONDS", PATIENCE)
    return collecting.collect(Quiet())


POLICY = """\
policy: sections
version: 1
title: {{vi: "Thử", en: "Test"}}
rules:
{rules}
"""
RULE = """\
  - id: S-{n}
    title: {{vi: "{section}", en: "{section}"}}
    severity: high
    require: {{{section}.{fact}: {value}}}
    fleet: {{pass_at_least: 100%, of: expected}}
    fix: {{vi: "x", en: "x"}}
"""


def policy() -> Policy:
    """A rule on one fact of each section."""
    rules = "".join(
        RULE.format(n=f"{n:03}", section=section, fact=fact, value=json.dumps(value))
        for n, (section, (fact, value)) in enumerate(GOOD.items(), 1)
    )
    return load.load_text(POLICY.format(rules=rules))


def verdicts(place: Office) -> dict[str, tuple[str, str]]:
    """Section → (result, reason) of the rule on it."""
    found = assess.assess(policy(), devices.views(place.door.store), place_now(place))
    return {
        section: (one.result, one.reason) for section, one in zip(GOOD, found.verdicts, strict=True)
    }


def place_now(place: Office) -> datetime:
    """The server's time."""
    (one,) = devices.views(place.door.store)
    assert one.received_at is not None
    return one.received_at


def reported(
    faults: dict[str, Callable[[str], Any]], reasons: dict[str, str], place: Office, pc: Machine
) -> None:
    """Everything that must hold where these sections fail for these reasons."""
    with pytest.MonkeyPatch.context() as patch:
        document = collected(faults, patch)
    assert document["agent"]["sections_failed"] == len(faults)
    assert {name: document["unknown"][name]["reason"] for name in faults} == reasons
    good = GOOD.keys() - faults.keys()
    assert document["facts"] == {name: dict([GOOD[name]]) for name in SECTIONS if name in good}
    before = len(place.answers)
    outcome = pc.run(document["facts"], document["unknown"])
    assert outcome.done, outcome.problem
    assert place.answers[before:] == [200]
    said = verdicts(place)
    assert said == {
        name: ("unknown", reasons[name]) if name in faults else ("pass", "") for name in GOOD
    }


@pytest.fixture(scope="module")
def office_and_pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Machine]]:
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch, office(folder, Clock(), patch) as place:
        yield place, enrol(place, folder / "pc-1", Clock())
    RELEASE.set()


def test_every_section_that_is_an_object_has_a_rule() -> None:
    assert len(GOOD) >= 8, GOOD


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.dictionaries(st.sampled_from(SECTIONS), st.sampled_from(sorted(FAULTS)), max_size=11))
@example(dict.fromkeys(SECTIONS, "crashes"))
@example(dict.fromkeys(SECTIONS, "asks to exit"))
@example(dict(zip(SECTIONS, sorted(FAULTS), strict=False)))
@example({})
def test_whatever_fails_costs_its_own_section(
    office_and_pc: tuple[Office, Machine], faults: dict[str, str]
) -> None:
    reported(
        {section: FAULTS[fault][0] for section, fault in faults.items()},
        {section: FAULTS[fault][1] for section, fault in faults.items()},
        *office_and_pc,
    )


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_each_fault_alone(office_and_pc: tuple[Office, Machine], fault: str) -> None:
    work, reason = FAULTS[fault]
    reported({"firewall": work}, {"firewall": reason}, *office_and_pc)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(sorted(GOOD)), NEVER)
def test_a_value_that_no_fact_may_have(section: str, value: object) -> None:
    """Whatever the fact's type: it stays here, and the section says why."""
    facts = Facts()
    facts.set(GOOD[section][0], value)
    with pytest.MonkeyPatch.context() as patch:
        document = collected({section: gives(facts)}, patch)
    assert document["unknown"][section]["reason"] == "failed"
    assert GOOD[section][0] in document["unknown"][section]["detail"]
    json.dumps(document, allow_nan=False).encode("ascii")


def test_without_the_check_the_whole_report_is_refused(
    office_and_pc: tuple[Office, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: one fact too many, and an agent that does not look."""
    place, pc = office_and_pc
    monkeypatch.setattr(shape, "check", lambda *_: None)
    document = collected({"firewall": holds("no_such_fact", 1)}, monkeypatch)
    outcome = pc.run(document["facts"], document["unknown"])
    assert (place.answers[-1], outcome.done) == (422, False)
    assert "no_such_fact" in outcome.problem
    for number in pc.spool.waiting():
        pc.spool.remove(*number)


def plain(kind: str, value: Any) -> bool:
    """Whether the server's types take a value of this kind."""
    try:
        raw = json.dumps(value).encode()
        msgspec.json.decode(raw, type=_scalar(kind, ""))
    except (ValueError, TypeError, UnicodeError, msgspec.MsgspecError, RecursionError):
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["text", "version", "integer", "number", "boolean", "timestamp", "ip", "mac"]),
    st.one_of(
        st.text(max_size=30),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.booleans(),
        st.none(),
        st.lists(st.integers(), max_size=2),
        st.from_regex(PATTERNS["timestamp"]),
        st.from_regex(PATTERNS["ip"]),
        st.from_regex(PATTERNS["mac"]),
        st.text("x", min_size=1020, max_size=1030),
    ),
)
def test_both_sides_agree_on_what_a_plain_value_is(kind: str, value: Any) -> None:
    """What the agent lets through, the server takes: else a whole report would be lost."""
    if shape._is(value, kind):
        assert plain(kind, value)
    elif plain(kind, value):
        assert kind == "number", "the agent refuses what the server would take"
