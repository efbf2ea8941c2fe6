"""What is excepted: waivers in force and expiring, and where the policy asks less."""

from __future__ import annotations

from collections.abc import Iterator

from language.forms import day
from language.texts import texts
from policies.waivers import WARN_DAYS
from reports.document import Block, Column, Items, Paragraph, Table
from reports.management.section import Section
from reports.names import count, printed, told
from reports.summary import Summary, WaiverLine


def section(summary: Summary, lang: str) -> Section:
    """Never left out: that nothing is excepted is worth a sentence."""
    say = texts(lang)
    return Section(say("EXCEPTIONS"), (*_waivers(summary, lang), *_departures(summary, lang)))


def _waivers(summary: Summary, lang: str) -> Iterator[Block]:
    say, known = texts(lang), summary.waivers
    if not known:
        yield Paragraph(say("No waiver is in force."))
        return
    expiring = sum(one.days_left <= WARN_DAYS[0] for one in known)
    yield Paragraph(
        say(
            "Waivers in force: {n}; expiring within {days} days: {expiring}; no longer needed: "
            "{unneeded}. A waived machine is not counted as passing.",
            n=count(len(known), lang),
            days=WARN_DAYS[0],
            expiring=count(expiring, lang),
            unneeded=count(sum(one.unneeded for one in known), lang),
        )
    )
    columns = (
        Column(say("Requirement"), 1.6),
        Column(say("For"), 3),
        Column(say("Reason"), 4),
        Column(say("Approved by"), 2.4),
        Column(say("Until the end of"), 2.4),
        Column(say("Machines"), 1.5, "right"),
    )
    ordered = sorted(known, key=lambda one: (one.expires, one.rule, one.id))
    units = {one.code: told(one.name, lang) for one in summary.units}
    rows = tuple(_row(one, units, lang) for one in ordered)
    marks = tuple("open" if one.days_left <= WARN_DAYS[0] else "" for one in ordered)
    yield Table(say("Waivers in force, the first to expire first"), columns, rows, marks)


def _row(one: WaiverLine, units: dict[str, str], lang: str) -> tuple[str, ...]:
    say = texts(lang)
    left = say.many("{n} day left", "{n} days left", one.days_left)
    return (
        one.rule,
        _subject(one, units, lang),
        one.reason,
        one.approved_by,
        f"{day(one.expires, lang)} ({left})",
        say("not needed") if one.unneeded else count(one.used, lang),
    )


def _subject(one: WaiverLine, units: dict[str, str], lang: str) -> str:
    """A machine's name, a unit's, or that it is not limited to any."""
    say = texts(lang)
    if one.subject == "*":
        return say("not limited")
    return printed(units.get(one.subject, one.subject), lang)


def _departures(summary: Summary, lang: str) -> Iterator[Block]:
    if not summary.departures:
        return
    say = texts(lang)
    yield Paragraph(
        say(
            "Where the policy asks less than “{base}”, which it extends, or something else:",
            base=summary.extends,
        )
    )
    yield Items(tuple(f"{one.rule}: {told(one.what, lang)}." for one in summary.departures))
