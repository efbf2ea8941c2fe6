"""Operating systems as offices have them, and the section ``os`` of a report."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inventory.times import stamp
from rasoat.simulated.chance import one_of
from rasoat.simulated.hardware import Hardware


@dataclass(frozen=True, slots=True)
class System:
    """One system; ``version`` without the revision, which Windows 10 and 11 have besides."""

    family: str
    name: str
    version: str
    release: str
    lifecycle: str
    build: int = 0
    revisions: tuple[int, ...] = ()  #: UBR, the newest first, a month apart
    kernel: str = ""

    @property
    def current(self) -> bool:
        """Whether it is a Windows that tells its revision and needs UEFI less often."""
        return self.build >= 10_240


SEVEN = System("windows", "Windows 7", "6.1.7601", "Service Pack 1", "windows-7-sp1", build=7601)
EIGHT = System("windows", "Windows 8.1", "6.3.9600", "", "windows-8.1", build=9600)
TEN = System(
    *("windows", "Windows 10", "10.0.19045", "22H2", "windows-10-22h2-pro", 19_045),
    revisions=(6575, 6456, 6332, 6216, 6093, 5965),
)
TEN_OLD = System(
    *("windows", "Windows 10", "10.0.17763", "1809", "windows-10-1809-pro", 17_763),
    revisions=(3650, 3532, 3406),
)
ELEVEN_23 = System(
    *("windows", "Windows 11", "10.0.22631", "23H2", "windows-11-23h2-pro", 22_631),
    revisions=(6199, 6060, 5909, 5768),
)
ELEVEN = System(
    *("windows", "Windows 11", "10.0.26100", "24H2", "windows-11-24h2-pro", 26_100),
    revisions=(7171, 6899, 6584, 4946),
)
SERVER_19 = System(
    *("windows", "Windows Server 2019", "10.0.17763", "1809", "windows-server-2019", 17_763),
    revisions=(8027, 7919, 7792),
)
UBUNTU = System(*("linux", "Ubuntu", "24.04", "noble", "ubuntu-24.04"), kernel="6.8.0-51-generic")
DEBIAN = System(*("linux", "Debian GNU/Linux", "12.11", "bookworm", "debian-12"), kernel="6.1.0-37")

_OLD = {SEVEN: 0.42, EIGHT: 0.09, TEN: 0.33, TEN_OLD: 0.12, UBUNTU: 0.04}
_MIDDLE = {TEN: 0.72, TEN_OLD: 0.06, ELEVEN_23: 0.1, ELEVEN: 0.09, UBUNTU: 0.03}
_NEW = {TEN: 0.42, ELEVEN_23: 0.2, ELEVEN: 0.35, UBUNTU: 0.02, DEBIAN: 0.01}


def system(draws: random.Random, hardware: Hardware) -> System:
    """What runs on such a machine."""
    if hardware.model.chassis == "server":
        return SERVER_19
    if hardware.model.chassis == "virtual":
        return one_of(draws, {DEBIAN: 0.5, SERVER_19: 0.5})
    if hardware.model.memory == "DDR3":
        return one_of(draws, _OLD)
    return one_of(draws, _MIDDLE if hardware.bought < 2021 else _NEW)


def section(
    one: System, name: str, at: datetime, *, installed: datetime, update_days: int
) -> dict[str, Any]:
    """The section ``os`` of a report made ``at``, on a machine updated so many days ago."""
    facts: dict[str, Any] = {
        "family": one.family,
        "id": "windows" if one.family == "windows" else one.lifecycle.partition("-")[0],
        "name": one.name,
        "version": one.version,
        "release": one.release,
        "lifecycle": one.lifecycle,
        "architecture": "x86_64",
        "installed_at": stamp(installed),
        "booted_at": stamp(at - timedelta(hours=3, minutes=11)),
        "hostname": name,
    }
    return facts | (_windows(one, update_days) if one.build else _linux(one))


def _windows(one: System, update_days: int) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "edition": "ServerStandard" if "Server" in one.name else "Professional",
        "build": one.build,
        "server": "Server" in one.name,
        "timezone": "SE Asia Standard Time",
        "uac": True,
    }
    if one.revisions:
        revision = one.revisions[min(update_days // 30, len(one.revisions) - 1)]
        facts |= {"update_build_revision": revision, "version": f"{one.version}.{revision}"}
    return facts


def _linux(one: System) -> dict[str, Any]:
    return {
        "kernel": one.kernel,
        "timezone": "Asia/Ho_Chi_Minh",
        "mandatory_access_control": "apparmor",
    }
