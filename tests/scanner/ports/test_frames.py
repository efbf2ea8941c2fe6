"""SYN frames against scapy as a second opinion, and the reading of answers that may lie."""

from __future__ import annotations

import random
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import ICMP, IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import fuzz

from scanner.ports.frames import CHECKSUM, PORTS, ROUNDS, Asking

OURS = IPv4Address("10.66.3.254")
ADDRESSES = st.integers(0, 2**32 - 1).map(IPv4Address)


def asking() -> Asking:
    return Asking(bytes(6), OURS)


def asked(question: Asking, host: IPv4Address, port: int, turn: int = 0) -> bytes:
    """The frame for one host and port, as the block of frames makes it."""
    frame = bytearray(question.frame(b"\x02\0\0\0\0\x02", host.packed))
    ports, checksum = question.for_port(port, turn)
    frame[PORTS : PORTS + 4] = ports
    frame[CHECKSUM : CHECKSUM + 2] = checksum
    return bytes(frame)


def answer(frame: bytes, kind: str, **changes: int) -> bytes:
    sent = Ether(frame)
    tcp = TCP(sport=sent[TCP].dport, dport=sent[TCP].sport, ack=sent[TCP].seq + 1, flags=kind)
    for name, value in changes.items():
        setattr(tcp, name, value)
    return bytes(Ether(type=0x800) / IP(src=sent[IP].dst, dst=sent[IP].src) / tcp)


@given(ADDRESSES, ADDRESSES, st.integers(1, 65535), st.integers(0, ROUNDS - 1))
def test_checksums_are_what_scapy_computes(
    own: IPv4Address, host: IPv4Address, port: int, turn: int
) -> None:
    question = Asking(b"\x02\0\0\0\0\x01", own)
    sent = Ether(asked(question, host, port, turn))
    found = sent[IP].chksum, sent[TCP].chksum
    del sent[IP].chksum, sent[TCP].chksum
    again = Ether(bytes(sent))
    assert found == (again[IP].chksum, again[TCP].chksum)
    assert (again[IP].dst, again[TCP].dport, again[TCP].flags) == (str(host), port, "S")
    assert again[TCP].sport == question.port + turn


@pytest.mark.parametrize(("flags", "state"), [("SA", "open"), ("RA", "closed"), ("R", "closed")])
def test_an_answer_tells_host_port_state_and_round(flags: str, state: str) -> None:
    question, host = asking(), IPv4Address("10.66.0.9")
    reply = question.read(answer(asked(question, host, 445, turn=3), flags))
    assert reply is not None
    assert (reply.ip, reply.port, reply.state, reply.turn) == (host.packed, 445, state, 3)


@pytest.mark.parametrize("own", [True, False])
def test_icmp_that_quotes_our_packet_is_a_refusal(own: bool) -> None:
    question, host = asking(), IPv4Address("10.66.0.9")
    quoted = Ether(asked(question, host, 445))[IP]
    sender = str(host) if own else "10.66.0.1"
    packet = Ether(type=0x800) / IP(src=sender, dst=str(OURS)) / ICMP(type=3, code=13)
    reply = question.read(bytes(packet / quoted))
    assert reply is not None
    assert (reply.state, reply.code, reply.own, reply.port) == ("filtered", 13, own, 445)


@pytest.mark.parametrize(
    "change",
    [{"ack": 1}, {"dport": 60999}, {"flags": 0x10}, {"flags": 0x02}],
    ids=["another number", "another port", "only ACK", "only SYN"],
)
def test_what_does_not_answer_our_question_is_nothing(change: dict[str, int]) -> None:
    question = asking()
    frame = asked(question, IPv4Address("10.66.0.9"), 80)
    assert question.read(answer(frame, "SA")) is not None, "the control"
    assert question.read(answer(frame, "SA", **change)) is None


def test_a_host_that_was_not_asked_is_nothing() -> None:
    question = asking()
    frame = asked(question, IPv4Address("10.66.0.9"), 80)
    other = Ether(answer(frame, "SA"))
    other[IP].src = "10.66.0.10"
    assert question.read(bytes(other)) is None


@given(st.binary(max_size=120))
def test_any_bytes_are_read_without_a_fault(raw: bytes) -> None:
    question = asking()
    question.frame(bytes(6), b"\x0a\x42\0\x09")
    assert question.read(raw) is None


def test_a_thousand_malformed_packets_are_no_answers() -> None:
    question, host = asking(), IPv4Address("10.66.0.9")
    asked(question, host, 80)
    random.seed(4)
    read = 0
    for number in range(1000):
        layers = [fuzz(TCP()), fuzz(ICMP()), fuzz(ICMP(type=3)) / fuzz(IP()) / fuzz(TCP())]
        packet = Ether(type=0x800) / fuzz(IP(src=str(host))) / layers[number % 3]
        assert question.read(bytes(packet)) is None
        read += 1
    assert read == 1000
