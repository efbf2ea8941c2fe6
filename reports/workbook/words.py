"""The words of the workbook for what the summary has as codes, and which of them stand out."""

from __future__ import annotations

from language.texts import Texts, marked

SIMULATED = marked("SIMULATED DATA – these machines do not exist")

#: code → word; results, verdicts, severities, states, concerns, kinds of turning
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
    "not_applicable": marked("Not asked"),
}
SEVERITIES = {
    "critical": marked("critical"),
    "high": marked("high"),
    "medium": marked("medium"),
    "low": marked("low"),
}
STATES = {
    "managed": marked("reporting"),
    "silent": marked("silent"),
    "no_agent": marked("no agent"),
    "missing": marked("not seen"),
    "unregistered": marked("not in the register"),
    "unknown_device": marked("unknown device"),
}
CONCERNS = {"": "", "soon": marked("soon"), "bad": marked("needs work")}
KINDS = {
    "pc": marked("computer"),
    "server": marked("server"),
    "printer": marked("printer"),
    "phone": marked("telephone"),
    "camera": marked("camera"),
    "router": marked("router"),
    "switch": marked("switch"),
    "access_point": marked("access point"),
}
ENCRYPTION = {
    "on": marked("on"),
    "off": marked("off"),
    "suspended": marked("suspended"),
    "in_progress": marked("in progress"),
    "locked": marked("locked"),
}
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
DEPARTURES = {
    "off": marked("left out"),
    "looser": marked("asks less"),
    "changed": marked("asks something else"),
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
