"""Reports of one section, made of what a collector found, and whether the server takes them."""

from __future__ import annotations

from typing import Any

from agents import collect as collecting
from agents.outcome import Facts
from tests.lab.server_asked import report_of


def document_of(section: str, facts: Facts) -> dict[str, Any]:
    """A report with this one section."""
    values = facts.values.get("", facts.values)
    return {
        "catalogue": 1,
        "agent": {"version": "0"},
        "collected_at": "2026-11-23T08:00:00Z",
        "facts": {section: values} if values != {} else {},
        "unknown": {
            collecting._full(section, path): why.entry() for path, why in facts.unknown.items()
        },
    }


def taken_by_the_server(section: str, facts: Facts) -> None:
    """The server's own types take the section and what is unknown in it; it raises otherwise."""
    report_of(document_of(section, facts))


def facts_of(machine: Any, collector: Any) -> Facts:
    """What a collector makes of the machine."""
    facts: Facts = collector.parse(collector.probe(machine))
    return facts


def reasons(facts: Facts) -> dict[str, str]:
    """Why facts are unknown, by path."""
    return {path: why.reason for path, why in facts.unknown.items()}
