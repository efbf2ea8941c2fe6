"""The worst problems: what fails, what to do, and which units have to do it."""

from __future__ import annotations

from language.texts import texts
from reports.document import Block, Column, Paragraph, Table
from reports.figures import ProblemLine
from reports.management.section import Section
from reports.names import SEVERITIES, count, told, word
from reports.summary import Summary

MOST, MOST_UNITS = 10, 3  #: problems named; units named for each


def section(summary: Summary, lang: str) -> Section:
    """The ten worst by severity, then by how many machines."""
    say = texts(lang)
    shown, total = summary.problems[:MOST], len(summary.problems)
    title = say("THE WORST PROBLEMS AND WHAT TO DO")
    if not shown:
        none = say(
            "No machine that could be judged fails a requirement; section “{unsaid}” says what "
            "could not be judged.",
            unsaid=say("WHAT CANNOT BE SAID, AND WHY"),
        )
        return Section(title, (Paragraph(none),))
    said = say(
        "Requirements that some machine fails: {total}. The table has the {shown} worst, by "
        "severity, then by the number of machines; Annex II names the machines.",
        total=count(total, lang),
        shown=count(len(shown), lang),
    )
    blocks: tuple[Block, ...] = (Paragraph(said), _table(shown, lang))
    return Section(title, blocks)


def _table(problems: tuple[ProblemLine, ...], lang: str) -> Table:
    say = texts(lang)
    columns = (
        Column(say("No."), 0.8, "right"),
        Column(say("Problem"), 3.7),
        Column(say("Machines failing"), 1.6, "right"),
        Column(say("What to do"), 5),
        Column(say("By whom (machines)"), 5),
    )
    rows = tuple(_row(place, one, lang) for place, one in enumerate(problems, start=1))
    marks = tuple("bad" if one.severity == "critical" else "" for one in problems)
    return Table(say("The worst problems"), columns, rows, marks)


def _row(place: int, one: ProblemLine, lang: str) -> tuple[str, ...]:
    severity = word(SEVERITIES, one.severity, lang)
    return (
        count(place, lang),
        f"{told(one.title, lang)} ({one.rule}; {severity})",
        f"{count(one.failing, lang)}/{count(one.total, lang)}",
        told(one.fix, lang),
        _units(one, lang),
    )


def _units(one: ProblemLine, lang: str) -> str:
    """The units with most failing machines, and how many machines are in the others."""
    shown = one.units[:MOST_UNITS]
    named = [f"{told(unit.name, lang)} ({count(unit.machines, lang)})" for unit in shown]
    rest = one.failing - sum(unit.machines for unit in shown)
    if rest > 0 and named:
        say = texts(lang)
        named.append(say("other units ({n})", n=count(rest, lang)))
    return "; ".join(named) or "–"
