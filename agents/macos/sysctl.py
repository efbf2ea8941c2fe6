"""The kernel's values by name, as ``sysctl NAME …`` prints them: one ``NAME: value`` a line."""

from __future__ import annotations

from agents.outcome import Answers, Unknown, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine


def read(machine: Machine, command: str) -> dict[str, str]:
    """The values that the command prints; names this kernel lacks are not among them."""
    ran = machine.run(command)
    rows = (row.partition(": ") for row in decoded(ran.stdout).splitlines())
    return {name: value.strip() for name, colon, value in rows if colon}


def field(answers: Answers, name: str) -> str:
    """The value of that name among those under ``sysctl``."""
    values = answers.get("sysctl")
    if name not in values:
        raise Unknown("not_found", "this kernel has no " + name)
    value: str = values[name]
    return value
