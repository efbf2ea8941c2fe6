"""The addresses of all interfaces, asked of the kernel over rtnetlink (linux/rtnetlink.h).

psutil answers the same, at the price of a fifth of a run's imports.
"""

from __future__ import annotations

import socket
import struct

from agents.linux.netlink import dump
from agents.outcome import Unknown

_ROUTE = 0  #: NETLINK_ROUTE
_GET_ADDRESS, _NEW_ADDRESS = 22, 20  #: RTM_GETADDR, RTM_NEWADDR
_ADDRESS = struct.Struct("=BBBBI")  #: ifaddrmsg: family, prefix length, flags, scope, index
_ATTRIBUTE = struct.Struct("=HH")  #: rtattr: length, type
_PEER, _LOCAL = 1, 2  #: IFA_ADDRESS is the peer's on a point-to-point link, IFA_LOCAL ours
_BITS = {socket.AF_INET: 32, socket.AF_INET6: 128}


def addresses() -> dict[str, list[dict[str, str]]]:
    """Address and netmask of every IPv4 and IPv6 address, by interface.

    Raises:
        Unknown: the kernel does not answer.
    """
    found: dict[str, list[dict[str, str]]] = {}
    names = dict(socket.if_nameindex())
    request = _ADDRESS.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
    for body in dump(_ROUTE, _GET_ADDRESS, _NEW_ADDRESS, request):
        entry = address(body)
        if entry is not None:
            found.setdefault(names.get(entry[0], "#%d" % entry[0]), []).append(entry[1])
    return found


def address(body: bytes) -> tuple[int, dict[str, str]] | None:
    """Index of the interface, and its address; None for another family's."""
    if len(body) < _ADDRESS.size:
        raise Unknown("unreadable", "netlink: an address of %d bytes" % len(body))
    family, prefix, _, _, index = _ADDRESS.unpack_from(body)
    bits = _BITS.get(family)
    attributes = _attributes(body[_ADDRESS.size :])
    raw = attributes.get(_LOCAL, attributes.get(_PEER, b""))
    if bits is None or len(raw) * 8 != bits or prefix > bits:
        return None
    mask = ((1 << prefix) - 1) << (bits - prefix)
    netmask = socket.inet_ntop(family, mask.to_bytes(bits // 8, "big"))
    return index, {"address": socket.inet_ntop(family, raw), "netmask": netmask}


def _attributes(raw: bytes) -> dict[int, bytes]:
    found = {}
    while len(raw) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(raw)
        if not _ATTRIBUTE.size <= length <= len(raw):
            raise Unknown("unreadable", "netlink: an attribute of %d bytes" % length)
        found[kind] = raw[_ATTRIBUTE.size : length]
        raw = raw[(length + 3) & ~3 :]
    return found
