r"""Installed updates, from the packages of Component Based Servicing.

A package for an update has parts, ``Package_12_for_KB5031356~…``, and a whole,
``Package_for_KB5031356~…``: the wholes are read. A cumulative update's whole is named RollupFix
and has a version in place of a KB number.
Source: MS docs, "Understanding Component-Based Servicing"; CurrentState and InstallTimeHigh/Low as
DISM /Get-Packages shows them (State, Install Time).
"""

from __future__ import annotations

from agents.outcome import Facts, Unknown, attempt, known
from agents.readings import stamp
from agents.windows.registry import Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

PACKAGES = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages"
_WHOLE = "package_for_"
_INSTALLED = (112, 128)  #: CurrentState: installed, installed for good
_MOST = 4096  #: updates; what a report may hold
_EPOCH = 11_644_473_600  #: seconds from 1601, where FILETIME begins, to 1970
_TICKS = 10_000_000  #: of FILETIME in a second


def installed(machine: Machine) -> list[dict[str, Any]]:
    """Each installed update: its id, and when it was put in (seconds since 1970) or why unknown.

    Raises:
        Unknown: the packages cannot be listed, or one of them cannot be read.
    """
    names = [name for name in machine.registry_keys(PACKAGES) if name.lower().startswith(_WHOLE)]
    if len(names) > _MOST:
        raise Unknown("unreadable", "%d packages of updates" % len(names))
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        path = PACKAGES + "\\" + name
        package = Key(path, machine.registry_values(path))
        if package.number_or("CurrentState", 0) in _INSTALLED:
            identity = _identity(name)
            found[identity] = {"id": identity, "at": attempt(_moment, package)}
    return list(found.values())


def _identity(name: str) -> str:
    """KB5031356; of what has no KB number, its name and version: RollupFix 19041.3570.1.7."""
    words = name[len(_WHOLE) :].split("~")
    if words[0].upper().startswith("KB") and words[0][2:].isdigit():
        return words[0].upper()
    return (words[0] + " " + words[-1]).strip()[:256]


def _moment(package: Key) -> int:
    ticks = package.number("InstallTimeHigh") << 32 | package.number("InstallTimeLow")
    if ticks == 0:
        raise Unknown("not_found", package.path + ": InstallTime is 0")
    return ticks // _TICKS - _EPOCH


def newest(packages: list[dict[str, Any]]) -> str:
    """When the last update was put in."""
    moments = [one["at"] for one in packages if not isinstance(one["at"], Unknown)]
    if not moments:
        raise Unknown("not_found", "no update says when it was installed")
    return stamp(max(moments))


def row(package: dict[str, Any]) -> Facts:
    """One element of updates.installed."""
    facts = Facts()
    facts.set("id", package["id"])
    facts.put("installed_at", lambda: stamp(known(package["at"])))
    return facts
