"""What is open or excepted, a row for each rule on each machine: the list to work through."""

from __future__ import annotations

from collections.abc import Iterator

from reports.names import RESULTS, SEVERITIES
from reports.workbook.asked import Asked, moment
from reports.workbook.setting import columns
from reports.workbook.sheet import Column, Row, Section, Sheet


def sheet(asked: Asked) -> Sheet:
    """Everything that does not simply pass."""
    say = asked.say
    notes = (
        say(
            "A row for each requirement on each machine that fails, is not known or is waived. "
            "Machines that are not counted in the statements say so in their column."
        ),
    )
    section = Section(_heads(asked), _rows(asked), empty=say("Nothing is open."))
    return Sheet(asked.names["findings"], say("What is open, and what to do"), notes, (section,))


def _heads(asked: Asked) -> tuple[Column, ...]:
    say = asked.say
    return columns(
        (say("Machine"), 24, "wrap"),
        (say("Unit"), 28, "wrap"),
        (say("Code"), 10),
        (say("Requirement"), 34, "wrap"),
        (say("Severity"), 12, "mark"),
        (say("Result"), 12, "mark"),
        (say("Since"), 17, "moment"),
        (say("Explanation"), 48, "wrap"),
        (say("What to do"), 52, "wrap"),
        (say("Counted"), 9),
        (say("Machine's id"), 18),
    )


def _rows(asked: Asked) -> Iterator[Row]:
    rules = {one.id: (asked.of(one.title), asked.of(one.fix)) for one in asked.summary.rules}
    severities = {code: asked.say(name) for code, name in SEVERITIES.items()}
    results = {code: asked.say(name) for code, name in RESULTS.items()}
    for device in asked.summary.devices:
        unit, counted = asked.unit(device.unit), asked.yes_no(device.expected)
        for one in device.shown_findings:
            title, fix = rules.get(one.rule, ("", ""))
            yield (
                device.name,
                unit,
                one.rule,
                title,
                severities.get(one.severity, one.severity),
                results[one.result],
                moment(one.since),
                one.explanation.get(asked.lang, ""),
                fix,
                counted,
                device.id,
            )
