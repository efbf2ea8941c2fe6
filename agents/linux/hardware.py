"""Hardware: SMBIOS, processor, memory, disks, TPM, Secure Boot."""

from __future__ import annotations

from agents import smbios
from agents.linux import disks
from agents.outcome import Answers, Facts, Unknown, attempt, known
from agents.readings import integer, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_DMI = "/sys/class/dmi/id"
#: The kernel's own files of the same fields; those of serials are root's alone.
_DMI_FILES = {
    "vendor": "sys_vendor",
    "model": "product_name",
    "serial": "product_serial",
    "uuid": "product_uuid",
    "asset_tag": "chassis_asset_tag",
    "board.vendor": "board_vendor",
    "board.model": "board_name",
    "board.serial": "board_serial",
    "bios.vendor": "bios_vendor",
    "bios.version": "bios_version",
    "bios.date": "bios_date",
    "chassis": "chassis_type",
}
_SECURE_BOOT = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
_SECURE_BOOT_SIZE = 5  #: four bytes of attributes, one of value
_CPUINFO_LIMIT = 8 << 20  #: bytes; 512 threads take about 800 KB
_FREQUENCY = "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq"
_TPM = "/sys/class/tpm"


def probe(machine: Machine) -> Answers:
    """Ask for the firmware's table and the kernel's view of processor, memory, disks and TPM."""
    answers = Answers()
    if isinstance(answers.ask("smbios", machine.smbios), Unknown):
        answers.ask("dmi there", machine.exists, _DMI)
        for name in _DMI_FILES.values():
            answers.ask("dmi " + name, machine.read_file, _DMI + "/" + name)
    answers.ask("cpuinfo", machine.read_file, "/proc/cpuinfo", _CPUINFO_LIMIT)
    answers.ask("frequency", machine.read_file, _FREQUENCY)
    answers.ask("meminfo", machine.read_file, "/proc/meminfo")
    answers.ask("efi", machine.exists, "/sys/firmware/efi")
    answers.ask("secure boot", machine.read_file, _SECURE_BOOT)
    answers.ask("hypervisor", machine.exists, "/sys/hypervisor/type")
    answers.ask("tpm there", machine.exists, _TPM + "/tpm0")
    answers.ask("tpm", machine.read_file, _TPM + "/tpm0/tpm_version_major")
    disks.ask(machine, answers)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    table = attempt(lambda: smbios.structures(answers.get("smbios")))
    for path in _DMI_FILES:
        if path != "chassis":
            facts.put(path, _firmware_text, path, answers, table)
    virtual = facts.put("virtual", _virtual, answers, facts)
    facts.put("chassis", _chassis, answers, table, virtual)
    facts.put("firmware", lambda: "uefi" if answers.get("efi") else "bios")
    facts.put("secure_boot", _secure_boot, answers)
    facts.put("tpm.present", lambda: bool(answers.get("tpm there")))
    facts.put("tpm.version", _tpm_version, answers)
    _processor(facts, answers)
    facts.put("memory.total", _memory_total, answers)
    modules = attempt(lambda: smbios.modules(known(table)))
    if isinstance(modules, Unknown):
        facts.lack("memory.modules", modules)
    else:
        facts.rows("memory.modules", modules)
    found = attempt(disks.rows, answers)
    if isinstance(found, Unknown):
        facts.lack("disks", found)
    else:
        facts.rows("disks", found)
    return facts


_STRUCTURES = {"board": smbios.BOARD, "bios": smbios.FIRMWARE}


def _firmware_text(path: str, answers: Answers, table: Any) -> str:
    """One string of the firmware: from the raw table, else from the kernel's file."""
    group, _, name = path.rpartition(".")
    if isinstance(table, Unknown):
        text = line(_dmi(answers, path, table))
    else:
        kind = _STRUCTURES.get(group, smbios.CHASSIS if name == "asset_tag" else smbios.SYSTEM)
        structure = smbios.first(table, kind)
        if name == "uuid":
            return smbios.uuid(structure)
        text = structure.text(smbios.fields(kind)[name])
    return smbios.date(text) if name == "date" else text


