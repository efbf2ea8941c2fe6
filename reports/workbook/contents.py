"""Which sheets there are, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from language.texts import marked, texts
from reports.summary import Summary
from reports.workbook.asked import Asked
from reports.workbook.names import unique_names
from reports.workbook.sheet import Sheet
from reports.workbook.sheets import (
    beside,
    changes,
    contradictions,
    devices,
    figures,
    findings,
    front,
    software,
    unit,
    units,
    waivers,
    words,
)

MOST_UNITS = 200  #: units with a sheet of their own; a large book keeps a file open for each

_SHEETS: dict[str, tuple[str, Callable[[Asked], Sheet]]] = {
    "front": (marked("Summary"), front.sheet),
    "units": (marked("Units"), units.sheet),
    "findings": (marked("Findings"), findings.sheet),
    "devices": (marked("All machines"), devices.sheet),
    "beside": (marked("Other devices"), beside.sheet),
    "software": (marked("Software"), software.sheet),
    "figures": (marked("Inventory"), figures.sheet),
    "waivers": (marked("Waivers"), waivers.sheet),
    "contradictions": (marked("Contradictions"), contradictions.sheet),
    "changes": (marked("Changes"), changes.sheet),
    "words": (marked("What the words mean"), words.sheet),
}


def contents(summary: Summary, lang: str) -> list[Sheet]:
    """Every sheet, the units' own at the end."""
    asked = _asked(summary, lang)
    sheets = [make(asked) for _, make in _SHEETS.values()]
    members = unit.members(summary)
    shown = [one for one in summary.units if one.code in asked.unit_sheets]
    return sheets + [unit.sheet(asked, one, members[one.code]) for one in shown]


def _asked(summary: Summary, lang: str) -> Asked:
    say = texts(lang)
    names = {key: say(name) for key, (name, _) in _SHEETS.items()}
    shown = [one for one in summary.units if one.expected][:MOST_UNITS]
    wanted = [one.name.get(lang) or one.code for one in shown]
    unit_names = unique_names(wanted, names.values())
    codes = [one.code for one in shown]
    return Asked(summary, lang, say, names, dict(zip(codes, unit_names, strict=True)))
