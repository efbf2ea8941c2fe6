"""Whom the report speaks of: the machines expected, and how each is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from inventory.coverage import SILENT_AFTER, State
from inventory.devices import DeviceView
from policies.assess import Assessment
from reports.summary import Coverage


def coverage_of(assessment: Assessment, known: Sequence[DeviceView]) -> Coverage:
    """The counts; ``known``: every device, or nothing where only those judged are known."""
    at, refused = assessment.at, assessment.refused
    machines = known or assessment.machines
    counts = Counter(_state(machine, at) for machine in machines if machine.expected)
    names = ("current", "silent", "never_reported", "quarantined")
    by_name = {name: counts[name] for name in names}
    total = counts.total() + refused
    return Coverage(expected=total, **by_name, refused=refused, states=_states(known))


def _states(known: Iterable[DeviceView]) -> dict[str, int] | None:
    """The coverage states of the computers expected, and of what is not in the register."""
    counts: Counter[str] = Counter()
    registered = False
    for one in known:
        registered |= one.asset is not None
        if one.asset is None or one.expected:
            counts[one.state] += 1
    return {state.value: counts[state] for state in State} if registered else None


def _state(machine: DeviceView, at: datetime) -> str:
    if machine.status == "quarantined":
        return "quarantined"
    if machine.received_at is None:
        return "never_reported"
    return "silent" if at - machine.received_at > SILENT_AFTER else "current"
