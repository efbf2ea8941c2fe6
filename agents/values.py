"""Values of the live machine that are neither file nor command, each read alone; JSON types.

These are Linux's, and need nothing but the kernel; macOS shares some and asks psutil for others.
Windows has its own: `agents.windows.calls`.
"""

from __future__ import annotations

import os
import sys

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator, NoReturn


if sys.platform == "win32":
    raise ImportError("agents.values: Windows has its own, in agents.windows.calls")


def system() -> dict[str, str]:
    """uname: the kernel's release and the machine's architecture."""
    names = os.uname()
    return {"release": names.release, "machine": names.machine}


def disk_usage(mount: str) -> dict[str, int]:
    """Bytes of a mounted file system, and those that a user may still fill (f_bavail)."""
    try:
        usage = os.statvfs(mount)
    except OSError as fault:
        _refuse(mount, fault)
    return {"total": usage.f_blocks * usage.f_frsize, "free": usage.f_bavail * usage.f_frsize}


def addresses() -> dict[str, list[dict[str, str]]]:
    """IPv4 and IPv6 addresses of every interface: address and netmask."""
    from agents.linux import netlink_addresses

    return netlink_addresses.addresses()


def socket_owners() -> dict[str, str]:
    """The executable's name for every socket inode that a process holds; root sees all of them.

    The name is the one in /proc/PID/comm: no path, no arguments.
    """
    if os.geteuid() != 0:
        raise Unknown("not_elevated", "only root may see whose socket it is")
    owners: dict[str, str] = {}
    for process in os.listdir("/proc"):
        if process.isdigit():
            _sockets_of("/proc/" + process, owners)
    return owners


def _sockets_of(folder: str, owners: dict[str, str]) -> None:
    """Add the sockets of one process; one that has ended meanwhile, or hides, has none."""
    try:
        inodes = list(_inodes(folder + "/fd/"))
        if inodes:
            with open(folder + "/comm", "rb") as comm:
                name = comm.read(64).strip().decode("utf-8", "replace")
            owners.update((inode, name) for inode in inodes)
    except OSError:
        return


def _inodes(folder: str) -> Iterator[str]:
    """The inodes of the sockets that a process holds.

    Raises:
        OSError: it has ended, or it is of another user namespace: it hides all its files then.
    """
    for name in os.listdir(folder):
        try:
            target = os.readlink(folder + name)
        except FileNotFoundError:
            continue  # closed meanwhile
        if target[:8] == "socket:[":
            yield target[8:-1]


def listening_tcp() -> list[dict[str, Any]]:
    """Address, port and inode of every TCP socket that listens."""
    from agents.linux import netlink_sockets

    return netlink_sockets.listening()


def nft_tables() -> int:
    """How many nftables tables the kernel holds; for machines without the nft program."""
    from agents.linux import netfilter

    return netfilter.tables()


def _refuse(what: str, fault: OSError) -> NoReturn:
    reason = "not_elevated" if isinstance(fault, PermissionError) else "unreadable"
    raise Unknown(reason, "%s: %s" % (what, fault.strerror)) from None


VALUES: dict[str, Callable[..., Any]] = {
    "system": system,
    "disk_usage": disk_usage,
    "addresses": addresses,
    "socket_owners": socket_owners,
    "listening_tcp": listening_tcp,
    "nft_tables": nft_tables,
}
