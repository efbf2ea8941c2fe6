"""How well a PC is kept: what its owner or the office set, drawn by fractions."""

from __future__ import annotations

import random
from dataclasses import dataclass

from rasoat.simulated.chance import one_of
from rasoat.simulated.systems import System

#: how the firewall stands → share; see `firewalls`
FIREWALLS = {
    "on": 0.86,
    "public_off": 0.035,
    "all_off": 0.04,
    "policy_off": 0.01,
    "stopped": 0.01,
    "third_party": 0.045,
}
_ANTIVIRUS = {"defender": 0.72, "kaspersky": 0.12, "bkav": 0.1, "off": 0.06}
_ANTIVIRUS_OLD = {"essentials": 0.4, "kaspersky": 0.2, "bkav": 0.25, "off": 0.15}
_AUTOMATIC = {"install": 0.74, "download": 0.1, "notify": 0.06, "off": 0.1}
_UPDATE_DAYS = {6: 0.3, 12: 0.4, 40: 0.16, 75: 0.08, 210: 0.06}
_LOCKS = {600: 0.5, 900: 0.15, 0: 0.35}  #: seconds; 0: never
#: how each stands for the network: what it does with probes of closed ports
DROPS = frozenset({"on", "third_party"})


@dataclass(frozen=True, slots=True)
class Posture:
    """The settings of one PC.

    ``locks``: seconds, 0 never; ``installed``: days since; ``extra``: seed of its programs.
    """

    firewall: str
    antivirus: str
    signature_days: int
    update_days: int
    pending: int
    automatic: str
    encrypted: bool
    admins: int
    blank_passwords: int
    locks: int
    remote_desktop: bool
    smb1: bool
    elevated: bool
    installed: int
    free_percent: float
    extra: int

    @property
    def filtered(self) -> bool:
        """Whether the network meets a filter."""
        return self.firewall in DROPS


def posture(draws: random.Random, system: System, *, portable: bool) -> Posture:
    """One PC's settings."""
    current = system.current or system.family == "linux"
    update_days = one_of(draws, _UPDATE_DAYS) if current else draws.randint(900, 2400)
    return Posture(
        firewall=one_of(draws, FIREWALLS if system.current else {"on": 0.8, "all_off": 0.2}),
        antivirus=one_of(draws, _ANTIVIRUS if current else _ANTIVIRUS_OLD),
        signature_days=one_of(draws, {0: 0.7, 1: 0.15, 5: 0.08, 40: 0.07}),
        update_days=update_days,
        pending=0 if update_days < 10 else draws.randint(1, 4) if current else 41,
        automatic=one_of(draws, _AUTOMATIC),
        encrypted=draws.random() < (0.45 if portable else 0.05),
        admins=one_of(draws, {1: 0.6, 2: 0.25, 3: 0.15}),
        blank_passwords=one_of(draws, {0: 0.93, 1: 0.07}),
        locks=one_of(draws, _LOCKS),
        remote_desktop=draws.random() < 0.12,
        smb1=not current or draws.random() < 0.06,
        elevated=draws.random() < 0.985,
        installed=draws.randint(120, 1600),
        free_percent=round(draws.uniform(3, 80), 1),
        extra=draws.getrandbits(16),
    )
