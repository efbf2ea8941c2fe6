"""What is otherwise than in the report before, and how it went over the last reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from language.texts import marked
from reports.figures import DeviceTurn, Since
from reports.names import RESULTS, VERDICTS
from reports.workbook.asked import Asked, share
from reports.workbook.setting import columns
from reports.workbook.sheet import Column, Row, Section, Sheet

_TURNS = {
    "worse": marked("worse: it fails now"),
    "lost": marked("no longer known"),
    "better": marked("better: it passes now"),
}


def sheet(asked: Asked) -> Sheet:
    """The changes, then the trend."""
    say, since = asked.say, asked.summary.since
    compared = () if since is None else (_rules, _machines, _came_and_went)
    sections = [make(asked, since) for make in compared if since]
    title = say("Changes since the report before, and trend")
    return Sheet(asked.names["changes"], title, _notes(asked, since), (*sections, _trend(asked)))


def _notes(asked: Asked, since: Since | None) -> tuple[str, ...]:
    say = asked.say
    if since is None:
        return (say("There is no earlier report to compare with."),)
    when = asked.when(since.generated_at)
    notes = (
        say("Compared with the report {report} of {moment}:", report=since.report, moment=when),
        say("SHA-256 of that report's figures: {hash}.", hash=since.hash),
    )
    changed = say(
        "The policy has been changed since; a requirement may have turned because of that."
    )
    return notes if since.same_policy else (*notes, changed)


def _rules(asked: Asked, since: Since) -> Section:
    say = asked.say
    heads = columns(
        (say("Code"), 30),
        (say("Requirement"), 44, "wrap"),
        (say("Statement before"), 18, "mark"),
        (say("Statement now"), 18, "mark"),
        (say("Passed before"), 18, "number"),
        (say("of"), 12, "number"),
        (say("Pass now"), 12, "number"),
        (say("of"), 12, "number"),
    )
    rows: list[Row] = [
        (
            one.rule,
            asked.of(one.title),
            asked.word(VERDICTS, one.before),
            asked.word(VERDICTS, one.after),
            *(one.passed_before, one.total_before, one.passed_after, one.total_after),
        )
        for one in since.rules
    ]
    return Section(heads, rows, say("Requirements"), say("None has changed."))


def _machines(asked: Asked, since: Since) -> Section:
    say = asked.say
    heads: tuple[Column, ...] = columns(
        (say("Machine"), 30, "wrap"),
        (say("Unit"), 44, "wrap"),
        (say("Code"), 18),
        (say("Before"), 18, "mark"),
        (say("Now"), 18, "mark"),
        (say("Change"), 12, "wrap"),
    )
    rows = [
        row
        for kind, turns in (("worse", since.worse), ("lost", since.lost), ("better", since.better))
        for row in _turns(asked, kind, turns)
    ]
    return Section(heads, rows, say("Results of machines"), say("None has changed."))


def _turns(asked: Asked, kind: str, turns: Sequence[DeviceTurn]) -> Iterator[Row]:
    for one in turns:
        before, after = asked.word(RESULTS, one.before), asked.word(RESULTS, one.after)
        yield one.name, asked.unit(one.unit), one.rule, before, after, asked.say(_TURNS[kind])


def _came_and_went(asked: Asked, since: Since) -> Section:
    say = asked.say
    heads = columns((say("Machine"), 30, "wrap"), (say("Change"), 44))
    rows: list[Row] = [(name, say("has come")) for name in since.appeared]
    rows += [(name, say("has gone")) for name in since.gone]
    return Section(heads, rows, say("Machines that have come or gone"), say("None."))


def _trend(asked: Asked) -> Section:
    say = asked.say
    heads = columns(
        (say("Report"), 30),
        (say("Hash of the policy"), 44, "wrap"),
        (say("Made at"), 18, "moment"),
        (say("Statement"), 18, "mark"),
        (say("Expected"), 18, "number"),
        (say("Reporting"), 12, "number"),
        (say("Pass"), 12, "number"),
        (say("Fail"), 12, "number"),
        (say("Asked"), 12, "number"),
        (say("Share that passes"), 12, "share"),
    )
    rows: list[Row] = [
        (
            *(one.report, one.policy_hash, one.at, asked.word(VERDICTS, one.verdict)),
            *(one.expected, one.reporting, one.passed, one.failed, one.total),
            share(one.passed, one.total),
        )
        for one in asked.summary.trend
    ]
    title = asked.of(asked.summary.headline.title)
    return Section(heads, rows, say("Trend: {title}", title=title), say("None."))
