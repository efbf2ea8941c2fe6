"""Hardware: the platform expert's names, the kernel's counts, the disks."""

from __future__ import annotations

from agents.macos import disks, plists, sysctl
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_EXPERT = {
    "vendor": "manufacturer",
    "serial": "IOPlatformSerialNumber",
    "uuid": "IOPlatformUUID",
    "board.model": "board-id",
}
_COUNTS = {
    "cpu.sockets": "hw.packages",
    "cpu.cores": "hw.physicalcpu",
    "cpu.threads": "hw.logicalcpu",
    "memory.total": "hw.memsize",
}
_CHASSIS = (
    ("macbook", "laptop"),
    ("imac", "all_in_one"),
    ("mac mini", "mini"),
    ("macmini", "mini"),
    ("mac studio", "mini"),
    ("mac pro", "desktop"),
    ("macpro", "desktop"),
    ("xserve", "server"),
)
#: What Apple's hardware does not have, or shows to its slow system_profiler alone.
_NOT_THERE = {
    "asset_tag": "a Mac has no asset tag",
    "board.vendor": "a Mac's mainboard has no maker of its own",
    "board.serial": "a Mac does not show its mainboard's number",
    "bios.vendor": "a Mac's firmware has no SMBIOS entry",
    "bios.version": "a Mac's firmware has no SMBIOS entry",
    "bios.date": "a Mac's firmware has no SMBIOS entry",
    "secure_boot": "Apple's start-up security is not Secure Boot, and root may not ask it",
    "tpm.version": "a Mac has no TPM",
    "memory.modules": "a Mac has no SMBIOS table",
}
_MHZ = 1_000_000


def probe(machine: Machine) -> Answers:
    """Ask for the platform expert, the marketing name, the kernel's counts and the disks."""
    answers = Answers()
    answers.ask("expert", _registry, machine, "platform_expert")
    answers.ask("product", _registry, machine, "product_name")
    answers.ask("sysctl", sysctl.read, machine, "sysctl_hardware")
    answers.ask("disks", _registry, machine, "block_devices")
    return answers


def _registry(machine: Machine, name: str) -> bytes:
    """What ioreg prints; nothing at all where no entry fits."""
    output = machine.run(name).stdout
    if not output.strip():
        raise Unknown("not_found", "the registry of devices has no such entry")
    return output


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    expert = attempt(_first, answers, "expert")
    for path, name in _EXPERT.items():
        facts.put(path, _named, expert, name)
    facts.put("model", _model, answers, expert)
    virtual = facts.put("virtual", _virtual, answers)
    facts.put("chassis", _chassis, answers, expert, virtual)
    facts.put("firmware", _firmware, answers)
    facts.set("tpm.present", False)
    facts.put("cpu.model", lambda: line(sysctl.field(answers, "machdep.cpu.brand_string")))
    facts.put("cpu.frequency", _frequency, answers)
    for path, name in _COUNTS.items():
        facts.put(path, _count, answers, name)
    for path, why in _NOT_THERE.items():
        facts.lack(path, Unknown("not_supported", why))
    found = attempt(lambda: disks.rows(plists.read(answers.get("disks"))))
    if isinstance(found, Unknown):
        facts.lack("disks", found)
    else:
        facts.rows("disks", found)
    return facts


def _first(answers: Answers, name: str) -> dict[str, Any]:
    entries = plists.rows(plists.read(answers.get(name)))
    if not entries:
        raise Unknown("not_found", "the registry of devices has no such entry")
    return entries[0]


def _named(entry: Any, name: str) -> str:
    if isinstance(entry, Unknown):
        raise entry
    return plists.text(plists.at(entry, name))


def _model(answers: Answers, expert: Any) -> str:
    """Apple silicon knows its name ("MacBook Air (M2, 2022)"); Intel its identifier alone."""
    name = attempt(lambda: _named(_first(answers, "product"), "product-name"))
    return name if isinstance(name, str) else _named(expert, "model")


def _virtual(answers: Answers) -> bool:
    return integer(sysctl.field(answers, "kern.hv_vmm_present")) == 1


def _chassis(answers: Answers, expert: Any, virtual: Any) -> str:
    if virtual is True:
        return "virtual"
    name = _model(answers, expert).lower()
    for word, chassis in _CHASSIS:
        if word in name:
            return chassis
    raise Unknown("not_found", "the model %s does not say what it looks like" % name)


def _firmware(answers: Answers) -> str:
    if sysctl.field(answers, "machdep.cpu.brand_string").startswith("Apple"):
        raise Unknown("not_supported", "Apple silicon starts by iBoot: neither UEFI nor BIOS")
    return "uefi"


def _frequency(answers: Answers) -> int:
    if sysctl.field(answers, "machdep.cpu.brand_string").startswith("Apple"):
        raise Unknown("not_supported", "Apple silicon does not tell its frequency")
    return _count(answers, "hw.cpufrequency_max") // _MHZ


def _count(answers: Answers, name: str) -> int:
    value = integer(sysctl.field(answers, name))
    if value <= 0:
        raise Unknown("unreadable", "%s is %d" % (name, value))
    return value
