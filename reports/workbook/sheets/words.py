"""What the words of this workbook mean."""

from __future__ import annotations

from language.texts import marked
from reports.workbook.asked import Asked
from reports.workbook.setting import columns
from reports.workbook.sheet import Row, Section, Sheet
from reports.workbook.words import RESULTS, STATES, VERDICTS

_RESULTS = {
    "pass": marked("What the machine reported, still fresh, is as the requirement asks."),
    "fail": marked("What the machine reported is not as the requirement asks."),
    "unknown": marked("It was not reported, could not be read, or is too old; never a pass."),
    "error": marked("The requirement could not be judged; counted with what is not known."),
    "not_applicable": marked("The requirement does not concern this machine; in no share."),
    "waived": marked("It fails, and an exception with an approver and a last day is in force."),
}
_VERDICTS = {
    "met": marked("As many machines pass as are required, over all that are expected."),
    "not_met": marked("Even if all that is not known were a pass, too few would pass."),
    "undecided": marked("It depends on machines that nobody can speak of yet."),
    "not_applicable": marked("The requirement concerns none of these machines."),
}
_STATES = {
    "managed": marked("In the register, and its agent reports."),
    "silent": marked("In the register, and its agent has been silent for over 7 days."),
    "no_agent": marked("In the register and on the network, but no agent speaks for it."),
    "missing": marked("In the register, and seen nowhere."),
    "unregistered": marked("Its agent reports, but the register does not have it; not counted."),
    "unknown_device": marked("Seen on the network; nobody's; not counted."),
}
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
        (say("Result"), RESULTS, _RESULTS),
        (say("Statement"), VERDICTS, _VERDICTS),
        (say("State"), STATES, _STATES),
    )
    rows: list[Row] = [
        (where, say(names[code]), say(meaning))
        for where, names, meanings in tables
        for code, meaning in meanings.items()
    ]
    return rows + [(say("Other"), say(name), say(meaning)) for name, meaning in _OTHERS.items()]
