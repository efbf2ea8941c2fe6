"""The registry in a recording: kept as it was asked, without secrets, replayed to the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agents.machine import Machine
from agents.outcome import Unknown
from agents.recorded import NotARecording, RecordedMachine
from agents.recording import Recording, RecordingMachine
from agents.redaction import redact

LOGON = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
UPDATES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate"
NAME = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
SID = "S-1-5-21-1004336348-1177238915-682003330-1001"
USERS = {"HKU": [".DEFAULT", SID]}
DESK = f"HKU\\{SID}\\Control Panel\\Desktop"
VALUES: dict[tuple[str, int], Any] = {
    (LOGON, 64): {
        "AutoAdminLogon": "1",
        "DefaultUserName": "hoa.nguyen",
        "DefaultDomainName": "SONOIVU",
        "DefaultPassword": "Matkhau@123",
        "PasswordExpiryWarning": 5,
        "Shell": "explorer.exe",
    },
    (VERSION, 64): {
        "CurrentBuild": "19045",
        "ProductId": "00330-80000-00000-AA123",
        "RegisteredOwner": "hoa.nguyen",
        "DigitalProductId": bytes(range(60)),
        "DigitalProductId4": b"",
        "InstallDate": 1700000000,
        "InstallTime": 133444555666777888,
    },
    (UNINSTALL, 64): {},
    (UNINSTALL, 32): {},
    (UNINSTALL + r"\7-Zip", 64): {"DisplayName": "7-Zip", "Path": ["a", "", "b"]},
    (UNINSTALL + r"\Zalo", 32): {
        "DisplayName": "Zalo",
        "InstallLocation": r"C:\Users\hoa.nguyen\AppData\Local\Zalo",
    },
    (UPDATES, 64): {"WUServer": "http://admin:bimat@wsus.sonoivu.example:8530"},
    (NAME, 64): {"Hostname": "KETOAN-HOA", "Domain": "sonoivu.example"},
    (DESK, 64): {"ScreenSaveActive": "1"},
}
KEYS = {
    (UNINSTALL, 64): ["7-Zip"],
    (UNINSTALL, 32): ["Zalo"],
    ("HKU", 64): USERS["HKU"],
}
SECRETS = ("Matkhau@123", "bimat", "\x01\x02\x03\x04")
PERSONAL = ("hoa.nguyen", "SONOIVU", "sonoivu", "KETOAN-HOA", "AA123", "1004336348")


class Registry(Machine):
    """A Windows that has nothing but these keys; some are denied."""

    platform = "windows"

    def elevated(self) -> bool:
        return True

    def now(self) -> float:
        return 1_800_000_000.0

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        return dict(self._found(VALUES, key, view))

    def registry_keys(self, key: str, view: int = 64) -> list[str]:
        return list(self._found(KEYS, key, view))

    def _found(self, table: dict[tuple[str, int], Any], key: str, view: int) -> Any:
        if "Denied" in key:
            raise Unknown("not_elevated", key + ": access denied")
        if (key, view) not in table:
            raise Unknown("not_found", key + " does not exist")
        return table[key, view]


ABSENT = UNINSTALL + r"\Absent"
DENIED = UNINSTALL + r"\Denied"


def recorded() -> tuple[RecordingMachine, dict[tuple[str, int], Any]]:
    """A recording of all keys, and what the collectors were told meanwhile."""
    machine = RecordingMachine(Registry())
    told: dict[tuple[str, int], Any] = {}
    for key, view in VALUES:
        told[key, view] = machine.registry_values(key, view)
    for key, view in KEYS:
        machine.registry_keys(key, view)
    for key, view in ((ABSENT, 64), (ABSENT, 32), (DENIED, 64)):
        with pytest.raises(Unknown):
            machine.registry_values(key, view)
    return machine, told


def content(folder: Path) -> str:
    """All of a recording as text, its registry file decoded."""
    return "".join(
        path.read_bytes().decode("utf-16" if path.suffix == ".reg" else "utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recorded()[0].recording.write(str(tmp_path / "pc"))
    return tmp_path / "pc"


def test_a_recording_replays_to_what_the_collectors_were_told(folder: Path) -> None:
    _, told = recorded()
    machine = RecordedMachine(str(folder))
    assert {key: machine.registry_values(*key) for key in told} == told
    assert {key: machine.registry_keys(*key) for key in KEYS} == KEYS
    assert machine.registry_values(LOGON.upper()) == told[LOGON, 64]
    assert len(told) == len(VALUES)


@pytest.mark.parametrize(
    ("key", "view", "reason"),
    [
        (ABSENT, 64, "not_found"),
        (ABSENT, 32, "not_found"),
        (DENIED, 64, "not_elevated"),
        (UNINSTALL + r"\Zalo", 64, "unreadable"),
        (UNINSTALL + r"\7-Zip\Below", 64, "unreadable"),
        (r"HKLM\SYSTEM\Never", 64, "unreadable"),
        (r"HKCU\Software", 64, "not_supported"),
    ],
)
def test_what_was_not_asked_is_not_taken_for_absent(
    folder: Path, key: str, view: int, reason: str
) -> None:
    with pytest.raises(Unknown) as caught:
        RecordedMachine(str(folder)).registry_values(key, view)
    assert caught.value.reason == reason


def test_listings_that_were_not_asked_are_unreadable(folder: Path) -> None:
    with pytest.raises(Unknown) as caught:
        RecordedMachine(str(folder)).registry_keys(LOGON)
    assert caught.value.reason == "unreadable"


def test_no_secret_enters_a_recording(folder: Path) -> None:
    """Not redacted: names stay, passwords and keys never."""
    text = content(folder)
    assert "hoa.nguyen" in text, "the control: names are there"
    for secret in SECRETS:
        assert secret not in text
    assert "00,01,02,03" not in text
    values = RecordedMachine(str(folder)).registry_values(LOGON)
    assert (values["DefaultPassword"], values["PasswordExpiryWarning"]) == ("scrubbed", 5)
    version = RecordedMachine(str(folder)).registry_values(VERSION)
    assert (version["DigitalProductId"], version["DigitalProductId4"]) == (b"scrubbed", b"")


def redacted() -> Recording:
    recording = recorded()[0].recording
    redact(recording)
    return recording


def test_redacted_names_nobody(tmp_path: Path) -> None:
    recording = redacted()
    recording.write(str(tmp_path / "pc"))
    text = content(tmp_path / "pc")
    for word in (*PERSONAL, *SECRETS):
        assert word not in text, word
    assert recording.redacted
    about = json.loads((tmp_path / "pc/machine.json").read_text("utf-8"))
    assert about["registry"] == "asked"


def test_redacted_names_stay_one_name_each(tmp_path: Path) -> None:
    redacted().write(str(tmp_path / "pc"))
    machine = RecordedMachine(str(tmp_path / "pc"))
    logon, version = machine.registry_values(LOGON), machine.registry_values(VERSION)
    user = logon["DefaultUserName"]
    assert re.fullmatch(r"user-[0-9]", user)
    assert version["RegisteredOwner"] == user
    zalo = machine.registry_values(UNINSTALL + r"\Zalo", 32)
    assert zalo["InstallLocation"] == rf"C:\Users\{user}\AppData\Local\Zalo"
    assert logon["AutoAdminLogon"] == "1"
    assert version["CurrentBuild"] == "19045"
    (sid,) = [one for one in machine.registry_keys("HKU") if one.startswith("S-1-5-21")]
    assert sid.endswith("-1001")
    assert machine.registry_values(f"HKU\\{sid}\\Control Panel\\Desktop") == {
        "ScreenSaveActive": "1"
    }
    assert machine.registry_values(UPDATES)["WUServer"] == "http://server-1:8530"


HEAD = "Windows Registry Editor Version 5.00\r\n\r\n"


def export(folder: Path, text: str) -> RecordedMachine:
    """A recording whose registry is an export by regedit."""
    (folder / "registry").mkdir(parents=True, exist_ok=True)
    (folder / "registry/x.reg").write_text(text, "utf-16")
    about = {"recording": 1, "platform": "windows", "recorded_at": "2026-11-23T08:00:00Z"}
    (folder / "machine.json").write_text(json.dumps(about))
    return RecordedMachine(str(folder))


EXPORT = (
    HEAD
    + r"""[HKEY_LOCAL_MACHINE\SOFTWARE\A]
