"""Of how many computers the report speaks, and how many of them spoke for themselves."""

from __future__ import annotations

from language.texts import texts
from reports.document import Block, Column, Paragraph, Table
from reports.management.section import Section
from reports.names import STATES, count, share, word
from reports.summary import Summary

#: these divide the machines expected; the two after them are beside
_REGISTERED = ("managed", "silent", "no_agent", "missing")
_BESIDE = ("unregistered", "unknown_device")
_ENROLLED = ("current", "silent", "never_reported", "quarantined")
_GOOD = frozenset({"managed", "current"})


def section(summary: Summary, lang: str) -> Section:
    """The sentence, the table by state, and what the denominator is."""
    say = texts(lang)
    blocks: list[Block] = [
        Paragraph(summary.coverage.sentence(lang)),
        _table(summary, lang),
        Paragraph(_denominator(summary, lang), "note"),
    ]
    return Section(say("WHAT THE REPORT COVERS"), tuple(blocks))


def _denominator(summary: Summary, lang: str) -> str:
    say = texts(lang)
    if summary.coverage.states is None:
        return say(
            "No register of assets has been taken in yet, so the denominator is the machines "
            "enrolled. A machine that does not report is never counted as passing."
        )
    return say(
        "The denominator is the register of assets. A machine that does not report is never "
        "counted as passing."
    )


def _counts(summary: Summary) -> list[tuple[str, int]]:
    known = summary.coverage
    if known.states is None:
        counts = [(name, getattr(known, name)) for name in _ENROLLED]
    else:
        counts = [(name, known.states.get(name, 0)) for name in _REGISTERED]
    return [*counts, ("refused", known.refused)] if known.refused else counts


def _table(summary: Summary, lang: str) -> Table:
    say, expected = texts(lang), summary.coverage.expected
    rows, marks = [], []
    for name, n in _counts(summary):
        rows.append((word(STATES, name, lang), count(n, lang), share(n, expected, lang)))
        marks.append("good" if name in _GOOD else "open" if n else "")
    rows.append((say("Expected, together"), count(expected, lang), ""))
    for name in _BESIDE if summary.coverage.states else ():
        n = (summary.coverage.states or {}).get(name, 0)
        rows.append((word(STATES, name, lang), count(n, lang), say("beside")))
    columns = (
        Column(say("State"), 6),
        Column(say("Machines"), 2, "right"),
        Column(say("Share"), 2, "right"),
    )
    marks += [""] * (len(rows) - len(marks))
    return Table(say("Computers by state"), columns, tuple(rows), tuple(marks))
