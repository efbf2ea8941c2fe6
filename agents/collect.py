"""From a machine to the document: every collector alone, within its time.

One that dies costs its own section.
"""

from __future__ import annotations

import importlib
import sys
import time
from _thread import allocate_lock, start_new_thread  # threading costs a millisecond to load

from agents import CATALOGUE_VERSION, VERSION, shape
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
    outcomes = _outcomes(machine, {name: collectors[name] for name in wanted})
    for section, outcome in outcomes.items():
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


def _outcomes(machine: Machine, modules: dict[str, str]) -> dict[str, Any]:
    """The `Facts` of each section's collector, or the `Unknown` that it ended in.

    One thread runs them all; where a collector hangs, it is left behind with its thread, and a new
    thread runs those that are still to come.
    """
    outcomes: dict[str, Any] = {}
    while len(outcomes) < len(modules):
        left = [name for name in modules if name not in outcomes]
        worker = _Worker(machine, {name: modules[name] for name in left})
        worker.start()
        stuck = worker.watch(SECONDS)
        outcomes.update(worker.done)
        if stuck:
            outcomes[stuck] = Unknown("timed_out", "took over %d s" % SECONDS)
    return {name: outcomes[name] for name in modules}


class _Worker:
    """Runs collectors one after the other; ``done`` has the outcomes of those that ended."""

    def __init__(self, machine: Machine, modules: dict[str, str]) -> None:
        self.done: dict[str, Any] = {}
        self._machine = machine
        self._modules = modules
        self._at = (next(iter(modules)), time.monotonic())  #: the section at work, since when
        self._left_behind = False
        self._at_work = allocate_lock()  #: held until the last collector has ended

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._at_work.acquire()
        start_new_thread(self._run, ())

    def _run(self) -> None:
        """Run them all, or those before the one that hangs."""
        try:
            for name, module in self._modules.items():
                if self._left_behind:
                    return
                self._at = (name, time.monotonic())
                outcome = _run(self._machine, name, module)
                if not self._left_behind:
                    self.done[name] = outcome
        finally:
            self._at_work.release()

    def watch(self, seconds: float) -> str:
        """Wait for the end; gives the section that took longer than that, "" where none did."""
        while True:
            name, begun = self._at
            if self._at_work.acquire(timeout=max(0.0, begun + seconds - time.monotonic())):
                return ""
            if self._at == (name, begun) and time.monotonic() - begun >= seconds:
                self._left_behind = True
                self.done = {key: self.done[key] for key in list(self.done) if key != name}
                return name


def _run(machine: Machine, section: str, module: str) -> Facts | Unknown:
    """One collector's probe and parse, if what it gives has the shape of its section.

    The one place of the agents that catches everything, SystemExit too: the edge of a section.
    """
    try:
        collector = importlib.import_module(module)
        return _checked(section, collector.parse(collector.probe(machine)))
    except Unknown as why:
        return why
    except BaseException as fault:  # noqa: BLE001 - a collector that dies must not cost the other sections
        return Unknown("failed", "%s: %s" % (type(fault).__name__, fault))


def _checked(section: str, facts: Any) -> Facts:
    """What a collector gave; raises `Unknown` where it is not of the shape of its section."""
    if not isinstance(facts, Facts):
        raise Unknown("failed", "the collector gave a %s" % type(facts).__name__)
    unknown = {_full(section, path): why for path, why in facts.unknown.items()}
    if facts.values or not unknown:
        shape.check(section, facts.values.get("", facts.values), unknown)
    else:
        shape.check_unknown(section, unknown)
    return facts
