"""The TCP sockets that listen, asked of the kernel by sock_diag (linux/inet_diag.h).

The same stands in /proc/net/tcp, for which the kernel walks its table of all connections: 3 ms.
"""

from __future__ import annotations

import socket
import struct

from agents.linux.netlink import dump
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SOCK_DIAG = 4  #: NETLINK_SOCK_DIAG
_BY_FAMILY = 20  #: SOCK_DIAG_BY_FAMILY
_LISTEN = 1 << 10  #: states of include/net/tcp_states.h
_REQUEST = struct.Struct("=BBBBI48x")  #: inet_diag_req_v2: family, protocol, extensions, states
_MESSAGE = struct.Struct("=4x2s2s16s16s12x16xI")  #: inet_diag_msg: ports, addresses, the inode
_SIZES = {socket.AF_INET: 4, socket.AF_INET6: 16}


def listening() -> list[dict[str, Any]]:
    """Address, port and inode of every TCP socket that waits for anybody.

    Raises:
        Unknown: this kernel does not answer; the files of /proc do.
    """
    found = []
    for family in _SIZES:
        request = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0, _LISTEN)
        answers = dump(_SOCK_DIAG, _BY_FAMILY, _BY_FAMILY, request)
        found += [row(family, body) for body in answers]
    return found


def row(family: int, body: bytes) -> dict[str, Any]:
    """One socket of an answer."""
    if len(body) < _MESSAGE.size:
        raise Unknown("unreadable", "sock_diag: a socket of %d bytes" % len(body))
    port, _, source, _, inode = _MESSAGE.unpack_from(body)
    address = socket.inet_ntop(family, source[: _SIZES[socket.AddressFamily(family)]])
    return {"address": address, "port": int.from_bytes(port, "big"), "inode": str(inode)}
