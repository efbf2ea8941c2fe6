"""Calls that tell which sockets listen, and whose they are (GetExtendedTcpTable and its sister)."""

from __future__ import annotations

import ctypes
import socket
import struct
from ctypes import POINTER, byref, c_int32, c_uint16, c_uint32, c_void_p

from agents.outcome import Unknown, attempt
from agents.windows.api import function, wide
from agents.windows.calls_system import close, grown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

_IPV4, _IPV6 = 2, 23  #: AF_INET, AF_INET6 of Windows
_TCP_LISTENERS, _UDP_OWNERS = 3, 1  #: TCP_TABLE_OWNER_PID_LISTENER, UDP_TABLE_OWNER_PID
_TOO_SMALL = 122  #: ERROR_INSUFFICIENT_BUFFER
_QUERY_LIMITED = 0x1000  #: PROCESS_QUERY_LIMITED_INFORMATION
_KERNEL = 4  #: the process number of the kernel itself, which has no program
_PATH_LENGTH = 32767  #: characters of a path, at most

#: Rows of the tables (MS docs, tcpmib.h, udpmib.h): MIB_TCPROW_OWNER_PID, MIB_TCP6ROW_OWNER_PID,
#: MIB_UDPROW_OWNER_PID, MIB_UDP6ROW_OWNER_PID. Ports are 16 bits in network order, in 32.
_ROWS = {
    ("tcp", _IPV4): struct.Struct("<4x4s2s2x8xI"),
    ("tcp", _IPV6): struct.Struct("<16s4x2s2x16x4x4x4xI"),
    ("udp", _IPV4): struct.Struct("<4s2s2xI"),
    ("udp", _IPV6): struct.Struct("<16s4x2s2xI"),
}


def sockets() -> list[dict[str, Any]]:
    """Listening TCP sockets and all of UDP, with the name of the program that holds each."""
    found: list[dict[str, Any]] = []
    names: dict[int, str | None] = {}
    for protocol, family in _ROWS:
        table = _table(protocol, family)
        for address, port, owner in rows(protocol, family, table):
            if owner not in names:
                names[owner] = _name(owner)
            one = {"protocol": protocol, "address": address, "port": port}
            found.append({**one, "process": names[owner]})
    return found


def _table(protocol: str, family: int) -> bytes:
    name, kind = {
        "tcp": ("GetExtendedTcpTable", _TCP_LISTENERS),
        "udp": ("GetExtendedUdpTable", _UDP_OWNERS),
    }[protocol]
    types = (c_uint32, c_void_p, POINTER(c_uint32), c_int32, c_uint32, c_int32, c_uint32)
    ask = function("iphlpapi", name, *types)

    def asked(buffer: Any, size: Any) -> int:
        return int(ask(buffer, size, 1, family, kind, 0))

    return grown(name, _TOO_SMALL, asked)


def rows(protocol: str, family: int, table: bytes) -> Iterator[tuple[str, int, int]]:
    """Address, port and process number of each row of a table: a count, then the rows."""
    row = _ROWS[protocol, family]
    (count,) = struct.unpack_from("<I", table) if len(table) >= 4 else (0,)  # noqa: PLR2004
    if 4 + count * row.size > len(table):
        raise Unknown("unreadable", "a socket table that says %d rows and ends before" % count)
    text = socket.AF_INET if family == _IPV4 else socket.AF_INET6
    for index in range(count):
        address, port, owner = row.unpack_from(table, 4 + index * row.size)
        yield socket.inet_ntop(text, address), int.from_bytes(port, "big"), owner


def _name(process: int) -> str | None:
    """The file name of a process's program; None where the system does not tell."""
    if process == _KERNEL:
        return "System"
    path = attempt(_image, process)
    return None if isinstance(path, Unknown) else path.replace("/", "\\").rpartition("\\")[2]


def _image(process: int) -> str:
    opened = function("kernel32", "OpenProcess", c_void_p, c_uint32, c_int32, c_uint32)
    handle = opened(_QUERY_LIMITED, 0, process)
    if not handle:
        raise Unknown("not_elevated", "process %d cannot be opened" % process)
    types = (c_int32, c_void_p, c_uint32, c_void_p, POINTER(c_uint32))
    ask = function("kernel32", "QueryFullProcessImageNameW", *types)
    size = c_uint32(_PATH_LENGTH)
    buffer = (c_uint16 * _PATH_LENGTH)()
    try:
        if not ask(handle, 0, ctypes.cast(buffer, c_void_p), byref(size)):
            raise Unknown("unreadable", "process %d has no name" % process)
    finally:
        close(handle)
    return wide(buffer)
