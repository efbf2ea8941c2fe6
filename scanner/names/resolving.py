"""Reverse DNS of many hosts at one resolver that the officer named."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address

from scanner.names import reverse_dns
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.wire.datagrams import Datagram, Datagrams

TECHNIQUE = "reverse_dns"
ROUNDS = 3  #: times that a name is asked for while nothing came back
WAIT = 1.0  #: seconds for answers after the last question of a round
_BURST = 64  #: questions that leave before answers are taken in


def resolved(scanning: Scanning, hosts: Sequence[str], resolver: str) -> list[Partial]:
    """What ``resolver`` calls ``hosts``: its word about them, not theirs (`answered` is False).

    Raises:
        NotAllowed: the resolver is outside the scan's networks; nothing was sent.
    """
    with Datagrams(scanning, TECHNIQUE, most_of_one=ROUNDS * len(hosts)) as door:
        resolving = _Resolving(scanning, hosts, resolver, door)
        for _ in range(ROUNDS):
            resolving.round()
    if resolving.open and not scanning.stop.is_set():
        scanning.lost(TECHNIQUE, "timed_out", f"{resolver} said nothing of {resolving.open} hosts")
    return resolving.found


class _Resolving:
    def __init__(
        self, scanning: Scanning, hosts: Sequence[str], resolver: str, door: Datagrams
    ) -> None:
        self._scanning, self._resolver, self._door = scanning, resolver, door
        self._open = {ip_address(ip).reverse_pointer: ip for ip in hosts}
        self._token = secrets.randbits(16)
        self.found: list[Partial] = []

    @property
    def open(self) -> int:
        """Hosts of which nothing was said yet."""
        return len(self._open)

    def round(self) -> None:
        """Ask for every name that is still open, and hear until none is, or the time is over."""
        for number, ip in enumerate(list(self._open.values())):
            if self._scanning.stop.is_set():
                return
            question = reverse_dns.question(ip, self._token)
            self._door.send(question, self._resolver, reverse_dns.PORT)
            if number % _BURST == 0:
                self._read(self._door.ready())
        until = time.monotonic() + WAIT
        while self._open and time.monotonic() < until and not self._scanning.stop.is_set():
            self._read(self._door.receive(min(until, time.monotonic() + 0.05)))

    def _read(self, came: Iterable[Datagram]) -> None:
        for got in came:
            told = reverse_dns.read(got.payload, self._token)
            if got.ip != self._resolver or got.port != reverse_dns.PORT or told is None:
                self._scanning.ledger.ignore("not_asked")
                continue
            for name, heard in told.items():
                ip = self._open.pop(name, None)
                if ip and heard:
                    word = heard.partial(ip, TECHNIQUE, got.at)
                    self.found.append(replace(word, answered=False))
