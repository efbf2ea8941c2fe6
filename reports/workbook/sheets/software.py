"""Which programs there are, on how many machines."""

from __future__ import annotations

from collections.abc import Iterator

from reports.workbook.asked import Asked
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet


def sheet(asked: Asked) -> Sheet:
    """Every program by its name."""
    say = asked.say
    notes = (say("As the machines named them in their last reports; a machine may name none."),)
    heads = columns(
        (say("Program"), 46, "wrap"),
        (say("Publisher"), 34, "wrap"),
        (say("Machines"), 11, "number"),
        (say("Versions"), 10, "number"),
        (say("Versions (machines), the commonest first"), 70, "wrap"),
    )
    section = Section(heads, _rows(asked), empty=say("No machine has named a program."))
    return Sheet(asked.names["software"], say("Software"), notes, (section,))


def _rows(asked: Asked) -> Iterator[Row]:
    for one in asked.summary.software:
        listed = ", ".join(f"{version} ({n})" for version, n in one.versions)
        yield one.name, one.publisher, one.machines, len(one.versions), listed
