"""Datagrams are checked, counted, believed from inside alone, and bounded for each sender."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scanner.interfaces import Interface, interfaces
from scanner.networks import GROUPS, Networks
from scanner.pace import Pace
from scanner.problems import NotAllowed
from scanner.scanning import Scanning
from scanner.wire.datagrams import LONGEST, MOST_OF_ONE, Datagrams


def scanning(*networks: str) -> Scanning:
    return Scanning(Networks.configured(networks or ["127.0.0.0/8"]), tuple(interfaces()), Pace(0))


def loopback() -> Interface:
    return next(one for one in interfaces() if one.loopback)


@contextmanager
def listener(ip: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind((ip, 0))
        door.settimeout(2)
        yield door


def test_a_question_leaves_and_its_answer_comes_back() -> None:
    one = scanning()
    with listener() as door, Datagrams(one, "test") as asking:
        assert asking.send(b"who?", "127.0.0.1", door.getsockname()[1])
        said, sender = door.recvfrom(100)
        door.sendto(b"me", sender)
        got = next(asking.receive(time.monotonic() + 2))
        assert (got.ip, got.port, got.payload) == (*door.getsockname(), b"me")
    assert said == b"who?"
    assert one.ledger.sent == {"test": 1}
    assert one.ledger.answered == {"test": 1}


def test_an_address_outside_is_refused_before_anything_is_sent() -> None:
    one = scanning("10.66.0.0/22")
    with Datagrams(one, "test") as asking:
        for ip in ("10.67.0.1", "8.8.8.8", "255.255.255.255", "224.0.0.251", "127.0.0.1", "::1"):
            with pytest.raises(NotAllowed):
                asking.send(b"who?", ip, 137)
        assert not asking.sockets
    assert not one.ledger.sent


def test_only_groups_of_discovery_are_asked() -> None:
    one = scanning("10.66.0.0/22")
    with Datagrams(one, "test") as asking:
        for group in ("224.0.0.1", "239.1.2.3", "255.255.255.255", "ff02::2", "10.66.0.1"):
            with pytest.raises(NotAllowed):
                asking.send_group(b"who?", group, 5353, loopback())
    assert not one.ledger.sent
    assert "224.0.0.251" in GROUPS


def test_a_group_question_has_a_ttl_of_one_and_counts_as_a_broadcast() -> None:
    one = scanning()
    with Datagrams(one, "test") as asking:
        asking.send_group(b"who?", "224.0.0.251", 5353, loopback())
        (door,) = asking.sockets
        assert door.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 1
        assert door.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP) == 0
    assert one.ledger.broadcasts["test"] == one.ledger.sent["test"] == 1


def test_a_sender_that_floods_and_one_from_outside_are_counted_and_dropped() -> None:
    one = scanning("127.0.0.0/28")
    with (
        listener() as inside,
        listener("127.0.0.99") as outside,
        Datagrams(one, "test") as asking,
    ):
        asking.send(b"who?", "127.0.0.1", inside.getsockname()[1])
        _, sender = inside.recvfrom(100)
        for _ in range(500):
            inside.sendto(b"me", sender)
        for _ in range(7):
            outside.sendto(b"me too", sender)
        got = list(asking.receive(time.monotonic() + 0.5))
    assert len(got) == MOST_OF_ONE
    assert {found.ip for found in got} == {"127.0.0.1"}
    assert one.ledger.ignored == {"too_many": 500 - MOST_OF_ONE, "outside": 7}


def test_a_long_datagram_is_cut() -> None:
    with listener() as door, Datagrams(scanning(), "test") as asking:
        asking.send(b"who?", "127.0.0.1", door.getsockname()[1])
        _, sender = door.recvfrom(100)
        door.sendto(b"x" * 60000, sender)
        got = next(asking.receive(time.monotonic() + 2))
    assert len(got.payload) == LONGEST


def test_a_question_to_nobody_is_no_error() -> None:
    one = scanning()
    with listener() as door:
        port = door.getsockname()[1]
    with Datagrams(one, "test") as asking:
        for _ in range(3):
            assert asking.send(b"who?", "127.0.0.1", port)
        assert list(asking.receive(time.monotonic() + 0.2)) == []
    assert not one.losses


def test_ipv6_is_asked_alike() -> None:
    one = scanning("::1/128")
    with (
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as door,
        Datagrams(one, "test") as asking,
    ):
        door.bind(("::1", 0))
        door.settimeout(2)
        assert asking.send(b"who?", "::1", door.getsockname()[1])
        said, sender = door.recvfrom(100)
        door.sendto(b"me", sender)
        got = next(asking.receive(time.monotonic() + 2))
        with pytest.raises(NotAllowed):
            asking.send(b"who?", "fe80::1", 5353)
    assert said == b"who?"
    assert (got.ip, got.payload) == ("::1", b"me")
