"""The headline by unit: a ranked table and a chart; units as they stood on the report's day."""

from __future__ import annotations

from language.forms import day
from language.texts import texts
from reports.charts.bars import Bar, Bars
from reports.document import Block, Chart, Column, Paragraph, Table
from reports.figures import UnitLine
from reports.management.section import Section
from reports.names import RESULTS, count, share, told, word
from reports.summary import Summary

MOST_BARS = 30  #: of the chart: what a page can show
_SEGMENTS = ("pass", "waived", "unknown", "fail")


def section(summary: Summary, lang: str) -> Section | None:
    """None where nothing is known of units."""
    say = texts(lang)
    if not summary.units:
        return None
    ranked = rank(summary.units)
    blocks: list[Block] = [
        Paragraph(
            say(
                "The unit with the lowest share of machines that pass “{title}” comes first.",
                title=told(summary.headline.title, lang),
            )
            + _above(ranked, lang)
        ),
        _table(ranked, summary, lang),
    ]
    if any(one.asked for one in ranked):
        blocks.append(_chart(ranked, summary, lang))
    return Section(say("RESULTS BY UNIT"), tuple(blocks))


def rank(units: tuple[UnitLine, ...]) -> list[UnitLine]:
    """The lowest share of passes first; at the end those of which nothing is asked."""

    def key(one: UnitLine) -> tuple[bool, float, int]:
        passed = one.passed / one.asked if one.asked else 0.0
        return not one.asked, passed, -one.asked

    return sorted(units, key=key)


def _path(one: UnitLine, lang: str) -> str:
    return " / ".join(told(name, lang) for name in one.above)


def _above(units: list[UnitLine], lang: str) -> str:
    """What stands above the units, once, where it is the same for each."""
    paths = {_path(one, lang) for one in units if one.code}
    above = paths.pop() if len(paths) == 1 else ""
    say = texts(lang)
    return " " + say("Above these units: {above}.", above=above) if above else ""


def _name(one: UnitLine, lang: str, *, with_path: bool) -> str:
    """The unit, what is above it, and what became of it."""
    say, name = texts(lang), told(one.name, lang)
    if with_path and one.above:
        name = f"{name} ({_path(one, lang)})"
    if not one.valid_to:
        return name
    today = "; ".join(told(words, lang) for words in one.successors)
    until = day(one.valid_to, lang)
    if not today:
        return name + " " + say("[until {day}]", day=until)
    return name + " " + say("[until {day}; today: {names}]", day=until, names=today)


def _unknown(one: UnitLine) -> int:
    return one.headline.get("unknown", 0) + one.headline.get("error", 0)


def _table(units: list[UnitLine], summary: Summary, lang: str) -> Table:
    say = texts(lang)
    with_path = len({_path(one, lang) for one in units if one.code}) > 1
    waived = any(one.headline.get("waived") for one in units)
    rows = []
    for place, one in enumerate(units, start=1):
        numbers = [one.expected, one.states.get("managed", 0), one.passed]
        numbers += [one.headline.get("fail", 0), _unknown(one)]
        numbers += [one.headline.get("waived", 0)] if waived else []
        cells = [count(n, lang) for n in numbers]
        name = _name(one, lang, with_path=with_path)
        rows.append((count(place, lang), name, *cells, share(one.passed, one.asked, lang)))
    heads = [say("Machines"), say("Reporting"), say("Pass"), say("Fail"), say("Not known")]
    heads += [say("Waived")] if waived else []
    columns = (
        Column(say("Rank"), 1, "right"),
        Column(say("Unit"), 6),
        *(Column(head, 1.4, "right") for head in heads),
        Column(say("Share that passes"), 1.5, "right"),
    )
    caption = say("Results by unit: {rule}", rule=told(summary.headline.title, lang))
    return Table(caption, columns, tuple(rows))


def _chart(units: list[UnitLine], summary: Summary, lang: str) -> Chart:
    """How each unit's machines divide; the figures of the table, as a picture."""
    say = texts(lang)
    shown = [one for one in units if one.asked][:MOST_BARS]
    title = told(summary.headline.title, lang)
    caption = say("How the machines of each unit divide: {rule}", rule=title)
    if len(shown) < len(units):
        caption += " " + say(
            "({shown} of {total} units, the lowest first)",
            shown=count(len(shown), lang),
            total=count(len(units), lang),
        )
    parts = tuple((name, word(RESULTS, name, lang)) for name in _SEGMENTS)
    bars = Bars(tuple(Bar(told(one.name, lang), _divided(one)) for one in shown), parts, lang)
    return Chart(caption, _alternative(shown, lang), bars, bars.height)


def _divided(one: UnitLine) -> tuple[tuple[str, int], ...]:
    counts = {name: one.headline.get(name, 0) for name in _SEGMENTS}
    return tuple((counts | {"unknown": _unknown(one)}).items())


def _alternative(units: list[UnitLine], lang: str) -> str:
    say = texts(lang)
    told_of = [
        say(
            "{unit}: {passed} of {asked} pass, {failed} fail, {unknown} not known",
            unit=told(one.name, lang),
            passed=count(one.passed, lang),
            asked=count(one.asked, lang),
            failed=count(one.headline.get("fail", 0), lang),
            unknown=count(_unknown(one), lang),
        )
        for one in units
    ]
    return say("Bar chart, one bar for each unit.") + " " + "; ".join(told_of) + "."
