"""What is otherwise than in the previous report, regressions first; and the last reports."""

from __future__ import annotations

from collections.abc import Iterator

from language.texts import texts
from reports.charts import lines
from reports.charts.lines import Lines, Point
from reports.document import Block, Chart, Column, Items, Paragraph, Table
from reports.figures import RuleTurn, Since, TrendPoint
from reports.formats import local_time
from reports.management.section import Section
from reports.names import VERDICTS, count, moment, told, word
from reports.summary import Summary

MOST = 8  #: requirements printed
_RANK = {"met": 0, "": 1, "not_applicable": 1, "undecided": 1, "not_met": 2}
TWO = 2  #: points make a trend


def section(summary: Summary, lang: str) -> Section:
    """Says so where there is no earlier report."""
    say = texts(lang)
    title = say("CHANGES AND TREND")
    if summary.since is None:
        made: Iterator[Block] = iter(
            (Paragraph(say("There is no earlier report to compare with.")),)
        )
    else:
        made = _since(summary.since, summary.zone, lang)
    return Section(title, (*made, *_trend(summary, lang)))


def _since(since: Since, zone: str, lang: str) -> Iterator[Block]:
    say = texts(lang)
    said = say(
        "Compared with the report {report} of {moment}:",
        report=since.report,
        moment=moment(since.generated_at, lang, zone),
    )
    yield Paragraph(said)
    yield Items(tuple(_counts(since, lang)))
    changed = sorted(filter(_moved, since.rules), key=_regression)
    if changed:
        yield _table(changed[:MOST], len(changed), lang)


def _counts(since: Since, lang: str) -> Iterator[str]:
    say = texts(lang)
    if not since.same_policy:
        yield say(
            "The policy has been changed since; a requirement may have turned because of that."
        )
    yield say("SHA-256 of that report's figures: {hash}.", hash=since.hash)
    yield say("Results that have become a failure: {n}.", n=count(len(since.worse), lang))
    yield say("Results that are no longer known: {n}.", n=count(len(since.lost), lang))
    yield say("Results that have become a pass: {n}.", n=count(len(since.better), lang))
    yield say(
        "Machines that have come: {come}; that have gone: {gone}.",
        come=count(len(since.appeared), lang),
        gone=count(len(since.gone), lang),
    )


def _moved(one: RuleTurn) -> bool:
    return one.before != one.after or one.passed_before != one.passed_after


def _regression(one: RuleTurn) -> tuple[int, float, str]:
    """The worst turn first: of the verdict, then of the share that passes."""
    was, now = (
        part / total if total else 0.0
        for part, total in (
            (one.passed_before, one.total_before),
            (one.passed_after, one.total_after),
        )
    )
    return _RANK.get(one.before, 1) - _RANK.get(one.after, 1), now - was, one.rule


def _table(turns: list[RuleTurn], total: int, lang: str) -> Table:
    say = texts(lang)
    caption = say("Requirements that have changed, regressions first")
    if total > len(turns):
        caption += " " + say(
            "({shown} of {total})", shown=count(len(turns), lang), total=count(total, lang)
        )
    columns = (
        Column(say("Requirement"), 6),
        Column(say("Passed before"), 1.9, "right"),
        Column(say("Pass now"), 1.9, "right"),
        Column(say("Statement before"), 2.9),
        Column(say("Statement now"), 2.9),
    )
    rows = tuple(_row(one, lang) for one in turns)
    marks = tuple("bad" if _regression(one)[:2] < (0, 0.0) else "good" for one in turns)
    return Table(caption, columns, rows, marks)


def _row(one: RuleTurn, lang: str) -> tuple[str, ...]:
    before = f"{count(one.passed_before, lang)}/{count(one.total_before, lang)}"
    return (
        f"{told(one.title, lang)} ({one.rule})",
        before if one.before else "–",
        f"{count(one.passed_after, lang)}/{count(one.total_after, lang)}",
        word(VERDICTS, one.before, lang),
        word(VERDICTS, one.after, lang),
    )


def _trend(summary: Summary, lang: str) -> Iterator[Block]:
    if len(summary.trend) < TWO:
        return
    say, title = texts(lang), told(summary.headline.title, lang)
    points, zone = summary.trend, summary.zone
    yield Paragraph(
        say(
            "The last {n} reports, by the requirement “{rule}”. Statement of the last: {verdict}.",
            n=len(points),
            rule=title,
            verdict=word(VERDICTS, points[-1].verdict, lang),
        )
    )
    yield _chart(points, zone, lang)


def _chart(points: tuple[TrendPoint, ...], zone: str, lang: str) -> Chart:
    say = texts(lang)
    names = (say("Expected"), say("Reporting"), say("Pass"))
    series = tuple(
        Point(place, local_time(one.at, lang, zone)[:10], name, n)
        for place, one in enumerate(points)
        for name, n in zip(names, (one.expected, one.reporting, one.passed), strict=True)
    )
    told_of = [
        say(
            "{moment}: {expected} expected, {reporting} reporting, {passed} pass",
            moment=local_time(one.at, lang, zone),
            expected=count(one.expected, lang),
            reporting=count(one.reporting, lang),
            passed=count(one.passed, lang),
        )
        for one in points
    ]
    alternative = say("Line chart, one point for each report.") + " " + "; ".join(told_of) + "."
    caption = say("Machines expected, reporting and passing, by report")
    return Chart(caption, alternative, Lines(series, names, lang), lines.HEIGHT)
