"""`record` under Wine: what it writes replays on Linux to the facts that were live there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from agents.collect import collect
from agents.recorded import RecordedMachine
from inventory.document import decode_report
from tests.agents.windows.office import agent, leaves, shown
from tests.lab.wine import VERSIONS, Wine, windows

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

FIREWALL_ON = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile]
"EnableFirewall"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\PublicProfile]
"EnableFirewall"=dword:00000001

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\RasoatThu]
"DisplayName"="Kế toán 東京"
"DisplayVersion"="1.2.3"

[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\RasoatThu32]
"DisplayName"="Văn phòng 32"
"DisplayVersion"="7"
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recording_replays_to_the_same_facts_on_linux(
    pc: Wine, version: str, tmp_path: Path
) -> None:
    pc.imported(FIREWALL_ON)
    folder = pc.drive / f"ghi lại {version}"
    shutil.rmtree(folder, ignore_errors=True)
    agent(pc, version, "record", windows(folder))
    live = shown(pc, version, "--slow")
    shutil.copytree(folder, tmp_path / "recording")
    replayed = collect(RecordedMachine(str(tmp_path / "recording")))
    decode_report(json.dumps(replayed).encode())
    assert replayed["facts"]["firewall"]["profiles"]["public"]["local"] is True
    assert leaves(replayed["facts"]) >= 70
    names = {one["name"] for one in replayed["facts"]["software"]}
    assert {"Kế toán 東京", "Văn phòng 32"} <= names
    assert leaves_of_time(replayed["facts"]) == leaves_of_time(live["facts"])
    assert reasons(replayed) == reasons(live)


def leaves_of_time(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts without those that change from one moment to the next."""
    copy: dict[str, Any] = json.loads(json.dumps(facts))
    copy["os"].pop("booted_at", None)
    copy["network"].pop("listening", None)
    for volume in copy["volumes"]:
        for name in ("free", "free_percent"):
            volume.pop(name, None)
    return copy


def reasons(document: dict[str, Any]) -> dict[str, str]:
    return {
        path: why["reason"]
        for path, why in document["unknown"].items()
        if not path.startswith("network.listening")
    }


def test_a_redacted_recording_names_no_card(pc: Wine, tmp_path: Path) -> None:
    cards = shown(pc, "3.8", "--section", "network")["facts"]["network"]["interfaces"]
    addresses = [card["mac"] for card in cards if "mac" in card]
    assert addresses != []
    said = {}
    for name, options in (("whole", ()), ("redacted", ("--redact",))):
        folder = pc.drive / f"bản ghi {name}"
        agent(pc, "3.8", "record", windows(folder), *options)
        files = [path for path in folder.rglob("*") if path.is_file()]
        said[name] = b"".join(path.read_bytes() for path in files).decode("utf-8", "replace")
    assert [mac for mac in addresses if mac in said["redacted"]] == []
    assert [mac for mac in addresses if mac not in said["whole"]] == [], "the control"
