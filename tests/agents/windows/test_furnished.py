"""What the recorded PCs come to beside their firewall, said by hand and not by the collectors."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agents.collect import collect
from agents.recorded import RecordedMachine
from tests.agents.windows import furnished
from tests.agents.windows.recorded_pcs import FOLDER, PCS

#: Facts that differ from what the office's PC comes to; "unknown: REASON" where there is none.
OFFICE = {
    "services.remote_desktop.enabled": False,
    "services.smb1": False,
    "services.file_sharing": False,
    "services.remote_registry": False,
    "services.winrm": False,
    "services.autorun": False,
    "services.llmnr": True,
    "services.netbios": True,
    "services.ssh.enabled": False,
    "services.ssh.password_authentication": "unknown: not_installed",
    "session_lock.enabled": True,
    "session_lock.after": 600,
    "session_lock.enforced": False,
    "updates.reboot_pending": False,
    "updates.automatic": "install",
    "updates.source": "vendor",
    "updates.pending_security": 0,
    "accounts.auto_logon": False,
    "accounts.auto_logon_password_stored": False,
    "accounts.without_password": 0,
    "accounts.password_policy.lockout_after": 10,
}
OPEN = {
    "session_lock.enabled": False,
    "session_lock.after": "unknown: not_supported",
}
NOBODY = {
    "session_lock.enabled": "unknown: not_found",
    "session_lock.after": "unknown: not_found",
    "session_lock.enforced": "unknown: not_found",
}
SERVER = {
    "services.remote_desktop.enabled": True,
    "services.winrm": True,
    "services.file_sharing": True,
}
CHANGED: dict[str, dict[str, Any]] = {
    "windows-7-sp1-workgroup-all-profiles-on": {
        **OPEN,
        "services.remote_desktop.enabled": True,
        "services.smb1": True,
        "services.file_sharing": True,
        "services.autorun": True,
        "updates.automatic": "download",
        "updates.pending_security": 23,
        "accounts.auto_logon": True,
        "accounts.auto_logon_password_stored": True,
        "accounts.without_password": 1,
        "accounts.password_policy.lockout_after": 0,
    },
    "windows-10-domain-policy-turns-on": {
        "services.llmnr": False,
        "services.netbios": False,
        "session_lock.enforced": True,
        "updates.source": "wsus",
        "accounts.password_policy.lockout_after": 5,
    },
    "windows-10-domain-policy-turns-off": {
        "session_lock.after": 300,
        "session_lock.enforced": True,
        "updates.reboot_pending": True,
        "updates.source": "wsus",
    },
    "windows-10-laptop-public-profile-off": {
        **NOBODY,
        "services.ssh.enabled": True,
        "services.ssh.password_authentication": False,
        "updates.automatic": "off",
    },
    "windows-10-third-party-firewall": {
        "services.smb1": True,
        "updates.reboot_pending": True,
        "updates.pending_security": 2,
    },
    "windows-10-vietnamese-all-profiles-on": {
        "services.autorun": True,
        "updates.automatic": "notify",
        "accounts.auto_logon": True,
    },
    "windows-10-standard-user-unprivileged": {"services.smb1": "unknown: not_elevated"},
    "windows-11-bitlocker-all-profiles-on": OPEN,
    "windows-11-service-stopped": OPEN,
    "windows-server-2019-domain-profile-off": {**SERVER, **NOBODY, "updates.source": "wsus"},
    "windows-server-2022-all-profiles-on": {
        **SERVER,
        "session_lock.enforced": True,
        "updates.automatic": "download",
    },
}


@pytest.mark.parametrize("name", sorted(PCS))
def test_what_a_recorded_pc_comes_to(name: str) -> None:
    document = collect(RecordedMachine(str(FOLDER / name)))
    expected = {**OFFICE, **CHANGED[name]}
    assert {path: told(document, path) for path in expected} == expected


def told(document: dict[str, Any], path: str) -> Any:
    if path in document["unknown"]:
        return "unknown: " + document["unknown"][path]["reason"]
    value = document["facts"]
    for word in path.split("."):
        value = value[word]
    return value


def test_the_tables_speak_of_the_same_pcs() -> None:
    assert set(furnished.OF) == set(PCS) == set(CHANGED)
    assert len(PCS) >= 9


@pytest.mark.parametrize("name", sorted(PCS))
def test_programs_are_listed_without_their_parts_and_users(name: str) -> None:
    document = collect(RecordedMachine(str(FOLDER / name)))
    rows = document["facts"]["software"]
    names = [row["name"] for row in rows]
    assert len(names) >= 3
    assert not [one for one in names if re.search("Extensibility|Security Update|Connection", one)]
    assert ("Zalo 24.11.2" in names) == ("laptop" not in name and "server" not in name)
    assert len({tuple(sorted(row.items())) for row in rows}) == len(rows)
    assert "S-1-5-21" not in str(document["facts"]) + str(document["unknown"])
