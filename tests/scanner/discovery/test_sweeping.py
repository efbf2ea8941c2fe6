"""A sweep ends, and finds who is there, whoever else sends without end."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from scanner.discovery import arp
from scanner.interfaces import Interface
from scanner.networks import Networks
from scanner.pace import Pace
from scanner.scanning import Scanning
from scanner.wire import link as link_module
from scanner.wire.link import MOST_AT_ONCE

OWN = IPv4Address("10.66.3.254")
CARD = Interface("lan0", 1, "02:00:00:00:00:01", (), up=True, loopback=False)
LIES = arp.question(arp.packed("3c:52:82:00:00:fe"), IPv4Address("10.66.0.77"))


class Flood:
    """A card at which a lie always waits already; what is asked of it ``there`` answers."""

    def __init__(self, *there: str) -> None:
        self._there = {IPv4Address(ip).packed for ip in there}
        self._answers: list[bytes] = []
        self.taken = self.looks = 0

    def put(self, frame: bytes) -> None:
        self.looks += 1  # the pace of the test: a group is one frame
        if frame[38:42] in self._there:
            mac = b"\x02\x00" + frame[38:42]
            told = mac + frame[38:42] + frame[22:32]
            self._answers.append(frame[6:12] + mac + frame[12:20] + b"\x00\x02" + told)

    def take(self) -> bytes:
        self.taken += 1
        return self._answers.pop() if self._answers else LIES.ask(OWN.packed, b"")

    def wait(self, seconds: float) -> bool:
        self.looks += 1
        return True

    def dropped(self) -> int:
        return 5

    def close(self) -> None:
        """Nothing is open."""


def test_a_flood_without_end_ends_no_sweep_and_holds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is never empty: a look that read until it is would be the last."""
    card = Flood("10.66.0.3", "10.66.0.5")
    monkeypatch.setattr(link_module, "_opened", lambda *_: card)
    scanning = Scanning(Networks.configured(["10.66.0.0/22"]), (CARD,), Pace(1000, sleep=_at_once))
    targets = [IPv4Address(f"10.66.0.{last}") for last in range(1, 9)]
    swept = arp.arp(scanning, CARD, targets, OWN, most_rounds=2)
    assert {str(IPv4Address(ip)) for ip in swept.macs} == {"10.66.0.3", "10.66.0.5"}
    assert MOST_AT_ONCE < card.taken <= card.looks * MOST_AT_ONCE
    assert scanning.ledger.counts()["ignored"] == {"not_asked": card.taken - 2}
    assert [(one.technique, one.reason) for one in scanning.losses] == [("arp", "flooded")]


def _at_once(seconds: float) -> None:
    """Nobody is waited for: there is no network."""
