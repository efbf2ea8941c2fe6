"""The live Windows machine: files, the registry in both views, SMBIOS, and the system's calls."""

from __future__ import annotations

import json

from agents.machine import LiveMachine
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.commands import Ran


class WindowsMachine(LiveMachine):
    """The Windows that the agent runs on."""

    platform = "windows"

    def elevated(self) -> bool:
        """Whether the process token is elevated; SYSTEM's and an unfiltered administrator's are."""
        from agents.windows import calls_system

        return calls_system.elevated()

    def run(self, name: str) -> Ran:
        """Windows' collectors need no program."""
        raise Unknown("not_supported", "no program is started on Windows to collect " + name)

    def smbios(self) -> bytes:
        """The firmware's table; everybody may read it."""
        from agents.windows import calls_hardware

        return calls_hardware.smbios()

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        """As the registry has them now."""
        from agents.windows import live_registry

        return live_registry.values(key, view)

    def registry_keys(self, key: str, view: int = 64) -> list[str]:
        """As the registry has them now."""
        from agents.windows import live_registry

        return live_registry.keys(key, view)

    def value(self, name: str, *arguments: str) -> Any:
        """Ask the function of that name in `agents.windows.calls`, slow ones once a day."""
        from agents.windows import calls

        if name not in calls.VALUES:
            raise Unknown("not_supported", "Windows has no value %r" % name)
        if name not in calls.DAILY or (self._slow and self._kept is None):
            return _guarded(name, arguments)
        if self._kept is None:
            raise Unknown("not_supported", "slow: asked once a day by `run`, or by `show --slow`")
        from agents import daily

        ran = daily.run(self._kept, name, [], lambda: _as_ran(_guarded(name, arguments)))
        return json.loads(ran.stdout.decode("utf-8"))


def _guarded(name: str, arguments: tuple[str, ...]) -> Any:
    """The value; a call that the system refuses in a way not foreseen is unreadable."""
    from agents.windows import calls

    try:
        return calls.value(name, *arguments)
    except (OSError, ValueError, LookupError, ArithmeticError) as fault:
        raise Unknown("unreadable", "%s: %s" % (name, fault)) from None


def _as_ran(value: Any) -> Ran:
    from agents.commands import Ran

    return Ran(0, json.dumps(value).encode("utf-8"), b"")
