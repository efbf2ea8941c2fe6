"""Updates: when packages were installed and looked for, what waits, and whether a restart is due.

Nothing here uses the network: what waits is judged by the lists that the machine fetched itself.
"""

from __future__ import annotations

import re

from agents.linux import apt, dnf, units
from agents.outcome import Answers, Facts, attempt
from agents.readings import stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_RESTART_MARKS = ("/run/reboot-required", "/var/run/reboot-required")
_KERNEL = "vmlinuz-"


def probe(machine: Machine) -> Answers:
    """Ask the package manager's files, what waits, and which kernels are installed."""
    answers = Answers()
    answers.ask("apt there", machine.exists, "/var/lib/dpkg/status")
    answers.ask("dnf there", machine.exists, "/etc/dnf/dnf.conf")
    answers.ask("units", units.enabled, machine)
    for path in _RESTART_MARKS:
        answers.ask("mark " + path, machine.exists, path)
    answers.ask("boot", machine.list_dir, "/boot")
    answers.ask("uname", machine.value, "system")
    if attempt(answers.get, "apt there") is True:
        apt.ask(machine, answers)
    elif attempt(answers.get, "dnf there") is True:
        dnf.ask(machine, answers)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("reboot_pending", _reboot_pending, answers)
    reading = apt if attempt(answers.get, "apt there") is True else dnf
    facts.put("last_installed_at", lambda: stamp(reading.last_installed_at(answers)))
    facts.put("last_checked_at", lambda: stamp(reading.last_checked_at(answers)))
    facts.put("pending", reading.pending, answers)
    facts.put("pending_security", reading.pending_security, answers)
    facts.put("automatic", reading.automatic, answers)
    facts.put("source", reading.source, answers)
    return facts


def _reboot_pending(answers: Answers) -> bool:
    """A mark that a package left, or a newer kernel on disk than the one that runs."""
    if any(attempt(answers.get, "mark " + path) is True for path in _RESTART_MARKS):
        return True
    answers.get("mark " + _RESTART_MARKS[0])
    running = answers.get("uname")
    release = running.get("release") if isinstance(running, dict) else None
    installed = [
        name[len(_KERNEL) :]
        for name in answers.get("boot")
        if name.startswith(_KERNEL) and "rescue" not in name
    ]
    if release not in installed:
        # a kernel that the host or the vendor gives; what lies in /boot does not run here
        return False
    return any(_order(one) > _order(release) for one in installed)


def _order(release: Any) -> list[tuple[int, str]]:
    """A kernel's release as something that sorts: its numbers as numbers."""
    return [
        (int(part[:18]), "") if part.isdigit() else (-1, part)
        for part in re.findall(r"[0-9]+|[^0-9.\-+~_]+", str(release))
    ]
