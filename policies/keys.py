"""The keys of a policy file, each with one line about it.

The loader, the messages and the JSON Schema use them.
"""

from __future__ import annotations

from language.said import said

POLICY = {
    "policy": "the name: lower-case letters, digits and dashes",
    "version": "a whole number that grows with every change",
    "title": "what it is, in both languages: {vi: …, en: …}",
    "vars": "values that several rules share, used as $name",
    "rules": "the list of rules",
    "extends": "the policy whose rules it takes over: a shipped one, or a file beside it",
    "off": "rules of that policy that are not asked here, each with why: {NET-009: why}",
    "vars_for": "values of vars for one unit and its parts: {unit: {name: value}}",
}
RULE = {
    "id": "a short name that never changes, such as FW-001",
    "title": "the rule as a statement, in both languages",
    "severity": "low, medium, high or critical",
    "applies_to": "conditions that say which machines it is about",
    "require": "conditions that must hold",
    "fresh": "how old facts may be, such as 7d; older ones are unknown",
    "fleet": "when the whole fleet meets it: {pass_at_least: 95%}",
    "fix": "what to do about a failure, in both languages",
    "why": "why it matters, in both languages",
    "tests": "examples, each with the verdict it must have",
    "references": "what it follows: a list of short texts, such as a standard and its clause",
    "for_each": "of whom it is asked: machines, expected_devices, seen_devices, all_devices",
    "sources": "witnesses without whom nothing is said: {agent: required, scan: required}",
    "maps": "keys of other catalogues, such as {iso-27001: [A.8.20]}; kept, and shown",
}
_LATER = said("not yet supported; remove it")
POLICY_LATER = {"waivers": _LATER}
RULE_LATER = {
    "waivers": _LATER,
    "missing": said("not yet supported for a whole rule; put missing below each fact"),
}
FLEET = {
    "pass_at_least": "the share of machines that must pass, such as 95%",
    "of": "expected: all machines that should exist",
}
TEST = {
    "name": "what the example shows",
    "facts": "the document: dotted paths, or nested as in a report",
    "unknown": "facts that could not be read, with the reason: {firewall: not_elevated}",
    "seen": "how long ago a scan saw it, such as 2d, or never",
    "reported": "how long ago the report came, such as 9d, or never",
    "expect": "pass, fail, unknown, error or not_applicable",
    "says": "words that the explanation must have, Vietnamese or English",
}
REQUIRED = {
    "policy": ("policy", "version", "title", "rules"),
    "rule": ("id", "title", "require"),
    "test": ("expect",),
}
RESULTS = ("pass", "fail", "unknown", "error", "not_applicable")
EXPECTED_ONLY = ("expected",)
