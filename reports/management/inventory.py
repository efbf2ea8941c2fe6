"""The inventory's figures: systems and their support, age, memory, encryption, antivirus."""

from __future__ import annotations

from inventory.lifecycle import lifecycles
from language.forms import day
from language.texts import texts
from reports.document import Block, Column, Paragraph, Table
from reports.figures import Distribution
from reports.management.section import Section
from reports.names import count, printed, share, told
from reports.summary import Summary

_MARKS = {"bad": "bad", "soon": "open"}


def section(summary: Summary, lang: str) -> Section | None:
    """None where nothing was counted."""
    say = texts(lang)
    if not summary.inventory:
        return None
    said = say(
        "Over the machines expected; what is not known stands beside what is. What a machine is "
        "counts from its last report, what protects it only while it reports."
    )
    note = say(
        "End of support by the table of this release, as of {day}; a system that is not in the "
        "table is not known. Please check against the makers' pages before deciding on purchases.",
        day=day(lifecycles().as_of, lang),
    )
    blocks: tuple[Block, ...] = (
        Paragraph(said),
        _table(summary.inventory, lang),
        Paragraph(note, "note"),
    )
    return Section(say("INVENTORY"), blocks)


def _table(known: tuple[Distribution, ...], lang: str) -> Table:
    say = texts(lang)
    columns = (
        Column(say("Indicator"), 4),
        Column(say("Value"), 4.5),
        Column(say("Machines"), 1.5, "right"),
        Column(say("Share"), 1.5, "right"),
    )
    rows, marks = [], []
    for one in known:
        for cells, mark in _rows(one, lang):
            rows.append(cells)
            marks.append(mark)
    return Table(say("Inventory"), columns, tuple(rows), tuple(marks))


def _rows(one: Distribution, lang: str) -> list[tuple[tuple[str, ...], str]]:
    """The figure's name stands in the first of its rows."""
    parts = [(printed(told(part.label, lang), lang), part) for part in one.parts]
    lines = [(label, part.machines, _MARKS.get(part.concern, "")) for label, part in parts]
    say = texts(lang)
    lines.append((say("not known"), one.unknown, "open" if one.unknown else ""))
    names = [told(one.title, lang)] + [""] * (len(lines) - 1)
    return [
        ((name, label, count(n, lang), share(n, one.total, lang)), mark)
        for name, (label, n, mark) in zip(names, lines, strict=True)
    ]
