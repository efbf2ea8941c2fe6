"""From standings to the form: two words, and nothing that is not known becomes one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.frameworks.standing import STATES
from reports.yearly import Period
from reports.yearly.filling import requirement_lines, units_of
from reports.yearly.form import MET, NOT_APPLICABLE, NOT_FULLY, OPEN, YearlyForm
from tests.reports.yearly.conftest import LAN, UNITS, standing

EXPECTED = {
    "not_met": NOT_FULLY,
    "partly": NOT_FULLY,
    "undecided": OPEN,
    "not_attested": OPEN,
    "not_covered": OPEN,
    "met": MET,
    "attested": MET,
    "not_applicable": NOT_APPLICABLE,
}


def test_every_state_has_its_status() -> None:
    assert set(EXPECTED) == set(STATES)
    lines = requirement_lines([standing(state) for state in STATES], ())
    assert {one.state: one.status for one in lines} == EXPECTED


@given(st.text(max_size=12))
def test_a_state_that_nobody_knows_is_never_met(state: str) -> None:
    (line,) = requirement_lines([standing(state)], ())
    assert line.status == EXPECTED.get(state, OPEN)


def test_a_line_says_what_it_rests_on_and_what_is_planned() -> None:
    first, second = requirement_lines([standing("not_met"), standing("attested", 2)], LAN.plans)
    assert first.why == {"vi": "R-1 3/4", "en": "R-1 3/4"}
    assert first.plan == LAN.plans[0]
    assert second.plan is None
    assert second.why["vi"].startswith("R-2 3/4; Trần Thị Mô Phỏng xác nhận ngày 01/03/2026")
    assert "until 2026-12-31" in second.why["en"]


@pytest.mark.parametrize(
    ("year", "begins", "ends"),
    [(2026, "2025-12-15", "2026-12-14"), (2030, "2029-12-15", "2030-12-14")],
)
def test_the_period_goes_from_december_to_december(year: int, begins: str, ends: str) -> None:
    assert (Period(year).begins, Period(year).ends) == (begins, ends)


def test_the_units_are_those_of_the_period(form: YearlyForm) -> None:
    assert [one.code for one in form.units] == ["X1", "X2"]
    assert [one["vi"] for one in form.units[0].successors] == ["Xã Mới"]
    assert [one["en"] for one in form.units[0].successors] == ["New Commune"]


def test_a_merger_that_is_still_to_come_is_not_told() -> None:
    there = units_of(Period(2026), UNITS, "2026-01-10")
    assert [(one.code, one.successors) for one in there] == [("X1", ())]
