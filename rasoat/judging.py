"""Judging from the command line: machines of the store or a file, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.text import Text

from inventory import devices, findings
from inventory.devices import DeviceView
from inventory.document import DocumentRefused, decode_report, encode_view, view_of
from inventory.identity import settling
from inventory.lifecycle import add_support
from inventory.register import assets
from inventory.store import Store
from inventory.times import office_day
from inventory.units import keeping as units
from inventory.waivers import waivers
from language.said import said
from language.texts import texts
from policies.assess import Assessment, assess, basis, kept
from policies.problems import did_you_mean
from policies.tree import Policy
from policies.waivers import WARN_DAYS
from rasoat.folder import opened
from rasoat.problems import Problem
from rasoat.simulated import marking
from rasoat.terminal import console, harmless, styled, table
from reports.counting.units import unit_name
from reports.office_file import letterhead_of
from reports.summarise import Around, summarise
from reports.summary import Summary, WaiverLine
from reports.words import WORDS


def judged(
    folder: Path,
    policy: Policy,
    now: datetime,
    unit: str = "",
    earlier: tuple[Summary, str] | None = None,
) -> Summary:
    """Judge the machines of a data folder and keep the findings with their transitions.

    Args:
        folder: the data folder.
        policy: the rules.
        now: the moment of judging.
        unit: code of the unit whose machines alone are judged, with its parts; empty: all.
        earlier: the report to compare with, and the hash of its figures.

    Raises:
        Problem: there is no such unit.
    """
    letterhead = letterhead_of(folder)
    with opened(folder) as store:
        assessment, known = _assessed(store, policy, now, unit)
        history = units.history(store)
        around = Around(history, findings.since(store, policy.name), letterhead, earlier)
        simulated = marking.is_simulated(store)
    summary = summarise(assessment, known, around)
    if unit:
        name = unit_name(unit, history, office_day(now))
        summary = replace(summary, unit=unit, unit_name=name)
    return marking.marked(summary) if simulated else summary


def assessed(folder: Path, policy: Policy, now: datetime) -> Assessment:
    """As ``judged``, without the summary."""
    with opened(folder) as store:
        return _assessed(store, policy, now)[0]


def _assessed(
    store: Store, policy: Policy, now: datetime, unit: str = ""
) -> tuple[Assessment, list[DeviceView]]:
    settling.settle(store, now)
    known, refused = devices.everything(store, now), assets.uncounted(store)
    if unit:  # a row that was not understood is of no known unit
        known, refused = _of_unit(store, known, unit, office_day(now)), 0
    excepted = waivers(store, policy.name)
    assessment = assess(policy, known, now, refused, excepted)
    findings.record(store, kept(assessment), now, basis(policy, assessment.machines))
    return assessment, known


def _of_unit(store: Store, known: list[DeviceView], unit: str, day: str) -> list[DeviceView]:
    """The devices of a unit and its parts."""
    codes = [one.code for one in units.at(store, day)]
    named = {code for one in known for code in one.unit_path}
    if unit not in codes and unit not in named:
        hint = did_you_mean(unit, codes) or said("; see: rasoat units")
        raise Problem(
            said("no unit has the code {unit} on {day}{hint}", unit=unit, day=day, hint=hint)
        )
    return [one for one in known if unit in one.unit_path]


def summary_of(policy: Policy, machines: Sequence[DeviceView], now: datetime) -> Summary:
    """Judge machines that no data folder knows; nothing is kept."""
    return summarise(assess(policy, machines, now))


def machines_of(file: Path, now: datetime) -> list[DeviceView]:
    """The machines whose documents stand in ``file``, one JSON document a line.

    Raises:
        Problem: a line is not a document of the catalogue; the message names file and line.
    """
    return [
        _machine(line, f"{file}:{number}", now)
        for number, line in enumerate(file.read_bytes().splitlines(), start=1)
        if line.strip()
    ]


def _machine(line: bytes, place: str, now: datetime) -> DeviceView:
    try:
        report = decode_report(line)
    except DocumentRefused as fault:
        raise Problem(said("{place}: {fault}", place=place, fault=fault)) from fault
    view = view_of(report, last_report=f"{now:%Y-%m-%dT%H:%M:%SZ}")
    add_support(view)
    name = view["facts"].get("os", {}).get("hostname", place)
    return DeviceView.of_document(place, name, encode_view(view), now)


def show(summary: Summary, lang: str) -> None:
    """The headline, every rule that is not met with its reasons and its fix, and the coverage."""
    say, screen = texts(lang), console()
    screen.print(styled(summary.headline.sentence[lang], summary.headline.verdict))
    screen.print(styled(summary.coverage.sentence(lang)))
    open_rules = [rule for rule in summary.rules if rule.verdict in {"not_met", "undecided"}]
    for less in summary.departures:
        kind = say(WORDS[f"kind_{less.kind}"])
        lead = say("Looser than {parent}, or different", parent=summary.extends)
        said = f"{lead}: {less.rule} {kind}: {less.what[lang]}"
        screen.print(styled(said, "undecided"))
    for one in summary.waivers:
        if one.unneeded or one.days_left <= WARN_DAYS[0]:
            screen.print(styled(_due(one, lang), "undecided"))
    rows: list[list[str | Text]] = [
        [
            *(rule.id, say(WORDS[rule.severity])),
            *(styled(say(WORDS[rule.verdict]), rule.verdict), rule.title[lang]),
        ]
        for rule in open_rules
    ]
    if rows:
        screen.print()
        heads = (say("Rule"), say("Severity"), say("Verdict"), say("Statement"))
        screen.print(table(heads, rows))
    for rule in open_rules:
        screen.print()
        screen.print(Text.assemble((rule.id, "bold"), f" {rule.title[lang]}"))
        for line in _reasons(summary, rule.id, lang):
            screen.print(line)
        if rule.fix:
            screen.print(Text(f"  → {harmless(rule.fix[lang])}"))


def _due(one: WaiverLine, lang: str) -> str:
    """A waiver that somebody must see to."""
    say = texts(lang)
    why = say("no longer needed: passes") if one.unneeded else say("{n} days left", n=one.days_left)
    until = say("Until the end of").lower()
    return f"{one.id} {one.rule} {one.subject}: {why} ({until} {one.expires})"


MOST_MACHINES = 10  #: machines named under one rule; the report names them all


def _reasons(summary: Summary, rule: str, lang: str) -> list[Text]:
    say = texts(lang)
    lines = [
        Text.assemble(
            f"  {harmless(device.name)}: ",
            styled(say(WORDS[finding.result]), finding.result),
            f": {harmless(finding.explanation[lang])}",
        )
        for device in summary.devices
        for finding in device.open_findings
        if finding.rule == rule
    ]
    more = len(lines) - MOST_MACHINES
    return lines[:MOST_MACHINES] + ([Text(f"  … +{more}")] if more > 0 else [])
