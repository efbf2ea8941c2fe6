"""The index of units, each with its figures and a link to its own sheet."""

from __future__ import annotations

from collections.abc import Iterator

from reports.figures import UnitLine
from reports.names import RESULTS as RESULT_WORDS
from reports.names import SEVERITIES, SHORT_STATES
from reports.summary import RESULTS
from reports.workbook.asked import Asked, day, share
from reports.workbook.cells import Link
from reports.workbook.setting import columns
from reports.workbook.sheet import Column, Row, Section, Sheet, Value

_STATES = ("managed", "silent", "no_agent", "missing")


def sheet(asked: Asked) -> Sheet:
    """Every unit that has machines, in the order of the tree."""
    say, summary = asked.say, asked.summary
    notes = [
        say(
            "Each unit counts its own machines, without those of the units under it. "
            "Results are those of the first requirement: {title}.",
            title=asked.of(summary.headline.title),
        )
    ]
    left = len(summary.units) - len(asked.unit_sheets)
    if left:
        notes.append(
            say(
                "Units without a sheet of their own: {n}; “{sheet}” has their machines.",
                n=left,
                sheet=asked.names["devices"],
            )
        )
    section = Section(_heads(asked), _rows(asked), empty=say("No unit is known."))
    return Sheet(asked.names["units"], say("Results by unit"), tuple(notes), (section,))


def _heads(asked: Asked) -> tuple[Column, ...]:
    say = asked.say
    return columns(
        (say("Unit"), 34, "link"),
        (say("Code"), 14),
        (say("Above"), 24, "wrap"),
        (say("Expected"), 10, "number"),
        *((asked.word(SHORT_STATES, state), 10, "number") for state in _STATES),
        *((say(RESULT_WORDS[result]), 10, "number") for result in RESULTS),
        (say("Share that passes"), 10, "share"),
        *((say("Fails, {severity}", severity=say(word)), 10, "number") for word in _severities()),
        (say("Contradicted machines"), 11, "number"),
        (say("Until the end of"), 12, "day"),
        (say("Its successors today"), 24, "wrap"),
    )


def _severities() -> tuple[str, ...]:
    return tuple(SEVERITIES.values())


def _rows(asked: Asked) -> Iterator[Row]:
    for one in asked.summary.units:
        yield (
            _name(asked, one),
            one.code,
            " › ".join(asked.of(name) for name in one.above),
            one.expected,
            *(one.states.get(state, 0) for state in _STATES),
            *(one.headline.get(result, 0) for result in RESULTS),
            share(one.passed, one.asked),
            *(one.fails.get(severity, 0) for severity in SEVERITIES),
            one.contradicted,
            day(one.valid_to) or "",
            ", ".join(asked.of(name) for name in one.successors),
        )


def _name(asked: Asked, one: UnitLine) -> Value:
    name = asked.of(one.name) or one.code
    there = asked.unit_sheets.get(one.code)
    return Link(there, name) if there else name
