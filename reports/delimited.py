"""The report as a table for people's spreadsheets: one line for each rule on each machine.

Vietnamese Excel opens UTF-8 with a byte-order mark and ``;`` between cells without asking. A text
cell that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV Injection").
`reports.plain_csv` is the same table for programs.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator

from language.texts import Texts, marked, texts
from reports.formats import local_time, parse_time
from reports.names import word
from reports.summary import DeviceLine, RuleLine, Summary
from reports.visible import visible
from reports.words import WORDS

#: first characters that start a formula, in plain and in full width
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_HEAD = (
    marked("Machine"),
    "id",
    marked("System"),
    marked("Last report"),
    marked("Rule"),
    marked("Severity"),
    marked("Verdict"),
    marked("Open, and why"),
    # what came later stands after these, so that what reads the table goes on reading it
    marked("Unit's code"),
    marked("Unit"),
    marked("State"),
    marked("Counted"),
    marked("Asset number"),
    marked("Address"),
    marked("Since"),
    marked("Requirement"),
    marked("What to do"),
)


def render(summary: Summary, lang: str) -> bytes:
    """The table, with the byte-order mark; a lone surrogate becomes a question mark."""
    made = io.BytesIO()
    text = io.TextIOWrapper(made, "utf-8", errors="replace", newline="", write_through=True)
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    say = texts(lang)
    writer.writerow(map(say, _HEAD))
    units = {one.code: one.name.get(lang, "") for one in summary.units}
    rules = {one.id: one for one in summary.rules}
    for device in summary.devices:
        writer.writerows(_rows(device, summary, say, units, rules))
    text.flush()
    return made.getvalue()


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    if text[:1].isalnum():
        return text
    bare = text[_hidden_before(text) :]
    return f"'{text}" if bare and bare[0] in FORMULA else text


def _hidden_before(text: str) -> int:
    """How many spaces and invisible characters, which a spreadsheet may skip, stand first."""
    for place, letter in enumerate(text):
        if letter in FORMULA or unicodedata.category(letter)[0] not in "ZC":
            return place
    return len(text)


def _rows(
    device: DeviceLine,
    summary: Summary,
    say: Texts,
    units: dict[str, str],
    rules: dict[str, RuleLine],
) -> Iterator[list[str]]:
    lang = say.lang
    heard = local_time(device.received_at, lang, summary.zone) if device.received_at else ""
    known = [device.name, device.id, device.system or "", heard or say("never reported")]
    known = [safe_cell(visible(cell)) for cell in known]
    more = [
        device.unit,
        units.get(device.unit, device.unit),
        word(WORDS, device.state, lang),
        say("yes") if device.expected else say("no"),
        device.asset,
        device.address,
    ]
    more = [safe_cell(visible(cell)) for cell in more]
    times = {since: _since(since, summary, lang) for since in {f.since for f in device.findings}}
    for finding in device.findings:
        rule = rules.get(finding.rule)
        yield [
            *known,
            safe_cell(finding.rule),
            say(WORDS[finding.severity]),
            say(WORDS[finding.result]),
            safe_cell(visible(finding.explanation.get(lang, ""))),
            *more,
            times[finding.since],
            safe_cell(rule.title.get(lang, "") if rule else ""),
            safe_cell(rule.fix.get(lang, "") if rule else ""),
        ]


def _since(text: str | None, summary: Summary, lang: str) -> str:
    return local_time(parse_time(text), lang, summary.zone) if text else ""
