"""What is on the network and no rule is asked of: strangers, printers, switches."""

from __future__ import annotations

from collections.abc import Iterator

from reports.names import KINDS, SHORT_STATES
from reports.workbook.asked import Asked
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet


def sheet(asked: Asked) -> Sheet:
    """Every other device."""
    say = asked.say
    notes = (say("No requirement is asked of these devices; they are in no denominator."),)
    heads = columns(
        (say("Other device"), 26, "wrap"),
        (say("State"), 16, "mark"),
        (say("Kind"), 16),
        (say("Unit"), 32, "wrap"),
        (say("Asset number"), 18),
        (say("Address"), 18),
        (say("Seen on the network"), 18, "moment"),
        (say("Machine's id"), 18),
    )
    section = Section(heads, _rows(asked), empty=say("No other device is known."))
    return Sheet(asked.names["beside"], say("Other devices"), notes, (section,))


def _rows(asked: Asked) -> Iterator[Row]:
    for one in asked.summary.beside:
        yield (
            one.name,
            asked.word(SHORT_STATES, one.state),
            asked.word(KINDS, one.kind),
            asked.unit(one.unit),
            one.asset,
            one.address,
            one.seen_at or asked.say("not seen"),
            one.id,
        )
