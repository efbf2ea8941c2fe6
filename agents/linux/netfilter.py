"""Whether the kernel holds any nftables table, asked without the nft program.

A minimal machine has no nft; that alone does not say that nothing filters. nfnetlink, the interface
that nft itself uses, answers: linux/netfilter/nfnetlink.h and nf_tables.h of the kernel's headers.
"""

from __future__ import annotations

import errno
import os
import socket
import struct

from agents.outcome import Unknown

_NETFILTER = 12  #: NETLINK_NETFILTER
_GET_TABLES, _NEW_TABLE = 0x0A01, 0x0A00  #: subsystem nftables (10), GETTABLE and NEWTABLE
_ERROR, _DONE = 2, 3
_REQUEST_DUMP = 0x0301  #: NLM_F_REQUEST | NLM_F_DUMP
_HEADER = struct.Struct("=IHHII")  #: nlmsghdr: length, type, flags, sequence, port
_SECONDS = 5.0
_LARGEST = 1 << 16  #: bytes of one datagram of a dump
_NOT_ALLOWED = (errno.EPERM, errno.EACCES)


def tables() -> int:
    """How many nftables tables there are in this network namespace, over all families.

    Raises:
        Unknown: only an administrator may ask, or the kernel does not answer.
    """
    try:
        with socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETFILTER
        ) as asked:
            asked.settimeout(_SECONDS)
            asked.bind((0, 0))
            body = struct.pack("=BBH", 0, 0, 0)  # nfgenmsg: any family
            asked.send(
                _HEADER.pack(_HEADER.size + len(body), _GET_TABLES, _REQUEST_DUMP, 1, 0) + body
            )
            return _counted(asked)
    except OSError as fault:
        raise _unknown(fault.errno, fault.strerror or str(fault)) from None


def _counted(asked: socket.socket) -> int:
    """Count the tables of the dump, to its end."""
    found = 0
    while True:
        datagram = asked.recv(_LARGEST)
        while len(datagram) >= _HEADER.size:
            length, kind = _HEADER.unpack_from(datagram)[:2]
            if kind == _DONE:
                return found
            if kind == _ERROR:
                code = -struct.unpack_from("=i", datagram, _HEADER.size)[0]
                raise _unknown(code, os.strerror(code))
            if length < _HEADER.size:
                raise Unknown("unreadable", "nfnetlink: a message of %d bytes" % length)
            found += kind == _NEW_TABLE
            datagram = datagram[(length + 3) & ~3 :]


def _unknown(code: int | None, words: str) -> Unknown:
    reason = "not_elevated" if code in _NOT_ALLOWED else "unreadable"
    return Unknown(reason, "nfnetlink: " + words)
