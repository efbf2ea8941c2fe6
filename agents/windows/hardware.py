r"""Hardware: SMBIOS, processor, memory, disks, TPM, Secure Boot.

Source: GetSystemFirmwareTable and the calls of `agents.windows.calls`;
``HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor`` and ``SecureBoot\State``.
"""

from __future__ import annotations

from agents import smbios
from agents.outcome import Answers, Facts, Unknown, attempt, known
from agents.readings import LARGEST, line
from agents.windows import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

PROCESSOR = r"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0"
SECURE_BOOT = r"HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\State"
_TEXTS = {
    "vendor": (smbios.SYSTEM, "vendor"),
    "model": (smbios.SYSTEM, "model"),
    "serial": (smbios.SYSTEM, "serial"),
    "asset_tag": (smbios.CHASSIS, "asset_tag"),
    "board.vendor": (smbios.BOARD, "vendor"),
    "board.model": (smbios.BOARD, "model"),
    "board.serial": (smbios.BOARD, "serial"),
    "bios.vendor": (smbios.FIRMWARE, "vendor"),
    "bios.version": (smbios.FIRMWARE, "version"),
}
#: STORAGE_BUS_TYPE (MS docs, winioctl.h).
_NVME, _VIRTUAL_BUSES, _SPINNING_BUSES = 17, (14, 15), (1, 3, 8, 10, 11)
_VIRTUAL_DISKS = ("qemu", "vmware", "vbox", "msft", "virtual", "xen", "red hat")


def probe(machine: Machine) -> Answers:
    """Ask for the firmware's table, the processor's key and the system's calls."""
    answers = Answers()
    answers.ask("smbios", machine.smbios)
    answers.ask("processor", machine.registry_values, PROCESSOR)
    answers.ask("secure boot", machine.registry_values, SECURE_BOOT)
    for name in ("firmware", "tpm", "cpu", "memory", "disks"):
        answers.ask(name, machine.value, name)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    table = attempt(lambda: smbios.structures(answers.get("smbios")))
    for path, (kind, name) in _TEXTS.items():
        facts.put(path, _firmware_text, table, kind, name)
    facts.put("uuid", lambda: smbios.uuid(smbios.first(known(table), smbios.SYSTEM)))
    facts.put("bios.date", _bios_date, table)
    virtual = facts.put("virtual", _virtual, facts)
    facts.put("chassis", _chassis, table, virtual)
    facts.put("firmware", _choice, answers, "firmware", ("uefi", "bios"))
    facts.put("secure_boot", _secure_boot, answers)
    facts.put("tpm.present", lambda: _field(answers, "tpm", "present", bool))
    facts.put("tpm.version", _tpm_version, answers)
    facts.put("cpu.model", _processor, answers)
    facts.put("cpu.frequency", _frequency, answers)
    for name in ("sockets", "cores", "threads"):
        facts.put("cpu." + name, _field, answers, "cpu", name, int)
    facts.put("memory.total", _field, answers, "memory", "total", int)
    _list(facts, "memory.modules", lambda: smbios.modules(known(table)))
    _list(facts, "disks", lambda: [_disk(one) for one in _rows(answers)])
    return facts


def _list(facts: Facts, path: str, question: Any) -> None:
    rows = attempt(question)
    if isinstance(rows, Unknown):
        facts.lack(path, rows)
    else:
        facts.rows(path, rows)


def _firmware_text(table: Any, kind: int, name: str) -> str:
    return smbios.first(known(table), kind).text(smbios.fields(kind)[name])


def _bios_date(table: Any) -> str:
    return smbios.date(_firmware_text(table, smbios.FIRMWARE, "date"))


def _virtual(facts: Facts) -> bool:
    """By the firmware's names; a machine whose firmware says nothing is not known."""
    board = facts.values.get("board", {})
    texts = [facts.values.get(name, "") for name in ("vendor", "model")] + list(board.values())
    names = " ".join(texts).lower()
    if not names.strip():
        raise Unknown("not_found", "the firmware has no names to tell by")
    return any(word in names for word in smbios.VIRTUAL_WORDS)


def _chassis(table: Any, virtual: Any) -> str:
    if virtual is True:
        return "virtual"
    code = smbios.first(known(table), smbios.CHASSIS).number(5, 1) & 0x7F
    return smbios.CHASSIS_WORDS.get(code, "other")


def _choice(answers: Answers, name: str, words: tuple[str, ...]) -> str:
    word = answers.get(name)
    if word not in words:
        raise Unknown("unreadable", "%s: %r" % (name, word))
    return str(word)


def _secure_boot(answers: Answers) -> bool:
    """UEFISecureBootEnabled; a machine that a BIOS started has no Secure Boot."""
    if attempt(answers.get, "firmware") == "bios":
        raise Unknown("not_supported", "started by a BIOS, which has no Secure Boot")
    return registry.key(answers, "secure boot", SECURE_BOOT).flag("UEFISecureBootEnabled")


def _fits(value: Any, kind: type) -> bool:
    """Of that very kind (a truth is no number); counts and sizes are not negative."""
    if kind is int:
        return type(value) is int and 0 <= value <= LARGEST
    return type(value) is kind


def _field(answers: Answers, value: str, name: str, kind: type) -> Any:
    """One field of a value, of the kind that it must be."""
    about = answers.get(value)
    found = about.get(name) if isinstance(about, dict) else None
    if not _fits(found, kind):
        raise Unknown("unreadable", "%s gave no %s" % (value, name))
    return found


def _tpm_version(answers: Answers) -> str:
    if not _field(answers, "tpm", "present", bool):
        raise Unknown("not_supported", "there is no TPM")
    return line(_field(answers, "tpm", "version", str))


def _processor(answers: Answers) -> str:
    return registry.key(answers, "processor", PROCESSOR).text("ProcessorNameString")


def _frequency(answers: Answers) -> int:
    """~MHz, which Windows measures at its start; the nominal frequency of the processor."""
    frequency = registry.key(answers, "processor", PROCESSOR).number("~MHz")
    if frequency == 0:
        raise Unknown("unreadable", "~MHz is 0")
    return frequency


def _rows(answers: Answers) -> list[dict[str, Any]]:
    rows = answers.get("disks")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unknown("unreadable", "disks gave no list")
    return rows


def _disk(row: dict[str, Any]) -> Facts:
    facts = Facts()
    facts.put("name", _said, row, "name", str)
    facts.put("model", _model, row)
    facts.put("serial", _said, row, "serial", str)
    facts.put("size", _said, row, "size", int)
    facts.put("kind", _kind, row)
    facts.put("removable", _said, row, "removable", bool)
    return facts


def _said(row: dict[str, Any], name: str, kind: type) -> Any:
    value = row.get(name)
    if not _fits(value, kind):
        raise Unknown("not_found", "the disk does not tell its " + name)
    return line(str(value)) if kind is str else value


def _model(row: dict[str, Any]) -> str:
    """ProductId, after VendorId where the disk has one (ATA disks have their whole name in one)."""
    model = _said(row, "model", str)
    vendor = row.get("vendor")
    return line("%s %s" % (vendor, model)) if isinstance(vendor, str) and vendor else str(model)


def _kind(row: dict[str, Any]) -> str:
    bus = _said(row, "bus", int)
    names = ("%s %s" % (row.get("vendor") or "", row.get("model") or "")).lower()
    if bus in _VIRTUAL_BUSES or any(word in names for word in _VIRTUAL_DISKS):
        return "virtual"
    if bus == _NVME:
        return "nvme"
    if bus not in _SPINNING_BUSES:
        return "other"
    return "hdd" if _said(row, "seek_penalty", bool) else "ssd"
