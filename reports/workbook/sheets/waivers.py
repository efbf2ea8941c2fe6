"""The exceptions in force: a waiver is never hidden, and never a pass."""

from __future__ import annotations

from collections.abc import Iterator

from reports.workbook.asked import Asked, day
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet
from reports.workbook.words import SCOPES


def sheet(asked: Asked) -> Sheet:
    """Every waiver in force."""
    say = asked.say
    notes = (say("A waived machine is counted apart: it does not pass."),)
    heads = columns(
        (say("Waiver"), 18),
        (say("Code"), 10),
        (say("Requirement"), 36, "wrap"),
        (say("Scope"), 18, "wrap"),
        (say("For"), 26, "wrap"),
        (say("Reason"), 48, "wrap"),
        (say("Approved by"), 26, "wrap"),
        (say("Until the end of"), 13, "day"),
        (say("Days left"), 9, "number"),
        (say("Machines excepted"), 11, "number"),
        (say("No longer needed"), 11),
    )
    section = Section(heads, _rows(asked), empty=say("No waiver is in force."))
    return Sheet(asked.names["waivers"], say("Waivers in force"), notes, (section,))


def _rows(asked: Asked) -> Iterator[Row]:
    for one in asked.summary.waivers:
        rule = asked.rules.get(one.rule)
        yield (
            one.id,
            one.rule,
            asked.of(rule.title) if rule else "",
            asked.word(SCOPES, one.scope),
            one.subject,
            one.reason,
            one.approved_by,
            day(one.expires),
            one.days_left,
            one.used,
            asked.yes_no(one.unneeded),
        )
