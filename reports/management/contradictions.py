"""Where a machine says one thing of itself and the network shows another."""

from __future__ import annotations

from language.texts import marked, texts
from reports.document import Block, Column, Paragraph, Table
from reports.figures import ContradictionLine
from reports.formats import local_time, parse_time
from reports.management.section import Section
from reports.names import count, printed, told, word
from reports.summary import Summary

MOST = 20  #: printed; the workbook has the rest
ABOUT = {
    "firewall": marked("firewall"),
    "ports": marked("open ports"),
    "address": marked("address"),
    "name": marked("name"),
    "system": marked("operating system"),
}
_NOT_AMONG = "not among "  #: as inventory.witnesses says it
#: what a witness says of a firewall
_WALL = {
    "on": marked("on"),
    "off": marked("off"),
    "drops": marked("filters: no answer"),
    "rejects": marked("filters: rejects"),
    "open": marked("no filter seen"),
}


def section(summary: Summary, lang: str) -> Section:
    """Never left out: that nothing is contradicted is worth a sentence."""
    say, known = texts(lang), summary.contradictions
    title = say("CONTRADICTIONS BETWEEN MACHINES AND NETWORK")
    if not known:
        none = say(
            "The scans kept contradict no machine that reports. What no scan has seen is not "
            "confirmed by this."
        )
        return Section(title, (Paragraph(none),))
    machines = len({one.device for one in known})
    said = say(
        "Contradictions: {n}, on {machines} machines. A pass that the network contradicts is "
        "counted as not known until it is cleared up on the spot.",
        n=count(len(known), lang),
        machines=count(machines, lang),
    )
    if len(known) > MOST:
        said += " " + say(
            "Printed here: {shown}; the workbook (XLSX) has the full list.", shown=count(MOST, lang)
        )
    blocks: tuple[Block, ...] = (Paragraph(said), _table(summary, lang))
    return Section(title, blocks)


def _table(summary: Summary, lang: str) -> Table:
    say = texts(lang)
    columns = (
        Column(say("Machine"), 3),
        Column(say("Unit"), 3.5),
        Column(say("About"), 1.8),
        Column(say("The machine says"), 3),
        Column(say("The network shows"), 3),
    )
    units = {one.code: told(one.name, lang) for one in summary.units}
    shown = summary.contradictions[:MOST]
    rows = tuple(_row(one, units.get(one.unit, one.unit), summary.zone, lang) for one in shown)
    return Table(say("Contradictions"), columns, rows, ("open",) * len(rows))


def _row(one: ContradictionLine, unit: str, zone: str, lang: str) -> tuple[str, ...]:
    return (
        printed(one.name, lang),
        unit or "–",
        word(ABOUT, one.about, lang),
        witness(one.agent_says, one.agent_at, one.about, zone, lang),
        witness(one.network_shows, one.network_at, one.about, zone, lang),
    )


def witness(value: str, at: str, about: str, zone: str, lang: str) -> str:
    """What one witness said, and when."""
    said = word(_WALL, value, lang) if about == "firewall" else _value(value, about, lang)
    return f"{said} ({local_time(parse_time(at), lang, zone)})" if at else said


def _value(value: str, about: str, lang: str) -> str:
    """Of ports the agent's word is a count: what the network shows is not among them."""
    say = texts(lang)
    if about == "ports" and value.startswith(_NOT_AMONG):
        return say("none of the {n} it names", n=value.removeprefix(_NOT_AMONG))
    return printed(value, lang)
