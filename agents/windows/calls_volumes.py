"""Calls that tell the volumes that have a drive letter."""

from __future__ import annotations

from ctypes import POINTER, byref, c_int32, c_uint16, c_uint32, c_uint64, c_void_p, c_wchar_p

from agents.outcome import Unknown, attempt
from agents.windows.api import function, refused, wide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOCAL = (2, 3)  #: DRIVE_REMOVABLE, DRIVE_FIXED of GetDriveTypeW
_QUIET = 1 | 0x8000  #: SEM_FAILCRITICALERRORS, SEM_NOOPENFILEERRORBOX
_TEXT = 261  #: characters, MAX_PATH + 1


def volumes() -> list[dict[str, Any]]:
    """The volumes of disks and memory cards; network drives and CDs are not the machine's own."""
    # An empty card reader must not put a question on the screen that nobody sees.
    function("kernel32", "SetErrorMode", c_uint32, c_uint32)(_QUIET)
    kind_of = function("kernel32", "GetDriveTypeW", c_uint32, c_wchar_p)
    system = system_drive()
    found = []
    for mount in mounts():
        kind = kind_of(mount)
        if kind in LOCAL:
            found.append({"mount": mount, "kind": kind, "system": mount == system, **_told(mount)})
    return found


def mounts() -> list[str]:
    """The roots of all drive letters in use (GetLogicalDrives)."""
    bits = function("kernel32", "GetLogicalDrives", c_uint32)()
    if bits == 0:
        raise refused("GetLogicalDrives")
    return [letter + ":\\" for place, letter in enumerate(LETTERS) if bits >> place & 1]


def system_drive() -> str:
    """The root of the drive that Windows runs from."""
    buffer = (c_uint16 * _TEXT)()
    ask = function("kernel32", "GetSystemWindowsDirectoryW", c_uint32, c_void_p, c_uint32)
    if not ask(buffer, _TEXT):
        raise refused("GetSystemWindowsDirectoryW")
    return wide(buffer)[:1].upper() + ":\\"


def _told(mount: str) -> dict[str, Any]:
    """What can be told of one volume; null where it cannot, as of one that is locked."""
    room = attempt(_room, mount)
    return {
        "device": _or_none(attempt(_device, mount)),
        "file_system": _or_none(attempt(_file_system, mount)),
        **({"size": None, "free": None} if isinstance(room, Unknown) else room),
    }


def _or_none(answer: Any) -> Any:
    return None if isinstance(answer, Unknown) else answer


def _device(mount: str) -> str:
    """The volume's GUID path, which stays when letters change."""
    buffer = (c_uint16 * _TEXT)()
    types = (c_int32, c_wchar_p, c_void_p, c_uint32)
    if not function("kernel32", "GetVolumeNameForVolumeMountPointW", *types)(mount, buffer, _TEXT):
        raise refused("GetVolumeNameForVolumeMountPointW " + mount)
    return wide(buffer)


def _file_system(mount: str) -> str:
    buffer = (c_uint16 * _TEXT)()
    types = (c_wchar_p, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p, c_uint32)
    ask = function("kernel32", "GetVolumeInformationW", c_int32, *types)
    if not ask(mount, None, 0, None, None, None, buffer, _TEXT):
        raise refused("GetVolumeInformationW " + mount)
    return wide(buffer)


def _room(mount: str) -> dict[str, int]:
    """Bytes in all, and those that this process may fill."""
    free, total, free_of_all = c_uint64(), c_uint64(), c_uint64()
    pointer = POINTER(c_uint64)
    ask = function("kernel32", "GetDiskFreeSpaceExW", c_int32, c_wchar_p, pointer, pointer, pointer)
    if not ask(mount, byref(free), byref(total), byref(free_of_all)):
        raise refused("GetDiskFreeSpaceExW " + mount)
    return {"size": total.value, "free": free.value}
