"""The form's tables: systems in twelve columns, requirements, what is missing, units."""

from __future__ import annotations

from collections.abc import Iterable

from language.forms import day, number
from language.texts import Words, marked, texts
from reports.document import Column, Table
from reports.yearly.form import MET, NOT_APPLICABLE, NOT_FULLY, OPEN, RequirementLine, YearlyForm
from reports.yearly.missing import Missing
from reports.yearly.systems import System

DOTS = "……"  #: where somebody must write something in

STATUS = {
    MET: marked("Fully met"),
    NOT_FULLY: marked("Not fully met"),
    NOT_APPLICABLE: marked("Not applicable"),
    OPEN: marked("…… (cannot be told)"),
}
_MARKS = {MET: "good", NOT_FULLY: "bad", NOT_APPLICABLE: "", OPEN: "open"}


def systems(form: YearlyForm, lang: str) -> Table:
    """The twelve columns, as third-party sources let them be read; each one is assumed."""
    say = texts(lang)
    columns = (
        Column(say("No."), 0.5, "right"),
        Column(say("Information system"), 2.2),
        Column(say("Owner"), 1.6),
        Column(say("Operator"), 1.6),
        Column(say("Level"), 0.6, "right"),
        Column(say("Dossier on the level"), 1.3),
        Column(say("Decision (number, day)"), 1.3),
        Column(say("Plan of protection"), 1.4),
        Column(say("Last inspection"), 1.1),
        Column(say("Requirements met"), 1.1),
        Column(say("To be done by"), 1.1),
        Column(say("Notes"), 1.2),
    )
    rows = tuple(_system(n, one, form, lang) for n, one in enumerate(form.systems, start=1))
    return Table(say("Information systems of the agency"), columns, rows)


def _system(place: int, one: System, form: YearlyForm, lang: str) -> tuple[str, ...]:
    say = texts(lang)
    decision = ", ".join(part for part in (one.decision, _day(one.decided_on, lang)) if part)
    return (
        str(place),
        one.name[lang],
        one.owner.get(lang) or DOTS,
        one.operator.get(lang) or DOTS,
        str(one.level or DOTS),
        say(one.dossier or DOTS),
        decision or DOTS,
        say(one.deployment or DOTS),
        _day(one.assessed_on, lang) or DOTS,
        _met(form, lang) if one.inspected and form.requirements else DOTS,
        _day(one.deadline, lang) or DOTS,
        one.note.get(lang, ""),
    )


def _met(form: YearlyForm, lang: str) -> str:
    """How many are met of those that apply; what cannot be told is among the latter."""
    applying = len(form.requirements) - form.count(NOT_APPLICABLE)
    return f"{number(form.count(MET), lang)}/{number(applying, lang)}"


def _day(text: str, lang: str) -> str:
    return day(text, lang) if text else ""


def requirements(form: YearlyForm, lang: str) -> Table:
    """Each requirement with its status, what that rests on, the plan and its day."""
    say = texts(lang)
    columns = (
        Column(say("No."), 0.5, "right"),
        Column(say("Clause"), 0.9),
        Column(say("Requirement (our own wording)"), 2.6),
        Column(say("Status"), 1.3),
        Column(say("Rests on (rule: machines that pass / of how many)"), 3.0),
        Column(say("Plan"), 2.2),
        Column(say("Day of the plan"), 1.0),
    )
    lines = enumerate(form.requirements, start=1)
    rows = tuple(_requirement(place, one, lang) for place, one in lines)
    marks = tuple(_MARKS[one.status] for one in form.requirements)
    return Table(say("Status of each requirement"), columns, rows, marks)


def _requirement(place: int, one: RequirementLine, lang: str) -> tuple[str, ...]:
    say = texts(lang)
    wanted = DOTS if one.status == NOT_FULLY else ""
    return (
        str(place),
        one.id,
        one.title[lang],
        say(STATUS[one.status]),
        one.why[lang] or "–",
        one.plan.what[lang] if one.plan else wanted,
        day(one.plan.until, lang) if one.plan else wanted,
    )


def lacking(found: Iterable[Missing], lang: str) -> Table:
    """What is missing and who must supply it."""
    say = texts(lang)
    columns = (
        Column(say("No."), 0.5, "right"),
        Column(say("Of what"), 3),
        Column(say("What is missing"), 3.6),
        Column(say("Who must supply it"), 2.6),
    )
    rows = tuple(
        (str(place), one.where[lang], one.what[lang], one.who[lang])
        for place, one in enumerate(found, start=1)
    )
    return Table(say("What is missing and who must supply it"), columns, rows)


def units(form: YearlyForm, lang: str) -> Table:
    """The units of the period, each from when to when, and who took over."""
    say = texts(lang)
    columns = (
        Column(say("Code"), 1.4),
        Column(say("Unit"), 3.2),
        Column(say("In the period from"), 1.4),
        Column(say("In the period until"), 1.4),
        Column(say("Taken over by"), 3),
    )
    begins, ends = form.period.begins, form.period.ends
    rows = tuple(
        (
            *(one.code, one.name[lang], day(max(one.valid_from, begins), lang)),
            day(min(one.valid_to or ends, ends), lang),
            ", ".join(_told(one.successors, lang)),
        )
        for one in form.units
    )
    return Table(say("Units of the period"), columns, rows)


def _told(names: Iterable[Words], lang: str) -> Iterable[str]:
    return (one[lang] for one in names)
