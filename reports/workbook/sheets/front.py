"""The first sheet: the answer, whom it speaks of, what it rests on, every statement."""

from __future__ import annotations

from collections.abc import Iterator

from reports import plain
from reports.names import DEPARTURES, SEVERITIES, SHORT_STATES, VERDICTS
from reports.names import RESULTS as RESULT_WORDS
from reports.summary import RESULTS
from reports.workbook.asked import Asked, share
from reports.workbook.cells import Link
from reports.workbook.meanings import STATES as MEANINGS
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet


def sheet(asked: Asked) -> Sheet:
    """The summary."""
    say, summary = asked.say, asked.summary
    headline = summary.headline
    notes = (
        asked.of(headline.sentence),
        summary.coverage.sentence(asked.lang),
        say("What is not known is never counted as a pass; a share is rounded down."),
    )
    sections = (
        _origin(asked),
        _coverage(asked),
        _statements(asked),
        _unsaid(asked),
        *_departures(asked),
        _sheets(asked),
    )
    return Sheet(asked.names["front"], asked.of(summary.policy_title), notes, sections)


def _origin(asked: Asked) -> Section:
    say, summary = asked.say, asked.summary
    kept = plain.encode(summary)
    rows: list[Row] = [
        (say("Report"), summary.id),
        (say("Made at"), asked.when(summary.generated_at)),
        (say("Time zone"), summary.zone),
        (say("Policy"), f"{summary.policy} {summary.policy_version}"),
        (say("Hash of the policy"), summary.policy_hash),
        (say("SHA-256 of the figures"), plain.digest(kept)),
        (say("Unit"), asked.of(summary.unit_name) or summary.unit or say("the whole office")),
    ]
    if summary.extends:
        rows.append((say("Extends"), summary.extends))
    return Section(
        columns((say("Item"), 26), (say("Value"), 48, "wrap")), rows, say("What it rests on")
    )


def _coverage(asked: Asked) -> Section:
    say, known = asked.say, asked.summary.coverage
    rows: list[Row] = [(say("Expected"), say("Machines expected: the denominator"), known.expected)]
    if known.states is not None:
        rows += [
            (asked.word(SHORT_STATES, code), say(MEANINGS[code]), n)
            for code, n in known.states.items()
        ]
        rows.append((say("refused"), say("Rows of the register not understood"), known.refused))
    else:
        rows += [
            (asked.word(SHORT_STATES, "managed"), say("Reported within 7 days"), known.current),
            (asked.word(SHORT_STATES, "silent"), say("Silent for over 7 days"), known.silent),
        ]
    rows += [
        (say("no report"), say("Never reported"), known.never_reported),
        (say("quarantine"), say("In quarantine"), known.quarantined),
    ]
    heads = columns(
        (say("State"), 26), (say("What it means"), 48, "wrap"), (say("Machines"), 11, "number")
    )
    return Section(heads, rows, say("Coverage"))


def _statements(asked: Asked) -> Section:
    say = asked.say
    heads = columns(
        (say("Code"), 26),
        (say("Requirement"), 48, "wrap"),
        (say("Severity"), 11, "mark"),
        (say("Statement"), 13, "mark"),
        *((say(RESULT_WORDS[result]), 9, "number") for result in RESULTS),
        (say("Share that passes"), 9, "share"),
        (say("In words"), 50, "wrap"),
    )
    return Section(heads, list(_rules(asked)), say("Statements"))


def _rules(asked: Asked) -> Iterator[Row]:
    for one in asked.summary.rules:
        counts = [one.counts.get(result, 0) for result in RESULTS]
        total = sum(counts) - one.counts.get("not_applicable", 0)
        yield (
            one.id,
            asked.of(one.title),
            asked.word(SEVERITIES, one.severity),
            asked.word(VERDICTS, one.verdict),
            *counts,
            share(one.counts.get("pass", 0), total),
            asked.of(one.sentence),
        )


def _unsaid(asked: Asked) -> Section:
    say = asked.say
    heads = columns(
        (say("No."), 26),
        (say("Reason"), 48, "wrap"),
        (say("Machines"), 11, "number"),
        (say("Results"), 13, "number"),
    )
    rows: list[Row] = [
        (place, asked.of(one.sentence), one.machines, one.results)
        for place, one in enumerate(asked.summary.unsaid, 1)
    ]
    return Section(heads, rows, say("What cannot be said, and why"), say("Nothing."))


def _departures(asked: Asked) -> Iterator[Section]:
    say = asked.say
    if not asked.summary.departures:
        return
    heads = columns((say("Code"), 26), (say("Departure"), 48, "wrap"), (say("Kind"), 11, "wrap"))
    rows: list[Row] = [
        (one.rule, asked.of(one.what), asked.word(DEPARTURES, one.kind))
        for one in asked.summary.departures
    ]
    yield Section(heads, rows, say("Where the policy asks less than the one it extends"))


def _sheets(asked: Asked) -> Section:
    say = asked.say
    rows: list[Row] = [
        (Link(name, name), "") for key, name in asked.names.items() if key != "front"
    ]
    heads = columns((say("Sheet"), 26, "link"), ("", 48))
    return Section(heads, rows, say("Sheets of this workbook"))
