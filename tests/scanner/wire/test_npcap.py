"""Frames through scapy's socket, as on Windows; here it is Linux's, in a namespace."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6EchoReply, IPv6
from scapy.layers.l2 import ARP, Ether

from scanner.wire import filters
from tests.conftest import ROOT, require
from tests.lab.lan import office_lan
from tests.lab.namespaces import possible

HEAD = Ether(dst="02:00:00:00:00:01", src="02:00:00:00:00:02")
FRAMES = {
    "arp reply": HEAD / ARP(op=2),
    "arp request": HEAD / ARP(op=1),
    "tcp to us": HEAD / IP() / TCP(dport=40_003),
    "tcp to us, options": HEAD / IP(options=[b"\x01\x01\x01\x00"]) / TCP(dport=40_007),
    "tcp to another": HEAD / IP() / TCP(dport=40_008),
    "tcp, a later fragment": HEAD / IP(frag=3) / TCP(dport=40_003),
    "unreachable": HEAD / IP() / ICMP(type=3),
    "echo": HEAD / IP() / ICMP(type=0),
    "mdns": HEAD / IP() / UDP(dport=5353),
    "mdns by IPv6": HEAD / IPv6() / UDP(dport=5353),
    "echo by IPv6": HEAD / IPv6() / ICMPv6EchoReply(),
}
KEPT = {
    "arp": (filters.ARP_REPLIES, {"arp reply"}),
    "tcp": (filters.tcp_to(40_000), {"tcp to us", "tcp to us, options", "unreachable"}),
    "icmp": (filters.icmp(0), {"echo"}),
    "icmpv6": (filters.icmpv6((129, 4)), {"echo by IPv6"}),
    "listening": (
        filters.arp_or_udp_to((5353, 67)),
        {"arp reply", "arp request", "mdns", "mdns by IPv6"},
    ),
    "nothing": (filters.NOTHING, set[str]()),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_filter_that_runs_here_keeps_what_it_is_for(name: str) -> None:
    program, wanted = KEPT[name]
    kept = {what for what, frame in FRAMES.items() if filters.keeps(program, bytes(frame))}
    assert kept == wanted


@given(st.binary(max_size=120), st.sampled_from(sorted(KEPT)))
def test_any_frame_is_kept_or_dropped(frame: bytes, name: str) -> None:
    assert filters.keeps(KEPT[name][0], frame) in (True, False)


@pytest.mark.netns
@pytest.mark.slow
def test_a_sweep_through_it_finds_everybody() -> None:
    require("network namespaces", possible())
    with office_lan(120, "10.66.0.0/24") as lan:
        argv = (sys.executable, "-m", "tests.scanner.wire.pcap_arp", lan.interface)
        done = lan.run(*argv, str(lan.network), cwd=ROOT)
        told = json.loads(done.stdout)
        assert told["found"] == {host.ip: host.mac for host in lan.truth}
        assert told["counts"]["sent"]["arp"] >= 253
        assert told["counts"]["answered"]["arp"] == 120
