"""A scan's result as a table for people, and the sentences about what may be missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from rich.table import Table
from rich.text import Text

from rasoat.sighting_words import WORDS
from rasoat.terminal import console, harmless, styled, table
from scanner.scan import Result
from scanner.sighting import FILTERINGS, KINDS, Port, Sighting
from scanner.vendors import registry_date

WIDE = 110  #: columns of a terminal from which on MAC and vendor have a column of their own
_STYLE = {"drops": "pass", "rejects": "pass", "open": "fail", "unknown": "unknown"}
_VENDOR = 20  #: characters of a vendor that stands where a name would
_NAMES = 3  #: names of one host that the table shows; --json has all


def show(result: Result, lang: str) -> None:
    """Print the sightings on stdout, and what is to be known about them on stderr."""
    words: Mapping[str, Any] = WORDS[lang]
    screen = console()
    screen.print(_table(result, words, wide=screen.width >= WIDE))
    note = console(stderr=True)
    for line in [*_summary(result, words), *notes(result.scan, words)]:
        note.print(harmless(line))


def notes(document: Any, words: Mapping[str, Any]) -> list[str]:
    """What a reader must know of a scan: how much was asked, lost, and left undone."""
    packets = document["packets"]
    lines = [
        words["hosts"].format(
            hosts=document["hosts"],
            asked=document["asked"],
            sent=packets["packets_sent"],
            most=packets["most_in_a_second"],
        )
    ]
    missed, loss = document["probability_missed"], document["loss"]
    if missed is None:
        lines.append(words["unmeasured"])
    else:
        lines.append(words["few" if loss is None else "loss"].format(loss=loss, missed=missed))
    if not document["complete"]:
        lines.append(words["partial"])
    return lines + [_limit(loss, words) for loss in document["losses"]]


def _limit(loss: Mapping[str, str], words: Mapping[str, Any]) -> str:
    """One thing that the scan could not do: in plain words, then what the technique said."""
    reason = words["reasons"].get(loss["reason"], loss["reason"])
    return str(words["limit"].format_map({**loss, "reason": reason}))


def _summary(result: Result, words: Mapping[str, Any]) -> list[str]:
    """How many of each kind, and of each word on a firewall; nothing where nobody was seen."""
    if not result.sightings:
        return []
    kinds = Counter(one.kind for one in result.sightings)
    walls = Counter(one.filtering.verdict for one in result.sightings)
    return [
        _counted(words["kinds"], kinds, KINDS, words),
        _counted(words["walls"], walls, FILTERINGS, words),
        *_registry(result, words),
    ]


def _registry(result: Result, words: Mapping[str, Any]) -> list[str]:
    """Of when the register of vendors is, where network cards were seen."""
    if not any(one.mac for one in result.sightings):
        return []
    date = registry_date()
    return [words["vendors"].format(date=date) if date else words["no_vendors"]]


def _counted(
    head: str, counts: Counter[str], order: tuple[str, ...], words: Mapping[str, Any]
) -> str:
    shown = [f"{words.get(one, one)} {counts[one]}" for one in order if counts[one]]
    return f"{head}: {', '.join(shown)}"


def _table(result: Result, words: Mapping[str, Any], *, wide: bool) -> Table:
    heads = words["heads"] if wide else words["narrow_heads"]
    made = table(heads, [_row(one, words, wide=wide) for one in result.sightings])
    for number in (0, -2):  # addresses and verdicts are read at a glance, down the column
        made.columns[number].no_wrap = True
    return made


def _row(one: Sighting, words: Mapping[str, Any], *, wide: bool) -> list[str | Text]:
    names = ", ".join(list(dict.fromkeys(name.name for name in one.names))[:_NAMES])
    ports = ", ".join(_port(port) for port in one.ports if port.state == "open")
    verdict = one.filtering.verdict
    kind = words.get(one.kind, one.kind)
    seen = styled(words[verdict], _STYLE[verdict])
    if wide:
        return [one.ip, f"{one.mac} {one.vendor}".strip(), names, kind, seen, ports]
    who = names or shorten(one.vendor, _VENDOR, placeholder="…") or one.mac
    return [one.ip, who, kind, seen, ports]


def _port(port: Port) -> str:
    """TCP's number alone; of others the protocol, too."""
    return str(port.port) if port.protocol == "tcp" else f"{port.port}/{port.protocol}"
