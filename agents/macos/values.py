"""Values of the live Mac that are neither file nor program, from psutil; JSON types."""

from __future__ import annotations

import socket

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_LINK_FAMILY = 18  #: AF_LINK of sys/socket.h


def mounts() -> list[dict[str, str]]:
    """Device, mount point and file system of what is mounted from a device."""
    found: list[dict[str, str]] = _asked(
        lambda psutil: [
            {"device": one.device, "mount": one.mountpoint, "file_system": one.fstype}
            for one in psutil.disk_partitions(all=False)
        ]
    )
    return found


def addresses() -> dict[str, list[dict[str, str]]]:
    """IPv4 and IPv6 addresses of every interface: address and netmask."""

    def ask(psutil: Any) -> dict[str, list[dict[str, str]]]:
        return {
            name: [
                {"address": one.address.partition("%")[0], "netmask": one.netmask or ""}
                for one in entries
                if one.family in (socket.AF_INET, socket.AF_INET6)
            ]
            for name, entries in psutil.net_if_addrs().items()
        }

    found: dict[str, list[dict[str, str]]] = _asked(ask)
    return found


def links() -> dict[str, dict[str, Any]]:
    """Every interface by name: mac ("" where it has none), up, speed in Mbit/s (0 unknown)."""

    def ask(psutil: Any) -> dict[str, dict[str, Any]]:
        states = psutil.net_if_stats()
        return {
            name: {
                "mac": "".join(one.address for one in entries if one.family == _LINK_FAMILY)[:17],
                "up": bool(name in states and states[name].isup),
                "speed": states[name].speed if name in states else 0,
            }
            for name, entries in psutil.net_if_addrs().items()
        }

    found: dict[str, dict[str, Any]] = _asked(ask)
    return found


def listening() -> list[dict[str, Any]]:
    """The sockets that wait for anybody: protocol, address, port, process; root sees all."""

    def ask(psutil: Any) -> list[dict[str, Any]]:
        found = []
        for one in psutil.net_connections(kind="inet"):
            tcp = one.type == socket.SOCK_STREAM
            if one.laddr and not one.raddr and (one.status == psutil.CONN_LISTEN or not tcp):
                row = {"protocol": "tcp" if tcp else "udp", "address": one.laddr.ip}
                found.append({**row, "port": one.laddr.port, "process": _name(psutil, one.pid)})
        return found

    sockets: list[dict[str, Any]] = _asked(ask)
    return sockets


def _name(psutil: Any, process: int | None) -> str:
    """The executable's name, no path and no arguments; "" where it cannot be told."""
    try:
        return str(psutil.Process(process).name()) if process else ""
    except (psutil.Error, OSError):
        return ""


def _asked(question: Callable[[Any], Any]) -> Any:
    try:
        import psutil
    except ImportError as fault:
        raise Unknown("not_installed", "psutil: %s" % fault) from None
    try:
        return question(psutil)
    except psutil.AccessDenied as fault:
        raise Unknown("not_elevated", "psutil: %s" % fault) from None
    except (psutil.Error, OSError) as fault:
        raise Unknown("unreadable", "psutil: %s" % fault) from None


VALUES: dict[str, Callable[..., Any]] = {
    "addresses": addresses,
    "mounts": mounts,
    "links": links,
    "listening": listening,
}
