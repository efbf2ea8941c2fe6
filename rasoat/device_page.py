"""One machine on the screen: what it is, both witnesses, findings, changes, each with evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from inventory.catalogue import catalogue
from inventory.history import Event
from inventory.times import maybe
from inventory.witnesses.comparing import Comparison
from language.texts import marked, sense, texts
from policies.choices import choice_words
from policies.cross_examination import shown_word
from policies.phrases import label
from rasoat import history_lines
from rasoat.agent_words import alert_words, status_words
from rasoat.device_facts import every, sighting, specs, unknown
from rasoat.terminal import console, styled, table
from reports.formats import local_time
from reports.words import WORDS

MOST_CHANGES = 20  #: the newest; `rasoat changes --device` has them all
_OPEN = ("fail", "error", "unknown", "waived")
_UNIT_FROM = {
    "register": marked("by the register"),
    "network": marked("by its network"),
    "enrolment": marked("by its enrolment"),
}
_TIMES = (
    ("received_at", "report", marked("Last report")),
    ("seen_at", "scan", marked("Last seen")),
)


def show_device(
    found: Mapping[str, Any],
    compared: Sequence[Comparison],
    events: Sequence[Event],
    lang: str,
    *,
    every_fact: bool,
) -> None:
    """The page; ``found`` is what `inventory.devices.show` gives, ``events`` its history."""
    screen, say = console(), texts(lang)
    for name, value in _standing(found, lang):
        screen.print(Text.assemble((f"{name}: ", "bold"), value))
    facts = found["facts"]
    if found["received_at"] is None:
        screen.print(styled(say("never reported"), "unknown"))
    if facts:
        _heading(screen, say("The machine"))
        for line in every(facts, lang) if every_fact else specs(facts, lang):
            screen.print(line)
    if every_fact:
        for line in unknown(found["unknown"] or {}, lang):
            screen.print(line)
    if found["seen"]:
        _heading(screen, say(sense("of one machine", "Seen on the network")))
        for line in sighting(found["seen"], lang):
            screen.print(line)
    _witnesses(screen, compared, lang)
    _findings(screen, found["findings"], lang)
    _changes(screen, events, lang)


def _standing(found: Mapping[str, Any], lang: str) -> Iterator[tuple[str, Text]]:
    say = texts(lang)
    yield say(sense("of one machine", "Device")), styled(f"{found['name']} ({found['device']})")
    yield say("State"), styled(say(WORDS[found["state"]]), found["state"])
    if found["unit"]:
        yield (
            say("Unit"),
            styled(f"{found['unit']} ({say(_UNIT_FROM[found['unit_from']])})"),
        )
    if found["asset"]:
        yield say("Asset"), styled(found["asset"])
    if found["address"]:
        yield say("Address"), styled(found["address"])
    if found["agent"]:
        platform = choice_words(found["platform"], lang)
        said = f"{found['agent']} ({platform}, {status_words(found['status'], lang)})"
        yield say("Agent"), styled(said, found["status"])
    if found["alert"]:
        yield say("Alert"), styled(alert_words(found["alert"], lang), "fail")
    for name, evidence, head in _TIMES:
        if at := maybe(found[name]):
            said = found["report"] if evidence == "report" else _scan(found)
            yield say(head), styled(f"{local_time(at, lang)} [{evidence} {said}]")


def _scan(found: Mapping[str, Any]) -> str:
    return str((found["seen"] or {}).get("id", "–"))


def _heading(screen: Console, text: str) -> None:
    screen.print()
    screen.print(Text(text, style="bold"))


def _witnesses(screen: Console, compared: Sequence[Comparison], lang: str) -> None:
    if not compared:
        return
    say = texts(lang)
    _heading(screen, say("Two witnesses"))
    heads = (say("fact"), say("agent says"), say("network shows"), say("together"))
    rows: list[tuple[str | Text, ...]] = [
        (
            label(catalogue().facts[one.path], lang, start=True),
            *(shown_word(word, lang) for word in (one.agent_says, one.network_shows)),
            styled(say("confirmed"), "pass")
            if one.confirmed
            else styled(say("contradicted"), "fail"),
        )
        for one in compared
    ]
    screen.print(table(heads, rows))


def _findings(screen: Console, found: Sequence[Mapping[str, Any]], lang: str) -> None:
    say = texts(lang)
    _heading(screen, say(sense("of one machine", "Findings")))
    if not found:
        screen.print(styled(say("Nothing was judged yet: rasoat policy check")))
        return
    left = sorted(
        (one for one in found if one["result"] in _OPEN),
        key=lambda one: (_OPEN.index(one["result"]), one["policy"], one["rule"]),
    )
    rows = [
        (
            one["rule"],
            styled(say(WORDS[one["result"]]), one["result"]),
            _local(one["since"], lang),
            one[f"explanation_{lang}"],
        )
        for one in left
    ]
    if rows:
        screen.print(table((say("Rule"), say("Verdict"), say("since"), say("why")), rows))
    passed = say("passed or not applicable")
    screen.print(styled(f"{len(found) - len(left)} {passed}", "pass"))


def _changes(screen: Console, events: Sequence[Event], lang: str) -> None:
    """The newest changes of every kind: facts, results, the register's row, what it is made of."""
    say = texts(lang)
    if not events:
        return
    _heading(screen, say("Latest changes"))
    newest = list(events)[: -MOST_CHANGES - 1 : -1]
    lines = history_lines.rows(newest, lang, machine=False)
    screen.print(table(history_lines.heads(lang, machine=False), lines))


def _local(text: str, lang: str) -> str:
    at = maybe(text)
    return local_time(at, lang) if at else ""
