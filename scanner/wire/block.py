"""Frames of one length, one a host, sent again and again with two or three bytes changed.

A port scan asks every host the same thing for each port. So the frames stand in one buffer, and
the kernel is given hundreds in one call (sendmmsg(2)).
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
from array import array
from collections.abc import Sequence
from functools import cache

from language.said import said
from scanner.problems import CannotScan
from scanner.scanning import Scanning
from scanner.wire.link import Link

_PAYLOAD = 34  #: offset from which a frame may be changed: behind the IPv4 addresses
_MOST = 1024  #: messages that one call takes (UIO_MAXIOV)
_WORDS = 8  #: 64-bit words of struct mmsghdr; see below


class Block:
    """The frames of all hosts for one question; every destination was checked by the link."""

    def __init__(self, scanning: Scanning, link: Link, technique: str, frames: list[bytes]) -> None:
        """``frames`` are of one length, longer than an Ethernet and an IPv4 header."""
        for frame in frames:
            link.check(frame)
        self._scanning, self._link, self._technique = scanning, link, technique
        self._length, self._count = len(frames[0]), len(frames)
        self._bytes = bytearray(b"".join(frames))
        if len(self._bytes) != self._length * self._count:
            raise ValueError("the frames of a block have one length")
        self._alive = (ctypes.c_char * len(self._bytes)).from_buffer(self._bytes)
        self._start = ctypes.addressof(self._alive)
        self._pieces, self._messages = self._tables()
        self._all = array("Q", [self._at(host) for host in range(self._count)])

    def _at(self, host: int) -> int:
        return self._start + host * self._length

    def _tables(self) -> tuple[array[int], array[int]]:
        """(struct iovec per frame, struct mmsghdr per frame), as 64-bit systems lay them out."""
        if ctypes.sizeof(ctypes.c_void_p) != ctypes.sizeof(ctypes.c_uint64):
            raise CannotScan(said("the fast port scan needs a 64-bit Python"))
        pieces = array("Q", [0, self._length] * self._count)
        base = pieces.buffer_info()[0]
        messages = array("Q", bytes(8 * _WORDS * self._count))
        for host in range(self._count):
            messages[host * _WORDS + 2] = base + 16 * host  # msg_iov
            messages[host * _WORDS + 3] = 1  # msg_iovlen
        return pieces, messages

    def patch(self, offset: int, value: bytes) -> None:
        """Write the same bytes at one place of every frame; never where the addresses stand."""
        if offset < _PAYLOAD or offset + len(value) > self._length:
            raise ValueError("only what stands behind the addresses may be changed")
        for place, byte in enumerate(value, offset):
            self._bytes[place :: self._length] = bytes((byte,)) * self._count

    def send(self, hosts: Sequence[int] | None = None) -> None:
        """Send the frames of ``hosts`` (their numbers; None: all) at the scan's pace."""
        starts = self._all if hosts is None else array("Q", [self._at(host) for host in hosts])
        group = min(self._scanning.pace.group, _MOST)
        for first in range(0, len(starts), group):
            if self._scanning.stop.is_set():
                return
            now = starts[first : first + group]
            self._scanning.pace.take(len(now))
            self._scanning.ledger.send(self._technique, len(now))
            self._pieces[0 : 2 * len(now) : 2] = now
            self._put(len(now))

    def _put(self, count: int) -> None:
        """Hand the first ``count`` pieces to the kernel, waiting while its queue is full."""
        done = 0
        while done < count:
            start = self._messages.buffer_info()[0] + 8 * _WORDS * done
            sent = _libc().sendmmsg(self._link.fileno(), ctypes.c_void_p(start), count - done, 0)
            if sent > 0:
                done += sent
                continue
            code = ctypes.get_errno()
            if code not in (errno.EAGAIN, errno.ENOBUFS, errno.EINTR):
                raise CannotScan(
                    said(
                        "{name}: {strerror}",
                        name=self._link.interface.name,
                        strerror=os.strerror(code),
                    )
                )
            select.select([], [self._link.fileno()], [], 0.01)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
