"""UDP questions: every destination checked, paced and counted; groups never through a router."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from typing import Self

from language.said import said
from language.system import reason
from scanner.interfaces import Interface, attached_to
from scanner.networks import Address
from scanner.problems import CannotScan
from scanner.scanning import Scanning

QUEUE = 4 << 20  #: bytes of answers that may wait for us
LONGEST = 9000  #: bytes of a datagram that are read: the longest of mDNS (RFC 6762 section 17)
MOST_OF_ONE = 64  #: datagrams of one sender that are read, where nothing else is said
MOST_SENDERS = 1 << 16  #: senders that are listened to in one exchange
_MOST_AT_ONCE = 1024  #: datagrams that are read without looking at the clock
_POLL = 0.05  #: seconds between two looks at the stop flag
_LINK_LOCAL_HOPS = 1  #: TTL of questions to a group: no router passes them on


@dataclass(frozen=True, slots=True)
class Datagram:
    """One answer; ``at`` in seconds since 1970."""

    ip: str
    port: int
    payload: bytes
    at: float


class Datagrams:
    """Questions of one technique and the answers; a context manager.

    What comes from outside the scan's networks is dropped and counted (`outside`), as is what one
    sender sends beyond measure (`too_many`).
    """

    def __init__(self, scanning: Scanning, technique: str, most_of_one: int = MOST_OF_ONE) -> None:
        """``most_of_one``: datagrams of one sender that are read; the rest is counted."""
        self._scanning, self._technique = scanning, technique
        self._most_of_one = most_of_one
        self._sockets: dict[int, socket.socket] = {}
        self._heard: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._sockets.values():
            one.close()

    @property
    def sockets(self) -> list[socket.socket]:
        """What to wait for, together with other techniques' sockets."""
        return list(self._sockets.values())

    def send(self, payload: bytes, ip: str, port: int) -> bool:
        """Ask one host; whether it left.

        Raises:
            NotAllowed: ``ip`` is outside the networks of the scan; nothing was sent.
        """
        address = ip_address(ip)
        self._scanning.networks.check(address)
        if isinstance(address, IPv4Address):
            return self._put(socket.AF_INET, payload, (ip, port))
        return self._put(socket.AF_INET6, payload, (ip, port, 0, self._zone(address)))

    def send_group(self, payload: bytes, group: str, port: int, interface: Interface) -> bool:
        """Ask a group on one interface, with TTL 1; whether it left.

        Raises:
            NotAllowed: ``group`` is not one of `networks.GROUPS`.
        """
        self._scanning.networks.check_group(group)
        if ":" in group:
            self._socket(socket.AF_INET6).setsockopt(
                socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, interface.index
            )
            target = (group, port, 0, interface.index)
            return self._put(socket.AF_INET6, payload, target, broadcast=True)
        own = [one.ip for one in interface.addresses if isinstance(one.ip, IPv4Address)]
        if not own:
            return False
        self._socket(socket.AF_INET).setsockopt(
            socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own[0].packed
        )
        return self._put(socket.AF_INET, payload, (group, port), broadcast=True)

    def receive(self, until: float) -> Iterator[Datagram]:
        """Answers until the moment ``until`` on the monotonic clock; a stop ends it earlier."""
        while not self._scanning.stop.is_set():
            left = until - time.monotonic()
            if left <= 0 or not self._sockets:
                return
            if select.select(self.sockets, [], [], min(left, _POLL))[0]:
                yield from self.ready()

    def ready(self) -> Iterator[Datagram]:
        """What waits now, without waiting for more; bounded, whoever floods us."""
        for one in self.sockets:
            for _ in range(_MOST_AT_ONCE):
                try:
                    payload, sender = one.recvfrom(LONGEST)
                except (BlockingIOError, InterruptedError):
                    break
                except OSError:  # Windows tells here that some earlier question met no listener
                    continue
                if self._believed(ip := sender[0].partition("%")[0]):
                    yield Datagram(ip, sender[1], payload, time.time())

    def _believed(self, ip: str) -> bool:
        if ip_address(ip) not in self._scanning.networks:
            self._scanning.ledger.ignore("outside")
            return False
        self._heard[ip] += 1
        if self._heard[ip] > self._most_of_one or len(self._heard) > MOST_SENDERS:
            self._scanning.ledger.ignore("too_many")
            return False
        self._scanning.ledger.answer(self._technique)
        return True

    def _put(
        self, family: int, payload: bytes, target: tuple[object, ...], *, broadcast: bool = False
    ) -> bool:
        self._scanning.pace.take()
        door = self._socket(family)
        try:
            door.sendto(payload, target)
        except OSError as fault:
            if fault.errno not in (errno.EAGAIN, errno.ENOBUFS):
                self._scanning.lost(self._technique, "not_sent", str(fault.strerror))
                return False
            select.select([], [door], [], _POLL)
            try:
                door.sendto(payload, target)
            except OSError as again:
                self._scanning.lost(self._technique, "not_sent", str(again.strerror))
                return False
        self._scanning.ledger.send(self._technique, broadcast=broadcast)
        return True

    def _socket(self, family: int) -> socket.socket:
        if family not in self._sockets:
            self._sockets[family] = _opened(family)
        return self._sockets[family]

    def _zone(self, address: Address) -> int:
        """The interface of a link-local address, which means nothing without one (RFC 4007)."""
        card = attached_to(address, self._scanning.interfaces) if address.is_link_local else None
        return card.index if card else 0


def _opened(family: int) -> socket.socket:
    """A socket that does not wait, on a port of the system's choice.

    Raises:
        CannotScan: this machine has no such protocol.
    """
    try:
        door = socket.socket(family, socket.SOCK_DGRAM)
    except OSError as fault:
        raise CannotScan(said("no UDP socket: {why}", why=reason(fault))) from None
    door.setblocking(False)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE)
    if family == socket.AF_INET:
        door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _LINK_LOCAL_HOPS)
        door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
    else:
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, _LINK_LOCAL_HOPS)
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
    return door
