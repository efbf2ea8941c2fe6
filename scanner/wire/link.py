"""Frames on one interface by a Linux packet socket (packet(7)): sent, paced, counted, received.

Every frame's destination is checked once more here, whoever made it: the last door before the wire.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Self

from scanner.interfaces import Interface
from scanner.networks import Address
from scanner.problems import CannotScan, NotAllowed
from scanner.scanning import Scanning
from scanner.wire.filters import ARP, IPV4, IPV6, NOTHING, Program, attached_form

ETH_P_ALL = 0x0003  #: every protocol (linux/if_ether.h)
SO_ATTACH_FILTER, SO_RCVBUFFORCE = 26, 33  #: asm-generic/socket.h
SOL_PACKET, PACKET_STATISTICS = 263, 6  #: linux/if_packet.h
QUEUE = 8 << 20  #: bytes of answers that may wait for us
_LONGEST = 2048  #: bytes of a frame that are read
PACKET_ADD_MEMBERSHIP, PACKET_MR_ALLMULTI = 1, 2  #: linux/if_packet.h
PACKET_IGNORE_OUTGOING = 23  #: linux/if_packet.h: what this machine sends is not an answer
PACKET_QDISC_BYPASS = 20  #: linux/if_packet.h: our own pace is the only queue
_POLL = 0.05  #: seconds between two looks at the stop flag


class Link:
    """One interface as frames; a context manager.

    ``program`` says which frames the kernel hands up. Of ``technique`` the ledger speaks.
    """

    def __init__(
        self, scanning: Scanning, interface: Interface, technique: str, program: Program
    ) -> None:
        self._scanning, self._technique = scanning, technique
        self.interface = interface
        self._permitted: set[bytes] = set()
        self._socket = _opened(interface, program)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        dropped = struct.unpack("II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
        self._scanning.ledger.drop(dropped)
        self._socket.close()

    def fileno(self) -> int:
        """The packet socket's number, for calls that Python does not wrap."""
        return self._socket.fileno()

    def hear_all_groups(self) -> None:
        """Let the card hand up every multicast frame; nothing is sent, no group is joined."""
        wanted = struct.pack("iHH8x", self.interface.index, PACKET_MR_ALLMULTI, 0)
        self._socket.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, wanted)

    def send(self, frames: Sequence[bytes]) -> int:
        """Send the frames at the scan's pace; gives how many left before a stop.

        Raises:
            NotAllowed: a frame goes to an address outside the scan's networks; nothing was sent.
            CannotScan: the interface went down.
        """
        for frame in frames:
            self.check(frame)
        group, sent = self._scanning.pace.group, 0
        while sent < len(frames) and not self._scanning.stop.is_set():
            now = frames[sent : sent + group]
            self._scanning.pace.take(len(now))
            self._put(now)
            sent += len(now)
        return sent

    def receive(self, until: float) -> Iterator[tuple[bytes, float]]:
        """(frame, when it was read, seconds since 1970) until the moment ``until``.

        ``until`` is on the monotonic clock; a stop ends it earlier.
        """
        while not self._scanning.stop.is_set():
            left = until - time.monotonic()
            if left <= 0:
                return
            if self.wait(left):
                yield from self.ready()

    def wait(self, seconds: float) -> bool:
        """Wait until something came, for ``seconds`` at most; whether it did."""
        return bool(select.select([self._socket], [], [], min(seconds, _POLL))[0])

    def ready(self) -> Iterator[tuple[bytes, float]]:
        """What waits now, without waiting for more."""
        receive = self._socket.recv
        while True:
            try:
                # Not recvfrom: it would ask the kernel for the interface's name each time.
                frame = receive(_LONGEST, socket.MSG_DONTWAIT)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as fault:
                raise CannotScan(f"{self.interface.name}: {fault.strerror}") from None
            yield frame, time.time()

    def _put(self, frames: Sequence[bytes]) -> None:
        ledger, put = self._scanning.ledger, self._socket.send
        broadcast = sum(1 for frame in frames if frame[0] & 1)
        ledger.send(self._technique, len(frames) - broadcast)
        ledger.send(self._technique, broadcast, broadcast=True)
        for frame in frames:
            try:
                put(frame)
            except BlockingIOError:  # the card's queue is full: wait until it has room
                select.select([], [self._socket], [])
                put(frame)
            except OSError as fault:
                raise CannotScan(f"{self.interface.name}: {fault.strerror}") from None

    def check(self, frame: bytes) -> None:
        """Refuse a frame to an address outside the networks of the scan.

        Raises:
            NotAllowed: it goes elsewhere.
        """
        destination = frame[30:34] if frame[12:14] == b"\x08\x00" else frame[38:54]
        if destination in self._permitted:
            return
        address = destination_of(frame)
        if address.is_multicast:
            self._scanning.networks.check_group(str(address))
        else:
            self._scanning.networks.check(address)
        self._permitted.add(destination)


def destination_of(frame: bytes) -> Address:
    """Whom an Ethernet frame asks: the target of an ARP packet, the destination of an IP packet.

    Raises:
        NotAllowed: it is of another kind, or cut short: such frames are not sent.
    """
    kind = int.from_bytes(frame[12:14], "big")
    if kind == ARP and len(frame) >= 42:  # noqa: PLR2004 - RFC 826 over Ethernet
        return IPv4Address(frame[38:42])
    if kind == IPV4 and len(frame) >= 34:  # noqa: PLR2004 - RFC 791 after 14 bytes of Ethernet
        return IPv4Address(frame[30:34])
    if kind == IPV6 and len(frame) >= 54:  # noqa: PLR2004 - RFC 8200 after 14 bytes of Ethernet
        return IPv6Address(frame[38:54])
    raise NotAllowed(f"a frame of kind {kind:#06x} is not one that this scanner sends")


def _opened(interface: Interface, program: Program) -> socket.socket:
    """A packet socket that has seen nothing but what the filter lets through.

    Raises:
        CannotScan: no rights, or another system.
    """
    if not hasattr(socket, "AF_PACKET"):
        raise CannotScan("packet sockets are Linux's")
    try:
        # Protocol 0 receives nothing until it is bound, filter set: nothing slips in before.
        link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError:
        raise CannotScan("raw sockets need root, or the capability CAP_NET_RAW") from None
    try:
        _filter(link, NOTHING)
        _enlarge(link)
        link.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        link.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
        link.bind((interface.name, ETH_P_ALL))
        _filter(link, program)
    except OSError as fault:
        link.close()
        raise CannotScan(f"{interface.name}: {fault.strerror}") from None
    return link


def _enlarge(link: socket.socket) -> None:
    """Room for answers, as much as is asked for where we may, else as the system's limit allows."""
    try:
        link.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, QUEUE)
    except PermissionError:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE)


def _filter(link: socket.socket, program: Program) -> None:
    form, _alive = attached_form(program)
    link.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, form)
