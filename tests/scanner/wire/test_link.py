"""The last door before the wire: whom a frame asks, and that nobody outside is asked."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import ICMPv6ND_NS, IPv6
from scapy.layers.l2 import ARP, Ether

from scanner.interfaces import Interface
from scanner.networks import Networks
from scanner.problems import CannotScan, NotAllowed
from scanner.scanning import Scanning
from scanner.wire import link as link_module
from scanner.wire.block import Block
from scanner.wire.filters import NOTHING
from scanner.wire.link import MOST_AT_ONCE, Link, destination_of

CARD = Interface("lan0", 1, "02:00:00:00:00:01", (), up=True, loopback=False)
HOST = "02:00:00:00:00:02"


class Tape:
    """A door that keeps what is put through it: nothing leaves."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.waiting: Iterator[bytes] = iter(())
        self.lost = 0

    def take(self) -> bytes | None:
        return next(self.waiting, None)

    def put(self, frame: bytes) -> None:
        self.frames.append(frame)

    def dropped(self) -> int:
        return self.lost

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def tape(monkeypatch: pytest.MonkeyPatch) -> Tape:
    made = Tape()
    monkeypatch.setattr(link_module, "_opened", lambda *_: made)
    return made


def scanning() -> Scanning:
    return Scanning(Networks.configured(["10.66.0.0/22", "fd66::/64"]), (CARD,))


def syn(host: str) -> bytes:
    return bytes(Ether(dst=HOST, src=CARD.mac) / IP(src="10.66.0.1", dst=host) / TCP(flags="S"))


def arp(host: str) -> bytes:
    return bytes(Ether(dst="ff:ff:ff:ff:ff:ff", src=CARD.mac) / ARP(psrc="10.66.0.1", pdst=host))


@pytest.mark.parametrize(
    ("frame", "host"),
    [
        (arp("10.66.0.9"), "10.66.0.9"),
        (syn("10.66.0.9"), "10.66.0.9"),
        (bytes(Ether(dst=HOST, src=HOST) / IPv6(dst="fd66::9") / ICMPv6ND_NS()), "fd66::9"),
    ],
)
def test_whom_a_frame_asks(frame: bytes, host: str) -> None:
    assert destination_of(frame) == ip_address(host)


@given(st.binary(max_size=80))
def test_any_bytes_ask_somebody_or_are_refused(raw: bytes) -> None:
    with suppress(NotAllowed):
        assert destination_of(raw).packed in raw


@pytest.mark.parametrize("make", [arp, syn])
@pytest.mark.parametrize("host", ["10.66.4.0", "8.8.8.8", "10.65.255.255", "224.0.0.1"])
def test_one_frame_to_outside_and_nothing_is_sent(tape: Tape, make: object, host: str) -> None:
    assert callable(make)
    with Link(scanning(), CARD, "arp", NOTHING) as link:
        with pytest.raises(NotAllowed):
            link.send([make("10.66.0.9"), make(host)])
        assert tape.frames == []
        assert link.send([make("10.66.0.9")]) == 1, "the control"
    assert len(tape.frames) == 1


def test_every_frame_is_counted_and_broadcasts_apart(tape: Tape) -> None:
    scan = scanning()
    with Link(scan, CARD, "arp", NOTHING) as link:
        link.send([arp("10.66.0.9"), arp("10.66.0.10"), syn("10.66.0.9")])
    counts = scan.ledger.counts()
    assert (counts["sent"], counts["broadcasts"]) == ({"arp": 3}, {"arp": 2})
    assert len(tape.frames) == 3


def test_a_stop_ends_the_sending(tape: Tape) -> None:
    scan = scanning()
    scan.stop.set()
    with Link(scan, CARD, "arp", NOTHING) as link:
        assert link.send([arp("10.66.0.9")]) == 0
    assert tape.frames == []


def test_a_look_reads_what_waits_and_of_a_flood_so_much(tape: Tape) -> None:
    with Link(scanning(), CARD, "arp", NOTHING) as link:
        tape.waiting = iter([b"1", b"2", b"3"])
        assert [frame for frame, _ in link.ready()] == [b"1", b"2", b"3"]
        tape.waiting = itertools.repeat(b"lie")
        assert sum(1 for _ in link.ready()) == MOST_AT_ONCE
        assert sum(1 for _ in link.ready(7)) == 7


@pytest.mark.parametrize("lost", [0, 5])
def test_what_found_no_room_is_counted_and_said(tape: Tape, lost: int) -> None:
    scan, tape.lost = scanning(), lost
    with Link(scan, CARD, "arp", NOTHING):
        pass
    assert scan.ledger.counts()["kernel_drops"] == lost
    assert [one.reason for one in scan.losses] == ["flooded"] * (lost > 0)


@pytest.mark.usefixtures("tape")
def test_a_block_is_checked_and_keeps_its_addresses() -> None:
    scan = scanning()
    with Link(scan, CARD, "syn", NOTHING) as link:
        with pytest.raises(NotAllowed):
            Block(scan, link, "syn", [syn("10.66.0.9"), syn("10.67.0.9")])
        block = Block(scan, link, "syn", [syn("10.66.0.9"), syn("10.66.0.10")])
        for offset in range(34):
            with pytest.raises(ValueError, match="behind the addresses"):
                block.patch(offset, b"\x08")
        block.patch(36, b"\x00\x50")
        with pytest.raises(ValueError, match="behind the addresses"):
            block.patch(len(syn("10.66.0.9")) - 1, b"\x00\x50")


def test_without_rights_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> socket.socket:
        raise PermissionError

    monkeypatch.setattr(socket, "socket", denied)
    with pytest.raises(CannotScan, match="CAP_NET_RAW"):
        Link(scanning(), CARD, "arp", NOTHING)
