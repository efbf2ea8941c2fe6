"""Frames on one interface: checked, paced, counted, sent and received.

Every frame's destination is checked once more here, whoever made it: the last door before the wire.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol, Self

from language.said import said
from scanner.interfaces import Interface
from scanner.networks import Address
from scanner.problems import NotAllowed
from scanner.scanning import Scanning
from scanner.wire.filters import ARP, IPV4, IPV6, Program

MOST_AT_ONCE = 1024  #: frames of one look: whoever floods a card does not hold its reader
_POLL = 0.05  #: seconds between two looks at the stop flag


class Door(Protocol):
    """A card as the system gives it; each may raise CannotScan when the card goes away."""

    def put(self, frame: bytes) -> None:
        """Send one frame."""

    def take(self) -> bytes | None:
        """A frame that waits and passed the filter, or None."""

    def wait(self, seconds: float) -> bool:
        """Wait until a frame came, for so long at most; whether one did."""

    def dropped(self) -> int:
        """Frames that came and found no room, since the last call."""

    def hear_all_groups(self) -> None:
        """Let the card hand up every multicast frame; nothing is sent, no group is joined."""

    def fileno(self) -> int:
        """Its number, for calls that Python does not wrap."""

    def close(self) -> None:
        """Let the card go."""


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
        self._door = _opened(interface, program)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        dropped = self._door.dropped()
        self._door.close()
        if dropped:
            self._scanning.ledger.drop(dropped)
            detail = f"{dropped} frames found no room; answers may have been among them"
            self._scanning.lost(self._technique, "flooded", detail)

    def fileno(self) -> int:
        """The card's number, for calls that Python does not wrap.

        Raises:
            CannotScan: this system gives none.
        """
        return self._door.fileno()

    def hear_all_groups(self) -> None:
        """Let the card hand up every multicast frame; nothing is sent, no group is joined."""
        self._door.hear_all_groups()

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
        return self._door.wait(min(seconds, _POLL))

    def ready(self, most: int = MOST_AT_ONCE) -> Iterator[tuple[bytes, float]]:
        """What waits now, without waiting for more: ``most`` frames, the rest at the next look.

        Frames that come faster than they are read would hold a look without end. What finds no room
        in the card's queue meanwhile is dropped by the kernel, counted, and said.
        """
        take = self._door.take
        for _ in range(most):
            frame = take()
            if frame is None:
                return
            yield frame, time.time()

    def _put(self, frames: Sequence[bytes]) -> None:
        ledger = self._scanning.ledger
        broadcast = sum(1 for frame in frames if frame[0] & 1)
        ledger.send(self._technique, len(frames) - broadcast)
        ledger.send(self._technique, broadcast, broadcast=True)
        for frame in frames:
            self._door.put(frame)

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
    raise NotAllowed(
        said("a frame of kind {kind:#06x} is not one that this scanner sends", kind=kind)
    )


def _opened(interface: Interface, program: Program) -> Door:
    """The best way of this system to a card's frames.

    Raises:
        CannotScan: no rights, no such way here, or the card is gone.
    """
    if hasattr(socket, "AF_PACKET"):
        from scanner.wire.packets import PacketSocket

        return PacketSocket(interface, program)
    from scanner.wire.npcap import PcapSocket

    return PcapSocket(interface, program)
