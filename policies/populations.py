"""Of whom a rule is asked: who must report, what a scan has seen, everything there is.

A rule for each expected device is asked of those too that never reported. What the server itself
would know, such as when a machine reported last, is then not unknown where it is missing: it is
known not to be, and the machine fails.
"""

from __future__ import annotations

from msgspec.structs import replace

from inventory.devices import DeviceView
from policies.tree import (
    Condition,
    Every,
    Rule,
    Some,
    Test,
    WhenMissing,
)


def asked(rule: Rule, machine: DeviceView) -> bool:
    """Whether a rule is asked of a device."""
    if rule.for_each == "all_devices":
        return True
    if rule.for_each == "seen_devices":
        return machine.seen_at is not None
    return machine.expected or (rule.for_each == "machines" and machine.speaks)


def of_the_register(rule: Rule) -> bool:
    """Whether the machines that must report are the denominator of the rule's statement."""
    return rule.for_each in ("machines", "expected_devices")


def known_by_the_server(node: Condition) -> Condition:
    """The condition, with what the server would know counted as failing where it is missing.

    Contradictions are not of that kind: where only one witness spoke they are missing, and nobody
    knows what the other would have said. Below ``not`` nothing is changed: of what is not there
    nothing may be concluded but what is said.
    """
    if isinstance(node, Every | Some):
        return replace(node, parts=tuple(map(known_by_the_server, node.parts)))
    if isinstance(node, Test) and _is_the_servers(node.spot.fact.path):
        return WhenMissing(node.spot, holds=False, part=node)
    return node


def _is_the_servers(path: str) -> bool:
    return path == "agent.last_report" or path.startswith("device.")
