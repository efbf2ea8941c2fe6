"""A scan's result as a table for people, and the sentences about what may be missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from textwrap import shorten
from typing import Any

from rich.table import Table
from rich.text import Text

from language.texts import Texts, sense, texts
from rasoat.sighting_words import KINDS as KIND_WORDS
from rasoat.sighting_words import REASONS, WALLS
from rasoat.terminal import console, harmless, styled, table
from reports.names import word
from scanner.scan import Result
from scanner.sighting import FILTERINGS, KINDS, Port, Sighting
from scanner.vendors import registry_date

WIDE = 110  #: columns of a terminal from which on MAC and vendor have a column of their own
_STYLE = {"drops": "pass", "rejects": "pass", "open": "fail", "unknown": "unknown"}
_VENDOR = 20  #: characters of a vendor that stands where a name would
_NAMES = 3  #: names of one host that the table shows; --json has all


def show(result: Result, lang: str) -> None:
    """Print the sightings on stdout, and what is to be known about them on stderr."""
    say = texts(lang)
    screen = console()
    screen.print(_table(result, say, wide=screen.width >= WIDE))
    note = console(stderr=True)
    for line in [*_summary(result, say), *notes(result.scan, say)]:
        note.print(harmless(line))


def notes(document: Any, say: Texts) -> list[str]:
    """What a reader must know of a scan: how much was asked, lost, and left undone."""
    packets = document["packets"]
    lines = [
        say(
            "{hosts} hosts of {asked} addresses; {sent} packets sent, at most {most} a second",
            hosts=document["hosts"],
            asked=document["asked"],
            sent=packets["packets_sent"],
            most=packets["most_in_a_second"],
        )
    ]
    missed, loss = document["probability_missed"], document["loss"]
    if missed is None:
        lines.append(say("Too few answers, or no rights: what was missed cannot be told"))
    elif loss is None:
        lines.append(
            say(
                "Too few answers to measure what gets lost; probability that a host was missed: "
                "{missed:.2%}",
                missed=missed,
            )
        )
    else:
        lines.append(
            say(
                "Loss measured: {loss:.1%} of questions, or their answers; probability that a host "
                "was missed: {missed:.2%}",
                loss=loss,
                missed=missed,
            )
        )
    if not document["complete"]:
        lines.append(say("PARTIAL: the scan was stopped, or could not look everywhere"))
    return lines + [_limit(loss, say) for loss in document["losses"]]


def _limit(loss: Mapping[str, str], say: Texts) -> str:
    """One thing that the scan could not do: in plain words, then what the technique said."""
    reason = word(REASONS, loss["reason"], say.lang)
    return say("Limit: {reason}: {detail} ({technique})", **{**loss, "reason": reason})


def _summary(result: Result, say: Texts) -> list[str]:
    """How many of each kind, and of each word on a firewall; nothing where nobody was seen."""
    if not result.sightings:
        return []
    kinds = Counter(one.kind for one in result.sightings)
    walls = Counter(one.filtering.verdict for one in result.sightings)
    return [
        _counted(say("Kinds"), [(word(KIND_WORDS, one, say.lang), kinds[one]) for one in KINDS]),
        _counted(
            say("Firewall seen from the network"),
            [(say(WALLS[one]), walls[one]) for one in FILTERINGS],
        ),
        *_registry(result, say),
    ]


def _registry(result: Result, say: Texts) -> list[str]:
    """Of when the register of vendors is, where network cards were seen."""
    if not any(one.mac for one in result.sightings):
        return []
    date = registry_date()
    if date:
        return [say("Vendors by the IEEE's register of {date}", date=date)]
    return [say("Vendors are not known: pip install 'rasoat[scan]'")]


def _counted(head: str, counts: Iterable[tuple[str, int]]) -> str:
    shown = [f"{named} {n}" for named, n in counts if n]
    return f"{head}: {', '.join(shown)}"


def _table(result: Result, say: Texts, *, wide: bool) -> Table:
    made = table(_heads(say, wide=wide), [_row(one, say, wide=wide) for one in result.sightings])
    for number in (0, -2):  # addresses and verdicts are read at a glance, down the column
        made.columns[number].no_wrap = True
    return made


def _heads(say: Texts, *, wide: bool) -> tuple[str, ...]:
    if wide:
        return (
            *(say("address"), say("MAC, vendor"), say(sense("a heading", "name")), say("kind")),
            *(say("firewall seen"), say("open ports")),
        )
    return (
        *(say("address"), say("name, or vendor"), say("kind")),
        *(say(sense("a narrow heading", "firewall seen")), say("open ports")),
    )


def _row(one: Sighting, say: Texts, *, wide: bool) -> list[str | Text]:
    names = ", ".join(list(dict.fromkeys(name.name for name in one.names))[:_NAMES])
    ports = ", ".join(_port(port) for port in one.ports if port.state == "open")
    verdict = one.filtering.verdict
    kind = word(KIND_WORDS, one.kind, say.lang)
    seen = styled(say(WALLS[verdict]), _STYLE[verdict])
    if wide:
        return [one.ip, f"{one.mac} {one.vendor}".strip(), names, kind, seen, ports]
    who = names or shorten(one.vendor, _VENDOR, placeholder="…") or one.mac
    return [one.ip, who, kind, seen, ports]


def _port(port: Port) -> str:
    """TCP's number alone; of others the protocol, too."""
    return str(port.port) if port.protocol == "tcp" else f"{port.port}/{port.protocol}"
