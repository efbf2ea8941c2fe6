"""A whole report of a simulated PC, as `rasoat-agent show --json` prints one of a real PC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from inventory.times import stamp
from rasoat.simulated import (
    AGENT_VERSION,
    firewalls,
    hardware,
    network,
    settings,
    software,
    systems,
)
from rasoat.simulated.machines import Phase
from rasoat.simulated.places import Place

_NEWEST_OF_BIOS = 2013  #: machines bought until then start by a BIOS
_TPM_2 = 2018  #: year from which PCs have a TPM 2.0


def document(phase: Phase, place: Place, at: datetime, since: datetime) -> dict[str, Any]:
    """What the agent on a PC reports ``at`` a moment of that phase."""
    return {
        "catalogue": 1,
        "agent": {
            "version": AGENT_VERSION,
            "python": "3.11.7",
            "duration": 0.04,
            "sections_failed": 0,
            "elevated": phase.posture.elevated,
        },
        "collected_at": stamp(at),
        "facts": _facts(phase, place, at, since),
        "unknown": dict(_unknown(phase)),
    }


def _facts(phase: Phase, place: Place, at: datetime, since: datetime) -> dict[str, Any]:
    linux, one = phase.system.family == "linux", phase.posture
    family_firewall = firewalls.linux if linux else firewalls.windows
    family_software = software.linux if linux else software.windows
    return {
        "hardware": _hardware(phase),
        "os": systems.section(
            phase.system,
            phase.name,
            at,
            installed=since - timedelta(days=one.installed),
            update_days=one.update_days,
        ),
        "volumes": settings.volumes(phase),
        "network": network.section(phase, place),
        "firewall": family_firewall(one.firewall),
        "antivirus": settings.antivirus(one, at, linux=linux),
        "updates": settings.updates(one, at),
        "accounts": settings.accounts(one, linux=linux),
        "session_lock": settings.session_lock(one, linux=linux),
        "services": settings.services(one, linux=linux),
        "software": family_software(one.extra),
    }


def _hardware(phase: Phase) -> dict[str, Any]:
    one = phase.hardware
    uefi = one.bought > _NEWEST_OF_BIOS and phase.system.build != systems.SEVEN.build
    tpm = "" if not uefi else "2.0" if one.bought >= _TPM_2 else "1.2"
    secure = uefi and phase.system.build >= systems.TEN_OLD.build
    return hardware.section(one, uefi=uefi, secure_boot=secure, tpm=tpm)


def _unknown(phase: Phase) -> list[tuple[str, dict[str, str]]]:
    """What a real PC of this kind could not read, and why."""
    windows, one = bool(phase.system.build), phase.posture
    why = [("network.domain", "not_found", "this computer is in no domain")]
    if windows:
        why.append(("network.proxy", "not_found", "no proxy of the machine"))
        why.append(("services.ssh.password_authentication", "not_installed", "no service sshd"))
    if not one.elevated:
        why.append(("volumes.encryption", "not_elevated", "only an administrator may read it"))
        why.append(("accounts.without_password", "not_elevated", "only an administrator may"))
    if not one.locks:
        why.append(("session_lock.after", "not_supported", "the screen does not lock by itself"))
    return [(path, {"reason": reason, "detail": detail}) for path, reason, detail in why]
