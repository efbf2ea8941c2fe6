"""The live Mac: files and programs as on every Unix, and the values that are neither."""

from __future__ import annotations

from agents.machine import LiveMachine
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class MacMachine(LiveMachine):
    """The Mac that the agent runs on."""

    platform = "macos"

    def smbios(self) -> bytes:
        """No Mac shows one."""
        raise Unknown("not_supported", "a Mac has no SMBIOS table")

    def value(self, name: str, *arguments: str) -> Any:
        """Ask the function of that name in `agents.macos.values`, or the one all systems share."""
        from agents.macos import values

        if name in values.VALUES:
            return values.VALUES[name](*arguments)
        return super().value(name, *arguments)
