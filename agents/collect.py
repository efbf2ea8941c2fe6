"""From a machine to the document: every collector alone, within its time.

One that dies costs its own section.
"""

from __future__ import annotations

import importlib
import sys
import threading
import time

from agents import CATALOGUE_VERSION, VERSION
from agents.outcome import Facts, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable

    from agents.machine import Machine

SECONDS = 60.0  #: the longest that one section may take
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

#: The sections of each platform, in the order of the document, and the module that collects each.
COLLECTORS = {
    "linux": {
        "hardware": "agents.linux.hardware",
        "os": "agents.linux.system",
        "volumes": "agents.linux.volumes",
        "network": "agents.linux.network",
        "firewall": "agents.linux.firewall",
        "antivirus": "agents.linux.antivirus",
        "updates": "agents.linux.updates",
        "accounts": "agents.linux.accounts",
        "session_lock": "agents.linux.session_lock",
        "services": "agents.linux.services",
        "software": "agents.linux.software",
    },
    "windows": {
        "hardware": "agents.windows.hardware",
        "os": "agents.windows.system",
        "volumes": "agents.windows.volumes",
        "network": "agents.windows.network",
        "firewall": "agents.windows.firewall",
        "antivirus": "agents.windows.antivirus",
        "updates": "agents.windows.updates",
        "accounts": "agents.windows.accounts",
        "session_lock": "agents.windows.session_lock",
        "services": "agents.windows.services",
        "software": "agents.windows.software",
    },
    "macos": {
        "hardware": "agents.macos.hardware",
        "os": "agents.macos.system",
        "volumes": "agents.macos.volumes",
        "network": "agents.macos.network",
        "firewall": "agents.macos.firewall",
        "antivirus": "agents.macos.antivirus",
        "updates": "agents.macos.updates",
        "accounts": "agents.macos.accounts",
        "session_lock": "agents.macos.session_lock",
        "services": "agents.macos.services",
        "software": "agents.macos.software",
    },
}


def sections(platform: str) -> tuple[str, ...]:
    """The names of the sections that can be collected there.

    Raises:
        Unknown: no collectors for this platform yet.
    """
    if platform not in COLLECTORS:
        raise Unknown("not_supported", "no collectors for %s yet" % platform)
    return tuple(COLLECTORS[platform])


def collect(machine: Machine, sections: Iterable[str] | None = None) -> dict[str, Any]:
    """The document of DESIGN §4, with the facts of ``sections``; of all where None."""
    begun = time.monotonic()
    collectors = COLLECTORS[machine.platform]
    wanted = (
        collectors if sections is None else [name for name in collectors if name in set(sections)]
    )
    values: dict[str, Any] = {}
    unknown: dict[str, dict[str, str]] = {}
    failed = 0
    for section in wanted:
        outcome = _within(SECONDS, machine, collectors[section])
        if isinstance(outcome, Unknown):
            failed += 1
            unknown[section] = outcome.entry()
            continue
        if outcome.values or not outcome.unknown:
            values[section] = outcome.values.get("", outcome.values)
        for path, why in outcome.unknown.items():
            unknown[_full(section, path)] = why.entry()
    agent: dict[str, Any] = {
        "version": VERSION,
        "python": "%d.%d.%d" % sys.version_info[:3],
        "duration": round(time.monotonic() - begun, 3),
        "sections_failed": failed,
    }
    elevated = attempt(machine.elevated)
    if isinstance(elevated, Unknown):
        unknown["agent.elevated"] = elevated.entry()
    else:
        agent["elevated"] = elevated
    return {
        "catalogue": CATALOGUE_VERSION,
        "agent": agent,
        "collected_at": time.strftime(TIME_FORMAT, time.gmtime(machine.now())),
        "facts": values,
        "unknown": unknown,
    }


def _full(section: str, path: str) -> str:
    """The path of a fact from the root.

    In a section that is a list itself it begins with a bracket or a dot.
    """
    return section + (path if path[:1] in ("", ".", "[") else "." + path)


def _within(seconds: float, machine: Machine, module: str) -> Any:
    """The `Facts` of one collector, or the `Unknown` that it ended in.

    One that hangs is left behind.
    """
    outcome: list[Any] = []
    worker = threading.Thread(target=lambda: outcome.append(_run(machine, module)), daemon=True)
    worker.start()
    worker.join(seconds)
    return outcome[0] if outcome else Unknown("timed_out", "took over %d s" % seconds)


def _run(machine: Machine, module: str) -> Facts | Unknown:
    """One collector's probe and parse.

    The one place of the agents that catches everything: the edge of a section.
    """
    try:
        collector = importlib.import_module(module)
        facts: Facts = collector.parse(collector.probe(machine))
        return facts
    except Unknown as why:
        return why
    except Exception as fault:  # noqa: BLE001 - a collector that dies must not cost the other sections
        return Unknown("failed", "%s: %s" % (type(fault).__name__, fault))
