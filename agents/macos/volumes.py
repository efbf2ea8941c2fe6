"""Volumes: the mounted file systems of the machine's own disks, their room and FileVault."""

from __future__ import annotations

from agents import room
from agents.macos import plists
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_FILE_SYSTEMS = frozenset(["apfs", "hfs", "msdos", "exfat", "ntfs", "ufsd_NTFS"])
_HIDDEN = "/System/Volumes/"  #: parts of the system volume's group: Data, VM, Preboot, Update
_FILEVAULT = (
    ("Encryption in progress", "in_progress"),
    ("Decryption in progress", "in_progress"),
    ("FileVault is On.", "on"),
    ("FileVault is Off.", "off"),
)


def probe(machine: Machine) -> Answers:
    """Ask for the mounts, their room, FileVault's state and the APFS volumes."""
    answers = Answers()
    answers.ask("mounts", machine.value, "mounts")
    for row in _seen(attempt(_mounts, answers)):
        answers.ask("usage " + row["mount"], machine.value, "disk_usage", row["mount"])
    answers.ask("filevault", lambda: machine.run("filevault").stdout)
    answers.ask("apfs", lambda: machine.run("apfs_volumes").stdout)
    return answers


def _seen(mounts: Any) -> list[dict[str, str]]:
    return [] if isinstance(mounts, Unknown) else mounts


def parse(answers: Answers) -> Facts:
    """The section is a list: one element for each volume."""
    facts = Facts()
    mounts = _mounts(answers)
    if not mounts:
        raise Unknown("not_found", "no volume is mounted, not even /")
    volumes = attempt(_apfs, answers)
    facts.rows("", [_row(answers, mount, volumes) for mount in mounts])
    return facts


def _mounts(answers: Answers) -> list[dict[str, str]]:
    """Device, mount point and file system of those that hold people's data."""
    found = answers.get("mounts")
    if not isinstance(found, list) or not all(_is_mount(one) for one in found):
        raise Unknown("unreadable", "no list of mounts")
    return [
        one
        for one in found
        if one["file_system"] in _FILE_SYSTEMS and not one["mount"].startswith(_HIDDEN)
    ]


def _is_mount(one: Any) -> bool:
    keys = ("device", "mount", "file_system")
    return isinstance(one, dict) and all(isinstance(one.get(key), str) for key in keys)


def _apfs(answers: Answers) -> dict[str, dict[str, Any]]:
    """The APFS volumes by their device's name."""
    found: dict[str, dict[str, Any]] = {}
    for container in plists.rows(plists.read(answers.get("apfs")), "Containers"):
        for volume in plists.rows(container, "Volumes"):
            found[plists.text(plists.at(volume, "DeviceIdentifier"))] = volume
    return found


def _row(answers: Answers, mount: dict[str, str], volumes: Any) -> Facts:
    facts = Facts()
    facts.put("mount", line, mount["mount"])
    facts.put("device", line, mount["device"])
    facts.put("file_system", line, mount["file_system"])
    room.put(facts, answers, mount["mount"])
    system = mount["mount"] == "/"
    facts.set("system", system)
    facts.put("removable", _removable, system)
    facts.put("encryption", _encryption, answers, mount, volumes)
    return facts


def _removable(system: bool) -> bool:
    """Whose disk another volume lies on would take a program for each."""
    if system:
        return False
    raise Unknown("not_supported", "which disk a volume lies on is not asked")


def _filevault(answers: Answers) -> str:
    words = answers.text("filevault")
    for sentence, state in _FILEVAULT:
        if sentence in words:
            return state
    raise Unknown("unreadable", "fdesetup status: " + words)


def _encryption(answers: Answers, mount: dict[str, str], volumes: Any) -> str:
    """FileVault's for the system; APFS tells it of the others.

    The encryption at rest of a T2 chip or Apple silicon, which no password guards, is off.
    """
    if mount["mount"] == "/":
        return _filevault(answers)
    if mount["file_system"] != "apfs":
        raise Unknown("not_supported", "encryption of %s is not asked" % mount["file_system"])
    if isinstance(volumes, Unknown):
        raise volumes
    name = mount["device"].rpartition("/")[2]
    if name not in volumes:
        raise Unknown("not_found", "diskutil names no volume " + name)
    if volumes[name].get("CryptoMigrationOn") is True:
        return "in_progress"
    return "on" if plists.flag(plists.at(volumes[name], "FileVault")) else "off"
