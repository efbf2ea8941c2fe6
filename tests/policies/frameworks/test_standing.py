"""Where a framework stands: rules first, people where no rule can, and never by silence."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.attestations import STATUSES, Attestation
from policies.fleet import Statement
from policies.frameworks import load_framework
from policies.frameworks.loading import Framework, Requirement
from policies.frameworks.standing import STATES, standings
from policies.tree import Words

DAY = "2026-11-23"
RULES = (("p", "A"), ("p", "B"))


def said(result: str, total: int = 3) -> Statement:
    counts = {"not_applicable": 3} if not total else {}
    return Statement("A", result, counts, total, 0.0, 0.0, "", "")


def stated(status: str = "met", on: str = "2026-01-01", until: str = "2026-12-31") -> Attestation:
    return Attestation("a-1", "f", "1", "", status, "why", "", "A", on, until, on, "officer")


def framework(rules: tuple[tuple[str, str], ...], attest: int) -> Framework:
    one = Requirement("1", 2, Words("a", "b"), rules, attest)
    return Framework("f", 1, Words("a", "b"), "", "2020-01-01", None, "", "", (one,))


def state(
    rules: tuple[tuple[str, str], ...],
    statements: dict[tuple[str, str], Statement],
    people: list[Attestation],
    attest: int = 0,
) -> str:
    (one,) = standings(framework(rules, attest), statements, people, DAY)
    return one.state


MET, NOT, OPEN, NOWHERE = said("met"), said("not_met"), said("undecided"), said("undecided", 0)


def test_a_level_asks_the_clause_that_stands_in_for_another() -> None:
    words = Words("a", "b")
    clauses = (
        Requirement("4.1", 2, words, (), 366),
        Requirement("4.2", 2, words, (), 366),
        Requirement("5.1", 3, words, (), 183, "4.1"),
    )
    known = Framework("f", 1, words, "", "2020-01-01", None, "", "", clauses)

    def asked(level: int) -> list[str]:
        return [one.requirement.id for one in standings(known, {}, [], DAY, level)]

    assert asked(0) == ["4.1", "4.2", "5.1"]
    assert asked(2) == ["4.1", "4.2"]
    assert asked(3) == asked(4) == ["4.2", "5.1"]


def test_level_3_of_the_standard_asks_more_and_more_often() -> None:
    known = load_framework("tcvn-14423-2026")
    of = {level: standings(known, {}, [], DAY, level) for level in (2, 3)}
    ids = {level: {one.requirement.id for one in of[level]} for level in of}
    assert len(ids[2]) >= 24
    assert len(ids[3]) > len(ids[2])
    assert ids[2] - ids[3] == {one.instead_of for one in known.requirements if one.instead_of}
    for spans in (("4.2.2.2", "5.2.2.2"), ("4.6.2.1", "5.6.2.1"), ("4.7.2.1", "5.7.2.1")):
        assert [known.requirement(one).attest for one in spans] == [366, 183]
    for one in known.requirements:
        if one.instead_of:  # what rules check at a lower level they check at the higher one
            assert set(known.requirement(one.instead_of).checked_by) <= set(one.checked_by), one.id


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (MET, MET, "met"),
        (MET, NOT, "not_met"),
        (OPEN, NOT, "not_met"),
        (MET, OPEN, "undecided"),
        (MET, NOWHERE, "met"),
        (NOWHERE, NOWHERE, "not_applicable"),
        (MET, None, "undecided"),  # a rule that was not judged is no yes
    ],
)
def test_rules_alone(first: Statement, second: Statement | None, wanted: str) -> None:
    statements = {("p", "A"): first} | ({("p", "B"): second} if second else {})
    assert state(RULES, statements, []) == wanted


@pytest.mark.parametrize(
    ("person", "wanted"),
    [
        (stated(), "attested"),
        (stated("partly"), "partly"),
        (stated("not_met"), "not_met"),
        (stated(until="2026-11-23"), "attested"),
        (stated(until="2026-11-22"), "not_attested"),
        (stated(on="2026-11-24"), "not_attested"),
        (dataclasses.replace(stated(), ended_at="x"), "not_attested"),
        (dataclasses.replace(stated(), framework="other"), "not_attested"),
        (None, "not_attested"),
    ],
)
def test_people_alone(person: Attestation | None, wanted: str) -> None:
    assert state((), {}, [person] if person else [], attest=366) == wanted


def test_nothing_covers_it() -> None:
    assert state((), {}, [stated()]) == "not_covered"


def test_the_newest_word_of_a_person_counts() -> None:
    later = stated("partly", on="2026-06-01")
    assert state((), {}, [later, stated()], attest=366) == "partly"


_results = st.sampled_from([MET, NOT, OPEN, NOWHERE, None])
_people = st.sampled_from([None, *(stated(status) for status in STATUSES)])


@given(_results, _results, _people, st.sampled_from([0, 366]))
def test_a_person_never_outweighs_a_rule_and_silence_is_never_met(
    first: Statement | None, second: Statement | None, person: Attestation | None, attest: int
) -> None:
    statements = {
        key: one for key, one in zip(RULES, (first, second), strict=True) if one is not None
    }
    got = state(RULES, statements, [person] if person else [], attest)
    assert got in STATES
    results = [one.result for one in statements.values() if one.total]
    if "not_met" in results:
        assert got == "not_met"
    if got == "met":
        assert len(statements) == len(RULES)
        assert set(results) == {"met"}
        assert not attest or (person is not None and person.status == "met")
