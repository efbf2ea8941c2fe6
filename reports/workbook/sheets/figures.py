"""How the expected machines divide: systems, support, age, memory, encryption, antivirus."""

from __future__ import annotations

from collections.abc import Iterator

from reports.figures import Distribution
from reports.workbook.asked import Asked, share
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet
from reports.workbook.words import CONCERNS


def sheet(asked: Asked) -> Sheet:
    """Every distribution, one table."""
    say = asked.say
    notes = (
        say(
            "Over the machines expected; what is not known stands beside what is. What a machine "
            "is counts from its last report, what protects it only while it reports."
        ),
    )
    heads = columns(
        (say("Indicator"), 40, "wrap"),
        (say("Value"), 50, "wrap"),
        (say("Machines"), 12, "number"),
        (say("Of"), 12, "number"),
        (say("Share"), 12, "share"),
        (say("Concern"), 16, "mark"),
    )
    section = Section(heads, _rows(asked), empty=say("Nothing is known."))
    return Sheet(asked.names["figures"], say("Inventory"), notes, (section,))


def _rows(asked: Asked) -> Iterator[Row]:
    for one in asked.summary.inventory:
        yield from _parts(asked, one)


def _parts(asked: Asked, one: Distribution) -> Iterator[Row]:
    title = asked.of(one.title)
    for part in one.parts:
        part_share = share(part.machines, one.total)
        concern = asked.word(CONCERNS, part.concern)
        yield title, asked.of(part.label), part.machines, one.total, part_share, concern
    unclear = asked.say("Not known")
    yield title, unclear, one.unknown, one.total, share(one.unknown, one.total), ""
