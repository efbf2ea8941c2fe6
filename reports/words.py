"""The words for codes on a screen and in a table: results, verdicts, states, severities."""

from __future__ import annotations

from language.texts import marked, sense

WORDS = {
    "pass": marked("Pass"),
    "fail": marked("Fail"),
    "unknown": marked("Unknown"),
    "error": marked("Error"),
    "not_applicable": marked("Not applicable"),
    "waived": marked("Waived"),
    "met": marked("Met"),
    "not_met": marked("Not met"),
    "undecided": marked("Undecided"),
    "managed": marked("managed"),
    "silent": marked("silent"),
    "no_agent": marked("no agent"),
    "missing": marked("missing"),
    "unregistered": marked("unregistered"),
    "unknown_device": marked("unknown device"),
    "kind_off": sense("of a rule", "off"),
    "kind_looser": marked("looser"),
    "kind_changed": marked("changed, cannot be compared"),
    "low": marked("low"),
    "medium": marked("medium"),
    "high": marked("high"),
    "critical": marked("critical"),
}
