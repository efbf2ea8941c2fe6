"""The annexes: the statement for each requirement, and the list of machines."""

from __future__ import annotations

from collections.abc import Iterator

from language.texts import texts
from policies.tree import SEVERITIES as ORDER
from reports.document import Annex, Block, Column, Paragraph, Table
from reports.formats import local_time
from reports.names import (
    MARKS,
    RESULTS,
    SEVERITIES,
    SHORT_STATES,
    VERDICTS,
    count,
    printed,
    told,
    word,
)
from reports.summary import DeviceLine, RuleLine, Summary

MOST_ROWS = 1000  #: machines printed; a longer list is for a screen
_KINDS = ("pass", "fail", "unknown", "waived")
MOST_RULES = 8  #: failed requirements named for one machine


def blocks(summary: Summary, lang: str) -> Iterator[Block]:
    """Both annexes."""
    say = texts(lang)
    yield Annex(say("Annex {n}", n="I"), say("STATEMENT FOR EACH REQUIREMENT"))
    yield _statements(summary, lang)
    yield Annex(say("Annex {n}", n="II"), say("LIST OF MACHINES"), landscape=True)
    yield from _machines(summary, lang)


def _statements(summary: Summary, lang: str) -> Table:
    say = texts(lang)
    kinds = [kind for kind in _KINDS if kind != "waived" or _any_waived(summary)]
    columns = (
        Column(say("Code"), 2.3),
        Column(say("Requirement"), 6),
        Column(say("Severity"), 2.5),
        *(Column(word(RESULTS, kind, lang), 1.35, "right") for kind in kinds),
        Column(say("Statement"), 3.2),
    )
    rows = tuple(_statement(one, kinds, lang) for one in summary.rules)
    marks = tuple(MARKS.get(one.verdict, "") for one in summary.rules)
    return Table(say("Machines by result, and what may be stated"), columns, rows, marks)


def _any_waived(summary: Summary) -> bool:
    return any(one.counts.get("waived") for one in summary.rules)


def _statement(one: RuleLine, kinds: list[str], lang: str) -> tuple[str, ...]:
    """An error of a rule leaves its result unknown."""
    counts = {**one.counts, "unknown": one.counts["unknown"] + one.counts["error"]}
    return (
        one.id,
        told(one.title, lang),
        word(SEVERITIES, one.severity, lang),
        *(count(counts[kind], lang) for kind in kinds),
        word(VERDICTS, one.verdict, lang),
    )


def _machines(summary: Summary, lang: str) -> Iterator[Block]:
    say, total = texts(lang), len(summary.devices)
    shown = chosen(summary)
    if len(shown) < total:
        yield Paragraph(
            say(
                "Printed here: {shown} of {total} machines, those with the most failures. The full "
                "list is in the workbook (XLSX) and in the PDF of each unit "
                "(rasoat report --unit).",
                shown=count(len(shown), lang),
                total=count(total, lang),
            )
        )
    units = {one.code: told(one.name, lang) for one in summary.units}
    columns = (
        Column(say("No."), 0.8, "right"),
        Column(say("Machine"), 3),
        Column(say("Unit"), 4.6),
        Column(say("Operating system"), 4.2),
        Column(say("Last report"), 2.9),
        Column(say("State"), 2.3),
        Column(told(summary.headline.title, lang), 2),
        Column(word(RESULTS, "fail", lang), 1.25, "right"),
        Column(word(RESULTS, "unknown", lang), 1.1, "right"),
        Column(say("Fails"), 6.2),
    )
    rows = tuple(
        _machine(place, one, units.get(one.unit, one.unit), summary, lang)
        for place, one in enumerate(shown, start=1)
    )
    yield Table(say("Machines by unit"), columns, rows)


def chosen(summary: Summary) -> list[DeviceLine]:
    """The machines printed, by unit in the order of the tree; of too many the worst."""
    known = list(summary.devices)
    if len(known) > MOST_ROWS:
        known = sorted(known, key=lambda one: -one.count("fail"))[:MOST_ROWS]
    places = {one.code: place for place, one in enumerate(summary.units)}
    order = {one.id: place for place, one in enumerate(summary.devices)}
    return sorted(known, key=lambda one: (places.get(one.unit, len(places)), order[one.id]))


def _machine(
    place: int, one: DeviceLine, unit: str, summary: Summary, lang: str
) -> tuple[str, ...]:
    say = texts(lang)
    heard = local_time(one.received_at, lang, summary.zone) if one.received_at else say("never")
    first = next((f.result for f in one.findings if f.rule == summary.headline.id), "")
    return (
        count(place, lang),
        printed(one.name, lang),
        unit or "–",
        printed(one.system or say("not known"), lang),
        heard,
        word(SHORT_STATES, one.state, lang) or "–",
        word(RESULTS, first, lang) or "–",
        count(one.count("fail"), lang),
        count(one.count("unknown") + one.count("error"), lang),
        _failed(one, lang),
    )


def _failed(one: DeviceLine, lang: str) -> str:
    """The requirements that the machine fails, the most severe first."""
    failed = [(-ORDER.index(f.severity), f.rule) for f in one.findings if f.result == "fail"]
    named = [rule for _, rule in sorted(failed)]
    more = len(named) - MOST_RULES
    shown = ", ".join(named[:MOST_RULES])
    if more <= 0:
        return shown or "–"
    say = texts(lang)
    return shown + " " + say("and {n} more requirements", n=count(more, lang))
