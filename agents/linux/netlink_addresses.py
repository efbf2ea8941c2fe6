"""The addresses of all interfaces, asked of the kernel over rtnetlink (linux/rtnetlink.h).

psutil answers the same, at the price of a fifth of a run's imports.
"""

from __future__ import annotations

import os
import socket
import struct

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

_ROUTE = 0  #: NETLINK_ROUTE
_GET_ADDRESS, _NEW_ADDRESS = 22, 20  #: RTM_GETADDR, RTM_NEWADDR
_ERROR, _DONE = 2, 3
_REQUEST_DUMP = 0x0301  #: NLM_F_REQUEST | NLM_F_DUMP
HEADER = struct.Struct("=IHHII")  #: nlmsghdr: length, type, flags, sequence, port
_ADDRESS = struct.Struct("=BBBBI")  #: ifaddrmsg: family, prefix length, flags, scope, index
_ATTRIBUTE = struct.Struct("=HH")  #: rtattr: length, type
_PEER, _LOCAL = 1, 2  #: IFA_ADDRESS is the peer's on a point-to-point link, IFA_LOCAL ours
_BITS = {socket.AF_INET: 32, socket.AF_INET6: 128}
_SECONDS = 5.0
_LARGEST = 1 << 16  #: bytes of one datagram of a dump


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


def dump(family: int, question: int, answer: int, body: bytes) -> list[bytes]:
    """The bodies of all messages of type ``answer`` that a netlink family gives to a question.

    Raises:
        Unknown: the kernel does not answer.
    """
    try:
        with socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, family
        ) as asked:
            asked.settimeout(_SECONDS)
            asked.bind((0, 0))
            length = HEADER.size + len(body)
            asked.send(HEADER.pack(length, question, _REQUEST_DUMP, 1, 0) + body)
            return _answers(asked, answer)
    except OSError as fault:
        raise Unknown("unreadable", "netlink: %s" % (fault.strerror or fault)) from None


def _answers(asked: socket.socket, answer: int) -> list[bytes]:
    """What comes, to the dump's end."""
    found: list[bytes] = []
    while True:
        for kind, body in messages(asked.recv(_LARGEST)):
            if kind == _DONE:
                return found
            if kind == _ERROR:
                code = -struct.unpack_from("=i", body)[0]
                raise OSError(code, os.strerror(code))
            if kind == answer:
                found.append(body)


def messages(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of each message of a datagram."""
    while len(datagram) >= HEADER.size:
        length, kind = HEADER.unpack_from(datagram)[:2]
        if not HEADER.size <= length <= len(datagram):
            raise Unknown("unreadable", "netlink: a message of %d bytes" % length)
        yield kind, datagram[HEADER.size : length]
        datagram = datagram[(length + 3) & ~3 :]


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
