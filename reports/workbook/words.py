"""Words that the workbook alone needs for codes of the summary, and which words stand out."""

from __future__ import annotations

from language.texts import Texts, marked

SIMULATED = marked("SIMULATED DATA – these machines do not exist")

CONCERNS = {"": "", "soon": marked("soon"), "bad": marked("needs work")}
ABOUT = {
    "firewall": marked("firewall"),
    "ports": marked("open ports"),
    "address": marked("address"),
    "name": marked("name"),
    "system": marked("operating system"),
}
#: what the network shows of a firewall
FILTERING = {
    "on": marked("on"),
    "off": marked("off"),
    "drops": marked("filters: no answer"),
    "rejects": marked("filters: rejects"),
    "open": marked("no filter seen"),
}
SCOPES = {
    "device": marked("one machine"),
    "unit": marked("a unit with its parts"),
    "rule": marked("every machine"),
}


def word(table: dict[str, str], code: str, say: Texts) -> str:
    """The word for a code; what has none is shown as it is."""
    known = table.get(code)
    return say(known) if known else code


def tones(say: Texts) -> dict[str, str]:
    """Words that stand out in a column of marks, and how."""
    return {
        say("Fail"): "bad",
        say("Not met"): "bad",
        say("critical"): "bad",
        say("needs work"): "bad",
        say("not seen"): "bad",
        say("Not known"): "open",
        say("Error in the rule"): "open",
        say("Cannot be stated"): "open",
        say("silent"): "open",
        say("no agent"): "open",
        say("high"): "soon",
        say("soon"): "soon",
        say("Waived"): "soon",
    }