def _dmi(answers: Answers, path: str, why: Unknown) -> str:
    found = attempt(answers.text, "dmi " + _DMI_FILES[path])
    if isinstance(found, str):
        return found
    if found.reason == "not_found" and attempt(answers.get, "dmi there") is False:
        raise Unknown("not_supported", "this machine has no SMBIOS table")
    raise found if found.reason != "not_found" else why


def _virtual(answers: Answers, facts: Facts) -> bool:
    """The processor's hypervisor bit, the firmware's names, Xen's own folder."""
    board = facts.values.get("board", {})
    texts = [facts.values.get(name, "") for name in ("vendor", "model")] + list(board.values())
    names = " ".join(texts).lower()
    if any(word in names for word in smbios.VIRTUAL_WORDS):
        return True
    if attempt(answers.get, "hypervisor") is True:
        return True
    flags = [row for row in answers.text("cpuinfo").splitlines() if row.startswith("flags")]
    if not flags and not names:
        raise Unknown("not_found", "neither processor flags nor firmware names to tell by")
    return any("hypervisor" in row.split() for row in flags)


def _chassis(answers: Answers, table: Any, virtual: Any) -> str:
    if virtual is True:
        return "virtual"
    if isinstance(table, Unknown):
        code = integer(_dmi(answers, "chassis", table))
    else:
        code = smbios.first(table, smbios.CHASSIS).number(5, 1) & 0x7F
    return smbios.CHASSIS_WORDS.get(code, "other")


def _secure_boot(answers: Answers) -> bool:
    if not answers.get("efi"):
        raise Unknown("not_supported", "started by a BIOS, which has no Secure Boot")
    value = answers.get("secure boot")
    if len(value) != _SECURE_BOOT_SIZE or value[-1] > 1:
        raise Unknown("unreadable", "the SecureBoot variable has %d bytes" % len(value))
    return bool(value[-1])


def _tpm_version(answers: Answers) -> str:
    if not answers.get("tpm there"):
        raise Unknown("not_supported", "there is no TPM")
    return {1: "1.2", 2: "2.0"}.get(integer(answers.text("tpm"))) or _strange("tpm_version_major")


def _strange(what: str) -> str:
    raise Unknown("unreadable", what + " has a value that is not known here")


def _processor(facts: Facts, answers: Answers) -> None:
    rows = attempt(_cpu_rows, answers)
    facts.put("cpu.model", _cpu_model, rows)
    facts.put("cpu.threads", lambda: len(_counted(rows, "processor")))
    facts.put("cpu.sockets", lambda: len(set(_counted(rows, "physical id"))))
    facts.put("cpu.cores", _cores, rows)
    facts.put("cpu.frequency", lambda: integer(answers.text("frequency")) // 1000)


def _cpu_rows(answers: Answers) -> list[tuple[str, str]]:
    rows = (row.partition(":") for row in answers.text("cpuinfo").splitlines())
    return [(name.strip(), value.strip()) for name, colon, value in rows if colon]


def _cpu_model(rows: Any) -> str:
    for name, value in known(rows):
        if name in ("model name", "Model", "cpu model", "cpu"):
            return line(value)
    raise Unknown("not_found", "/proc/cpuinfo names no model")


def _counted(rows: Any, wanted: str) -> list[str]:
    found = [value for name, value in known(rows) if name == wanted]
    if not found:
        raise Unknown("not_found", "/proc/cpuinfo has no " + wanted)
    return found


def _cores(rows: Any) -> int:
    """Distinct pairs of socket and core."""
    sockets, cores = _counted(rows, "physical id"), _counted(rows, "core id")
    if len(sockets) != len(cores):
        raise Unknown("unreadable", "/proc/cpuinfo has as many sockets as cores missing")
    return len(set(zip(sockets, cores)))


def _memory_total(answers: Answers) -> int:
    for row in answers.text("meminfo").splitlines():
        if row.startswith("MemTotal:"):
            return integer(row[9:].replace("kB", "")) * 1024
    raise Unknown("unreadable", "/proc/meminfo has no MemTotal")
