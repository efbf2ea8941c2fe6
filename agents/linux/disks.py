"""The disks of a Linux machine, as /sys/block shows them; part of the hardware section."""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt, decoded
from agents.readings import integer, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_BLOCK = "/sys/block"
_NOT_DISKS = ("loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd", "zd", "mtdblock")
_FILES = {
    "size": "size",
    "removable": "removable",
    "rotational": "queue/rotational",
    "model": "device/model",
    "vendor": "device/vendor",
    "serial": "serial",
    "device serial": "device/serial",
    "page 80": "device/vpd_pg80",
}
_SECTOR = 512  #: bytes; the unit of /sys/block/*/size whatever the disk's own
_PAGE_HEADER = 4  #: bytes before the serial in SCSI's vital product data page 0x80
_VIRTUAL_VENDORS = ("qemu", "vmware", "vbox", "msft", "xen", "0x1af4")


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the files of every disk."""
    names = answers.ask("disk names", machine.list_dir, _BLOCK)
    for name in [] if isinstance(names, Unknown) else names:
        if not name.startswith(_NOT_DISKS):
            for key, path in _FILES.items():
                answers.ask(
                    "disk %s %s" % (name, key), machine.read_file, "%s/%s/%s" % (_BLOCK, name, path)
                )


def rows(answers: Answers) -> list[Facts]:
    """A row for each disk that has a size."""
    return [
        _row(name, answers)
        for name in answers.get("disk names")
        if not name.startswith(_NOT_DISKS) and attempt(_size, name, answers) != 0
    ]


def _row(name: str, answers: Answers) -> Facts:
    facts = Facts()
    facts.put("name", line, name)
    facts.put("model", lambda: line(_text(name, "model", answers)))
    facts.put("serial", _serial, name, answers)
    facts.put("size", _size, name, answers)
    facts.put("kind", _kind, name, answers)
    facts.put("removable", lambda: integer(_text(name, "removable", answers)) == 1)
    return facts


def _text(name: str, key: str, answers: Answers) -> str:
    return answers.text("disk %s %s" % (name, key))


def _size(name: str, answers: Answers) -> int:
    return integer(_text(name, "size", answers)) * _SECTOR


def _serial(name: str, answers: Answers) -> str:
    """NVMe and MMC, virtio, SCSI and SATA keep it in three different files."""
    for key in ("device serial", "serial"):
        found = attempt(lambda key=key: line(_text(name, key, answers)))
        if isinstance(found, str):
            return found
    return line(decoded(answers.get("disk %s page 80" % name)[_PAGE_HEADER:]))


def _kind(name: str, answers: Answers) -> str:
    vendor = attempt(_text, name, "vendor", answers)
    if name.startswith(("vd", "xvd")):
        return "virtual"
    if isinstance(vendor, str) and vendor.strip().lower().startswith(_VIRTUAL_VENDORS):
        return "virtual"
    if name.startswith("nvme"):
        return "nvme"
    if not name.startswith("sd"):
        return "other"
    return "hdd" if integer(_text(name, "rotational", answers)) == 1 else "ssd"
