"""Where a machine and the network say different things."""

from __future__ import annotations

from collections.abc import Iterator

from reports.workbook.asked import Asked, moment
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet
from reports.workbook.words import ABOUT, FILTERING


def sheet(asked: Asked) -> Sheet:
    """Every question that both answered, and not alike."""
    say = asked.say
    notes = (
        say(
            "Look at these machines on the spot. What no scan has seen is not confirmed by its "
            "absence here."
        ),
    )
    heads = columns(
        (say("Machine"), 24, "wrap"),
        (say("Unit"), 28, "wrap"),
        (say("About"), 18),
        (say("The machine says"), 34, "wrap"),
        (say("said at"), 17, "moment"),
        (say("The network shows"), 34, "wrap"),
        (say("seen at"), 17, "moment"),
        (say("Evidence"), 44, "wrap"),
        (say("Machine's id"), 18),
    )
    section = Section(heads, _rows(asked), empty=say("No contradiction is known."))
    title = say("Contradictions between machines and network")
    return Sheet(asked.names["contradictions"], title, notes, (section,))


def _rows(asked: Asked) -> Iterator[Row]:
    for one in asked.summary.contradictions:
        walls = FILTERING if one.about == "firewall" else {}
        yield (
            one.name,
            asked.unit(one.unit),
            asked.word(ABOUT, one.about),
            asked.word(walls, one.agent_says),
            moment(one.agent_at),
            asked.word(walls, one.network_shows),
            moment(one.network_at),
            ", ".join(one.evidence),
            one.device,
        )
