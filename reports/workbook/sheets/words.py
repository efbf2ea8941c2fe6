"""What the words of this workbook mean."""

from __future__ import annotations

from language.texts import marked
from reports.names import RESULTS, SHORT_STATES, VERDICTS
from reports.workbook import meanings
from reports.workbook.asked import Asked
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet

_OTHERS = {
    marked("Counted"): marked("Whether the machine is in the denominator of the statements."),
    marked("Since"): marked("Since when the result stands, as far as the findings kept go back."),
    marked("Share that passes"): marked(
        "Passes over the machines that the requirement concerns, rounded down."
    ),
    marked("Contradictions"): marked(
        "The machine says one thing, a scan of the network shows another; a pass that the network "
        "contradicts is counted as not known."
    ),
    marked("SHA-256 of the figures"): marked(
        "The report's figures are kept as JSON under this hash; all formats show the same figures."
    ),
    marked("[U+202E] and the like"): marked(
        "A character that cannot be seen, or would turn the text round, shown as its number."
    ),
}


def sheet(asked: Asked) -> Sheet:
    """States, results, statements and other words."""
    say = asked.say
    notes = (
        say("Every cell is text, a number, a date or a link inside this workbook; no formula."),
    )
    heads = columns(
        (say("Where"), 24), (say("Word"), 34, "mark"), (say("What it means"), 90, "wrap")
    )
    section = Section(heads, _rows(asked))
    return Sheet(asked.names["words"], say("What the words mean"), notes, (section,))


def _rows(asked: Asked) -> list[Row]:
    say = asked.say
    tables = (
        (say("Result"), RESULTS, meanings.RESULTS),
        (say("Statement"), VERDICTS, meanings.VERDICTS),
        (say("State"), SHORT_STATES, meanings.STATES),
    )
    rows: list[Row] = [
        (where, say(names[code]), say(meaning))
        for where, names, told in tables
        for code, meaning in told.items()
    ]
    return rows + [(say("Other"), say(name), say(meaning)) for name, meaning in _OTHERS.items()]
