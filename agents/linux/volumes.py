"""Volumes: the mounted file systems of the machine's own disks, their room and encryption."""

from __future__ import annotations

from agents import room
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_MOUNTS = "/proc/self/mounts"
_FILE_SYSTEMS = frozenset(
    [
        "ext2",
        "ext3",
        "ext4",
        "xfs",
        "btrfs",
        "f2fs",
        "jfs",
        "reiserfs",
        "zfs",
        "bcachefs",
        "vfat",
        "exfat",
        "ntfs",
        "ntfs3",
        "fuseblk",
        "nilfs2",
    ]
)
_BLOCK = "/sys/class/block"
_DEPTH = 8  #: devices upon devices: partition, RAID, LUKS, LVM and some to spare
_CRYPT = "CRYPT-"  #: how device-mapper names what cryptsetup made


def probe(machine: Machine) -> Answers:
    """Ask for the mounts, their room, and the devices beneath them."""
    answers = Answers()
    text = answers.ask("mounts", machine.read_file, _MOUNTS)
    mounts = [] if isinstance(text, Unknown) else attempt(_mounts, answers)
    for device, mount, _ in mounts:
        answers.ask("usage " + mount, machine.value, "disk_usage", mount)
        answers.ask("stack " + device, _stack, machine, device, 0)
        answers.ask("removable " + device, _removable, machine, answers, device)
    return answers


def parse(answers: Answers) -> Facts:
    """The section is a list: one element for each volume."""
    facts = Facts()
    mounts = _mounts(answers)
    if not mounts:  # a chroot shows none: the system stands somewhere all the same
        raise Unknown("not_found", "no volume is mounted, not even /")
    facts.rows("", [_row(answers, *mount) for mount in mounts])
    return facts


def _mounts(answers: Answers) -> list[tuple[str, str, str]]:
    """Device, mount point and file system: each device once, where it was mounted first."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in answers.text("mounts").splitlines():
        words = [_unescaped(word) for word in row.split(" ")]
        if len(words) < 4:  # noqa: PLR2004 - fstab(5): six fields, of which four are read
            continue
        device, mount, kind = words[:3]
        if mount == "/" or (kind in _FILE_SYSTEMS and device not in found):
            found[mount if mount == "/" else device] = (device, mount, kind)
    rows = list(found.values())
    return [row for row in rows if row[1] == "/" or row[0] not in _root_devices(rows)]


def _root_devices(rows: list[tuple[str, str, str]]) -> list[str]:
    return [device for device, mount, _ in rows if mount == "/"]


def _unescaped(word: str) -> str:
    """fstab(5): space, tab, newline and backslash stand as octal numbers."""
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        word = word.replace(code, sign)
    return word


def _stack(machine: Machine, device: str, depth: int) -> dict[str, Any]:
    """The block device by its kernel name, its device-mapper id, and what lies beneath it.

    Raises:
        Unknown: it is no block device, or the kernel does not show it.
    """
    if depth > _DEPTH:
        raise Unknown("unreadable", "block devices nested too deep")
    name = _kernel_name(machine, device)
    folder = _BLOCK + "/" + name
    beneath = machine.list_dir(folder + "/slaves") if _has_slaves(machine, folder) else []
    return {
        "name": name,
        "dm": _device_mapper_id(machine, folder),
        "beneath": [_stack(machine, "/dev/" + one, depth + 1) for one in beneath],
    }


def _has_slaves(machine: Machine, folder: str) -> bool:
    return "slaves" in machine.list_dir(folder)


def _device_mapper_id(machine: Machine, folder: str) -> str:
    if not machine.exists(folder + "/dm"):
        return ""
    return machine.read_file(folder + "/dm/uuid").decode("utf-8", "replace").strip()


def _kernel_name(machine: Machine, device: str) -> str:
    """/dev/mapper/x and /dev/vg/x are links to /dev/dm-N."""
    if not device.startswith("/dev/"):
        raise Unknown("not_supported", device + " is no block device")
    link = attempt(machine.read_link, device)
    name = (link if isinstance(link, str) else device).rpartition("/")[2]
    if not machine.exists(_BLOCK + "/" + name):
        raise Unknown("not_found", "the kernel shows no block device " + name)
    return name


def _removable(machine: Machine, answers: Answers, device: str) -> bool:
    """Whether one of the disks beneath is removable; a partition's disk is the folder above it."""
    return any(_disk_removable(machine, name) for name in _bottom(answers.get("stack " + device)))


def _bottom(stack: dict[str, Any]) -> list[str]:
    if not stack["beneath"]:
        return [stack["name"]]
    return [name for one in stack["beneath"] for name in _bottom(one)]


def _disk_removable(machine: Machine, name: str) -> bool:
    folder = _BLOCK + "/" + name
    if not machine.exists(folder + "/removable"):
        above = machine.read_link(folder).split("/")[-2:-1]
        folder = _BLOCK + "/" + "".join(above)
    return integer(machine.read_file(folder + "/removable").decode("utf-8", "replace")) == 1


def _row(answers: Answers, device: str, mount: str, kind: str) -> Facts:
    facts = Facts()
    facts.put("mount", line, mount)
    facts.put("device", line, device)
    facts.put("file_system", line, kind)
    room.put(facts, answers, mount)
    facts.set("system", mount == "/")
    facts.put("removable", answers.get, "removable " + device)
    facts.put("encryption", lambda: "on" if _encrypted(answers.get("stack " + device)) else "off")
    return facts


def _encrypted(stack: dict[str, Any]) -> bool:
    """Whether the device is dm-crypt, or everything beneath it is."""
    if stack["dm"].startswith(_CRYPT):
        return True
    return bool(stack["beneath"]) and all(_encrypted(one) for one in stack["beneath"])
