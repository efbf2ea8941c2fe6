"""The words for states, results and severities, and how numbers are written in a report."""

from __future__ import annotations

from datetime import datetime

from language.forms import number
from language.texts import Words, marked, texts
from reports.formats import local_time

STATES = {
    "managed": marked("Reporting"),
    "silent": marked("Has an agent, but is silent"),
    "no_agent": marked("On the network, without an agent"),
    "missing": marked("Seen nowhere"),
    "refused": marked("Row of the register that was not understood"),
    "unregistered": marked("Has an agent, is not in the register"),
    "unknown_device": marked("Unknown device on the network"),
    "current": marked("Reported within 7 days"),
    "never_reported": marked("Never reported"),
    "quarantined": marked("In quarantine"),
}
#: for narrow columns
SHORT_STATES = {
    "managed": marked("reporting"),
    "silent": marked("silent"),
    "no_agent": marked("no agent"),
    "missing": marked("not seen"),
    "unregistered": marked("not in the register"),
    "unknown_device": marked("unknown device"),
}
RESULTS = {
    "pass": marked("Pass"),
    "fail": marked("Fail"),
    "unknown": marked("Not known"),
    "error": marked("Error in the rule"),
    "not_applicable": marked("Does not apply"),
    "waived": marked("Waived"),
}
VERDICTS = {
    "met": marked("Met"),
    "not_met": marked("Not met"),
    "undecided": marked("Cannot be stated"),
    "not_applicable": marked("Does not apply"),
    "": marked("Not asked"),
}
SEVERITIES = {
    "critical": marked("critical"),
    "high": marked("high"),
    "medium": marked("medium"),
    "low": marked("low"),
}
KINDS = {
    "pc": marked("computer"),
    "server": marked("server"),
    "printer": marked("printer"),
    "phone": marked("telephone"),
    "camera": marked("camera"),
    "router": marked("router"),
    "switch": marked("switch"),
    "access_point": marked("access point"),
    "nas": marked("network storage"),
    "iot": marked("appliance with a network connection"),
    "other": marked("other"),
    "unknown": marked("not known"),
}
ENCRYPTION = {
    "on": marked("on"),
    "off": marked("off"),
    "suspended": marked("suspended"),
    "in_progress": marked("not finished"),
    "locked": marked("locked"),
}
DEPARTURES = {
    "off": marked("left out"),
    "looser": marked("looser"),
    "changed": marked("different, cannot be compared"),
}
MARKS = {"met": "good", "not_met": "bad", "undecided": "open"}
LONGEST = 200  #: characters of a text from a machine that are printed; the rest is counted


def word(table: dict[str, str], key: str, lang: str) -> str:
    """The word for a key; the key itself where a later release has one that this has not."""
    return texts(lang)(table[key]) if key in table else key


def count(n: int, lang: str) -> str:
    """A whole number as people of that language write it."""
    return number(n, lang)


def share(part: int, total: int, lang: str) -> str:
    """A share with one decimal, rounded down: 567 of 568 is never 100 %."""
    return f"{number(part * 1000 // total / 10, lang, decimals=1)} %" if total else "–"


def moment(at: datetime, lang: str, zone: str) -> str:
    """A moment in running text."""
    return local_time(at, lang, zone)


def told(words: Words, lang: str) -> str:
    """The text of one language; of the other where there is none; a dash where there is neither."""
    return words.get(lang) or next(filter(None, words.values()), "–")


def printed(text: str, lang: str) -> str:
    """What a machine said of itself, not longer than a paragraph; what is left out is counted."""
    if len(text) <= LONGEST:
        return text
    say, length = texts(lang), count(len(text), lang)
    return f"{text[:LONGEST]}… " + say("[{n} characters]", n=length)
