"""From standings to the form's lines: two words that the form knows, and an honest third.

A requirement about which too little is known is neither met nor not met: its status stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inventory.units.model import Unit
from inventory.units.tree import History
from language.forms import day, number
from language.texts import LANGUAGES, Words, marked, texts
from policies.frameworks.standing import Standing
from reports.yearly.form import (
    MET,
    NOT_APPLICABLE,
    NOT_FULLY,
    OPEN,
    Period,
    RequirementLine,
    UnitOfPeriod,
)
from reports.yearly.systems import Plan

STATUS = {
    "met": MET,
    "attested": MET,
    "not_met": NOT_FULLY,
    "partly": NOT_FULLY,
    "not_applicable": NOT_APPLICABLE,
}
_PERSON = marked("stated by {name} on {day}, until {until}")


def requirement_lines(
    standing: Iterable[Standing], plans: Sequence[Plan]
) -> tuple[RequirementLine, ...]:
    """Every requirement in the order of the standard; a plan where one was written."""
    planned = {one.requirement: one for one in plans}
    return tuple(
        RequirementLine(
            id=one.requirement.id,
            title={lang: one.requirement.title.get(lang) for lang in LANGUAGES},
            state=one.state,
            status=STATUS.get(one.state, OPEN),
            why={lang: "; ".join(_why(one, lang)) for lang in LANGUAGES},
            plan=planned.get(one.requirement.id),
        )
        for one in standing
    )


def _why(one: Standing, lang: str) -> Iterable[str]:
    for said in one.statements:
        passed = number(said.counts.get("pass", 0), lang)
        yield f"{said.rule} {passed}/{number(said.total, lang)}"
    stated = one.attestation
    if stated is not None:
        days = {"day": day(stated.attested_on, lang), "until": day(stated.expires, lang)}
        yield texts(lang)(_PERSON, name=stated.attested_by, **days)


def units_of(period: Period, history: History, today: str) -> tuple[UnitOfPeriod, ...]:
    """The units that were there on any day of the period, and who took over from the ended."""
    last = min(period.ends, max(today, period.begins))
    there = [one for one in history if one.valid_from <= last and one.until >= period.begins]
    there.sort(key=lambda one: (one.code, one.valid_from))
    return tuple(_unit(one, history, last) for one in there)


def _unit(one: Unit, history: History, last: str) -> UnitOfPeriod:
    after = [history.on(code, last) for code in one.successors] if one.until < last else []
    return UnitOfPeriod(
        code=one.code,
        name=_name(one),
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        successors=tuple(_name(heir) for heir in after if heir is not None),
    )


def _name(one: Unit) -> Words:
    return {lang: one.name(lang) for lang in LANGUAGES}
