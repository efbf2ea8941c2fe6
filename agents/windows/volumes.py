"""Volumes: the machine's own disks by drive letter, their room, and BitLocker."""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import LARGEST, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_REMOVABLE = 2  #: DRIVE_REMOVABLE of GetDriveTypeW
#: System.Volume.BitLockerProtection: Microsoft names the property but not its numbers; these are
#: what the shell's own verbs and several programs take them for.
_SHELL = {1: "on", 2: "off", 3: "in_progress", 4: "in_progress", 5: "suspended", 6: "locked"}
#: Win32_EncryptableVolume.ProtectionStatus (MS docs): 0 off (suspended counts as off), 1 on.
_WMI = {0: "off", 1: "on", 2: "locked"}


def probe(machine: Machine) -> Answers:
    """Ask for the volumes, and for BitLocker's state: the shell, else once a day WMI."""
    answers = Answers()
    answers.ask("volumes", machine.value, "volumes")
    shell = answers.ask("bitlocker", machine.value, "bitlocker")
    if not isinstance(shell, dict) or not all(_told(state) for state in shell.values()):
        answers.ask("encryptable", machine.value, "encryptable")
    return answers


def _told(state: Any) -> bool:
    return type(state) is int and state in _SHELL


def parse(answers: Answers) -> Facts:
    """The section's rows."""
    facts = Facts()
    rows = answers.get("volumes")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unknown("unreadable", "volumes gave no list")
    facts.rows("", [_row(row, answers) for row in rows])
    return facts


def _row(row: dict[str, Any], answers: Answers) -> Facts:
    facts = Facts()
    facts.put("mount", _text, row, "mount")
    facts.put("device", _text, row, "device")
    facts.put("file_system", _text, row, "file_system")
    facts.put("size", _bytes, row, "size")
    facts.put("free", _bytes, row, "free")
    facts.put("free_percent", _share, row)
    facts.put("system", lambda: row.get("system") is True)
    facts.put("removable", lambda: _bytes(row, "kind") == _REMOVABLE)
    facts.put("encryption", _encryption, row, answers)
    return facts


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise Unknown("not_found", "the volume does not tell its " + name.replace("_", " "))
    return line(value)


def _bytes(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Unknown("not_found", "the volume does not tell its " + name)
    return value


def _share(row: dict[str, Any]) -> float:
    size, free = _bytes(row, "size"), _bytes(row, "free")
    if size == 0:
        raise Unknown("not_found", "the volume has no size")
    return round(100 * min(free, size) / size, 1)


def _encryption(row: dict[str, Any], answers: Answers) -> str:
    """The shell's word; where it has none, WMI's."""
    mount = _text(row, "mount")
    shell = attempt(_state, answers, "bitlocker", mount, _SHELL)
    if not isinstance(shell, Unknown) or "encryptable" not in answers.names():
        return _state(answers, "bitlocker", mount, _SHELL)
    slow = attempt(_state, answers, "encryptable", mount, _WMI)
    if isinstance(slow, Unknown):
        raise shell if shell.reason != "not_found" else slow
    return str(slow)


def _state(answers: Answers, name: str, mount: str, words: dict[int, str]) -> str:
    states = answers.get(name)
    state = states.get(mount) if isinstance(states, dict) else None
    if type(state) is not int:
        raise Unknown("not_found", "%s tells nothing of %s" % (name, mount))
    if state not in words:
        raise Unknown("unreadable", "%s says %d of %s" % (name, state, mount))
    return words[state]