"x"=dword:00000001

[HKEY_LOCAL_MACHINE\SOFTWARE\A\B\C]

[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\A]
"x"=dword:00000002
"""
)


def test_an_export_is_whole_below_its_keys_and_says_nothing_of_others(tmp_path: Path) -> None:
    machine = export(tmp_path, EXPORT)
    assert machine.registry_values(r"hklm\software\a") == {"x": 1}
    assert machine.registry_values(r"HKLM\SOFTWARE\A", 32) == {"x": 2}
    assert machine.registry_values(r"HKLM\SOFTWARE\WOW6432Node\A", 32) == {"x": 2}
    assert machine.registry_keys(r"HKLM\SOFTWARE\A") == ["B"]
    assert machine.registry_values(r"HKLM\SOFTWARE\A\B") == {}
    assert machine.registry_keys(r"HKLM\SOFTWARE\A\B") == ["C"]
    for key, view, reason in (
        (r"HKLM\SOFTWARE\A\D", 64, "not_found"),
        (r"HKLM\SOFTWARE\A\B\C", 32, "not_found"),
        (r"HKLM\SOFTWARE", 64, "unreadable"),
        (r"HKLM\SOFTWARE\B", 64, "unreadable"),
    ):
        for ask in (machine.registry_values, machine.registry_keys):
            with pytest.raises(Unknown) as caught:
                ask(key, view)
            assert caught.value.reason == reason, key


def test_a_note_says_that_a_key_of_an_export_was_refused(tmp_path: Path) -> None:
    notes = {r"registry HKLM\SOFTWARE\A\Z": {"refused": "not_elevated", "detail": "denied"}}
    (tmp_path / "paths.json").write_text(json.dumps(notes))
    with pytest.raises(Unknown) as caught:
        export(tmp_path, EXPORT).registry_values(r"HKLM\SOFTWARE\A\Z")
    assert caught.value.reason == "not_elevated"


def test_a_broken_registry_file_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(NotARecording, match=r"x\.reg:4: no text"):
        export(tmp_path, HEAD + '[HKEY_USERS\\X]\r\n"a"=dword:xyz\r\n')


def test_without_registry_files_a_windows_has_none_to_tell(tmp_path: Path) -> None:
    about = {"recording": 1, "platform": "windows", "recorded_at": "2026-11-23T08:00:00Z"}
    (tmp_path / "machine.json").write_text(json.dumps(about))
    with pytest.raises(Unknown) as caught:
        RecordedMachine(str(tmp_path)).registry_values("HKLM")
    assert caught.value.reason == "not_found"
