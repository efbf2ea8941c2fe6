"""IPv6 of a link: real kernels answer in namespaces; lies and fragments of answers are dropped."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.discovery import ipv6
from tests.conftest import ROOT, require
from tests.lab.lan import wait_for_carrier
from tests.lab.namespaces import Namespace, possible

OWN, TARGET = IPv6Address("fd00:66::fe"), IPv6Address("fd00:66::5")
CARD, MINE = bytes.fromhex("3c5282000005"), bytes.fromhex("3c52820000fe")
NUMBER = b"abcd"


def advertisement(
    target: IPv6Address = TARGET,
    *,
    card: bytes = CARD,
    inner: bytes = CARD,
    hops: int = 255,
    options: bytes | None = None,
) -> bytes:
    """What a host answers a solicitation with."""
    option = b"\x02\x01" + inner if options is None else options
    message = bytes((136, 0, 0, 0, 0x60, 0, 0, 0)) + target.packed + option
    return ipv6.frame_to((MINE, OWN), card, target, message, hops=hops)


ASKED = ipv6.question(MINE, OWN)


def test_an_advertisement_is_read() -> None:
    """The control of what follows."""
    assert ASKED.read(advertisement()) == (TARGET.packed, CARD)
    assert ASKED.read(advertisement(options=b"")) == (TARGET.packed, CARD)


@pytest.mark.parametrize(
    "frame",
    [
        advertisement(hops=254),  # it came through a router
        advertisement(inner=bytes.fromhex("3c5282009999")),  # it speaks for another card
        advertisement(options=b"\x02\x00" + CARD)[:-20],
        advertisement()[:70],
        b"",
    ],
)
def test_a_lying_or_broken_advertisement_is_none(frame: bytes) -> None:
    assert ASKED.read(frame) is None


@given(st.binary(max_size=200), st.integers(0, 120))
def test_no_bytes_raise(tail: bytes, at: int) -> None:
    whole = advertisement()
    for frame in (tail, whole[:at] + tail, whole[:54] + tail):
        ASKED.read(frame)
        ipv6.answered(frame, OWN, NUMBER)


def test_only_answers_to_our_own_question_count() -> None:
    def reply(number: bytes, source: str = "fd00:66::5", kind: int = 129) -> bytes:
        message = bytes((kind, 0, 0, 0)) + number + bytes(8)
        return ipv6.frame_to((MINE, OWN), CARD, IPv6Address(source), message)

    assert ipv6.answered(reply(NUMBER), OWN, NUMBER) == TARGET
    assert ipv6.answered(reply(b"else"), OWN, NUMBER) is None
    assert ipv6.answered(reply(NUMBER, "ff02::5"), OWN, NUMBER) is None
    assert ipv6.answered(reply(NUMBER, kind=128), OWN, NUMBER) is None
    assert ipv6.answered(reply(NUMBER), TARGET, NUMBER) is None  # to somebody else


def test_a_solicitation_goes_to_the_few_who_may_have_the_address() -> None:
    frame = ASKED.ask(TARGET.packed, b"")
    assert frame[:6].hex(":") == "33:33:ff:00:00:05"
    assert IPv6Address(frame[38:54]) == IPv6Address("ff02::1:ff00:5")
    alone = ASKED.ask(TARGET.packed, CARD)
    assert (alone[:6], IPv6Address(alone[38:54])) == (CARD, TARGET)


@dataclass
class Link:
    """A bridge with real kernels on it, a namespace each."""

    scanner: Namespace
    hosts: dict[str, str]  # address → MAC
    deaf: str  # an address that ignores echoes to groups, as Windows does

    def scan(self, *words: str) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
        """(address → sighting, the last line)."""
        argv = (sys.executable, "-m", "rasoat", "scan", *words, "--ports", "none", "--json")
        *lines, last = map(json.loads, self.scanner.run(*argv, cwd=ROOT).stdout.splitlines())
        return {one["ip"]: one for one in lines}, last["scan"]


@pytest.fixture(scope="module")
def link() -> Iterator[Link]:
    require("network namespaces", possible())
    with ExitStack() as stack:
        between = stack.enter_context(Namespace("bridge"))
        between.run("ip", "link", "add", "br0", "type", "bridge")
        between.run("ip", "link", "set", "br0", "up")
        found = {}
        spaces = [stack.enter_context(Namespace(f"v6-{number}")) for number in range(9)]
        for number, space in enumerate(spaces):
            space.run(
                *("ip", "link", "add", "lan0", "type", "veth", "peer", f"p{number}"),
                *("netns", between.name),
            )
            between.run("ip", "link", "set", f"p{number}", "master", "br0", "up")
            space.run("sysctl", "-qw", "net.ipv6.conf.lan0.accept_dad=0")
            mac = f"3c:52:82:00:00:{number + 1:02x}"
            space.run("ip", "link", "set", "lan0", "address", mac, "up")
            ip = f"fd00:66::{number + 1:x}"
            space.run("ip", "addr", "add", f"{ip}/64", "dev", "lan0", "nodad")
            found[ip] = mac
        deaf = f"fd00:66::{len(spaces):x}"
        spaces[-1].run("sysctl", "-qw", "net.ipv6.icmp.echo_ignore_multicast=1")
        scanner = spaces[0]
        for space in spaces:
            wait_for_carrier(space, "lan0")
        yield Link(scanner, found, deaf)


@pytest.mark.netns
@pytest.mark.slow
def test_everybody_on_the_link_is_found_with_his_card(link: Link) -> None:
    found, scan = link.scan("fd00:66::/64")
    assert set(found) == set(link.hosts)
    assert {ip: one["mac"] for ip, one in found.items()} == link.hosts
    assert found[link.deaf]["methods"] == ["echo6"]  # the option that nobody knows found it
    assert scan["complete"]
    assert isinstance(scan["probability_missed"], float)
    assert scan["probability_missed"] <= 0.002


@pytest.mark.netns
@pytest.mark.slow
def test_single_addresses_are_asked_for_by_neighbour_discovery(link: Link) -> None:
    found, scan = link.scan("fd00:66::3", "fd00:66::99")
    assert set(found) == {"fd00:66::3"}
    assert "neighbours6" in found["fd00:66::3"]["methods"]  # type: ignore[operator]
    assert scan["packets"]["sent"]["neighbours6"] >= 3  # type: ignore[index]


@pytest.mark.netns
@pytest.mark.slow
def test_a_network_that_is_not_here_is_said(link: Link) -> None:
    done = link.scanner.run(
        *(sys.executable, "-m", "rasoat", "scan", "fd00:77::/64", "--json"), cwd=ROOT, check=False
    )
    assert done.returncode == 2
    assert "outside the networks that may be scanned" in done.stderr
