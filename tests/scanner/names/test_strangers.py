"""Whatever bytes come, a reader gives what it gives: it never raises, and its output is bounded.

Bytes of three makes: any at all, answers with bytes flipped and cut, and scapy's fuzz() of each
protocol.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.layers.netbios import NBNSHeader, NBNSNodeStatusResponse
from scapy.layers.snmp import SNMP, SNMPresponse, SNMPvarbind
from scapy.packet import Packet, fuzz

from scanner.evidence import NAME_SOURCES, WORDS
from scanner.heard import LONGEST_EVIDENCE, MOST_OF_EACH, Heard
from scanner.names import dhcp, dns, listening, llmnr, mdns, netbios, reverse_dns, snmp, ssdp, wsd
from scanner.sighting import LONGEST_NAME
from tests.scanner.names import answers
from tests.scanner.names.answers import IP_ADDRESS, TOKEN

Reader = Callable[[bytes], object]
ALL = "ff:ff:ff:ff:ff:ff"  #: always named: scapy would ask the network for the card of an address
ROUNDS = 700  #: damaged answers of each reader; and as many fuzzed ones


def _mdns(data: bytes) -> object:
    return mdns.read(data, IP_ADDRESS, None)


#: reader, a good answer for it, scapy's layers to fuzz
READERS: dict[str, tuple[Reader, bytes, Callable[[], Packet]]] = {
    "netbios": (
        lambda data: netbios.read(data, TOKEN),
        bytes(answers.netbios()),
        lambda: (
            NBNSHeader(NAME_TRN_ID=TOKEN, RESPONSE=1, ANCOUNT=1) / fuzz(NBNSNodeStatusResponse())
        ),
    ),
    "netbios_claims": (
        netbios.announced,
        bytes.fromhex("123429100001000000000001"),
        lambda: fuzz(NBNSHeader()),
    ),
    "mdns": (
        _mdns,
        bytes(answers.mdns()),
        lambda: DNS(qr=1, id=0, an=[fuzz(DNSRR()), fuzz(DNSRR()), fuzz(DNSRR())]),
    ),
    "llmnr": (
        lambda data: llmnr.read(data, TOKEN),
        bytes(answers.llmnr()),
        lambda: DNS(qr=1, id=TOKEN, qd=[fuzz(DNSQR())], an=[fuzz(DNSRR())]),
    ),
    "reverse_dns": (
        lambda data: reverse_dns.read(data, TOKEN),
        bytes(answers.pointer()),
        lambda: DNS(qr=1, id=TOKEN, qd=[fuzz(DNSQR())], an=[fuzz(DNSRR())]),
    ),
    "snmp": (
        lambda data: (snmp.read(data, TOKEN), snmp.answered_community(data))[0],
        bytes(answers.snmp()),
        lambda: fuzz(SNMP(PDU=SNMPresponse(id=TOKEN, varbindlist=[fuzz(SNMPvarbind())]))),
    ),
    "ssdp": (lambda data: ssdp.read(data, IP_ADDRESS), answers.SSDP, lambda: fuzz(DNS())),
    "wsd": (lambda data: wsd.read(data, IP_ADDRESS), answers.WSD, lambda: fuzz(DNS())),
    "dhcp": (
        dhcp.read,
        bytes(answers.dhcp()),
        lambda: fuzz(BOOTP(htype=1, hlen=6)) / DHCP(options=[("hostname", b"\xff" * 20), "end"]),
    ),
    "listening": (
        listening.read,
        answers.frame(answers.mdns(), mdns.PORT),
        lambda: (
            Ether(dst=ALL, src=answers.MAC, type=0x0800)
            / fuzz(IP(version=4))
            / fuzz(UDP(dport=5353))
            / fuzz(DNS())
        ),
    ),
    "listening_arp": (
        listening.read,
        answers.arp(),
        lambda: Ether(dst=ALL, src=answers.MAC) / fuzz(ARP()),
    ),
}


def check(found: object) -> None:
    """The bounds that every reader keeps."""
    if isinstance(found, dhcp.Lease | listening.Overheard):
        found = found.heard
    for heard in found.values() if isinstance(found, dict) else [found]:
        if heard is None:
            continue
        assert isinstance(heard, Heard)
        assert max(len(heard.names), len(heard.evidence), len(heard.flags)) <= MOST_OF_EACH
        assert all(len(one.name) <= LONGEST_NAME for one in heard.names)
        texts = [text for _, text in heard.evidence] + [one.name for one in heard.names]
        assert all(text.isprintable() for text in texts)
        assert all(0 < len(text) <= LONGEST_EVIDENCE for _, text in heard.evidence)
        assert {what for what, _ in heard.evidence} <= set(WORDS)
        assert {one.source for one in heard.names} <= set(NAME_SOURCES)


def damaged(good: bytes, chance: random.Random) -> bytes:
    """The answer with a few bytes changed, and mostly cut or made longer."""
    data = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.choice((0, 0xFF, 0xC0, chance.randrange(256)))
    cut = chance.random()
    if cut < 0.4:
        return bytes(data[: chance.randrange(len(data))])
    return bytes(data) + chance.randbytes(chance.randrange(40) if cut < 0.6 else 0)


def strangers(name: str) -> Iterator[bytes]:
    """Damaged and fuzzed answers for one reader, the same in every run."""
    _, good, layers = READERS[name]
    chance = random.Random(name)
    random.seed(name)  # scapy's own chance
    for _ in range(ROUNDS):
        yield damaged(good, chance)
    for _ in range(ROUNDS):
        yield damaged(bytes(layers()), chance)


@pytest.mark.parametrize("name", READERS)
def test_damaged_and_fuzzed_answers_are_read_within_bounds(name: str) -> None:
    read, good, _ = READERS[name]
    check(read(good))
    done = understood = 0
    for data in strangers(name):
        found = read(data)
        check(found)
        done += 1
        understood += found is not None
    assert done == 2 * ROUNDS
    assert understood >= 20 or name == "netbios_claims", "nothing got past the first check"


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=600))
def test_any_bytes_are_read_within_bounds(name: str, data: bytes) -> None:
    check(READERS[name][0](data))
    check(READERS[name][0](READERS[name][1][:12] + data))


def test_a_reader_that_raises_would_be_seen() -> None:
    """The control: the same damage, and one check less."""

    def careless(data: bytes) -> object:
        return data[data[12] + 64]

    with pytest.raises(IndexError):
        all(careless(data) is not None for data in strangers("mdns"))


def test_long_and_deep_answers_cost_little() -> None:
    """A datagram of names that point to names: one pass, no more records than are kept."""
    many = b"\0\0\x84\0\0\0\xff\xff\0\0\0\0" + b"\1a\0" + b"\0\x0c\0\1\0\0\0\0\0\2\xc0\x0c" * 700
    found = dns.read(many)
    assert found is not None
    assert 1 <= len(found.records) <= 256
    nested = bytes((0x30, 0x82, 0x20, 0)) * 2000
    assert snmp.read(nested, TOKEN) is None
    assert wsd.read(b"discovery Hello " + b"<Types " * 2300, IP_ADDRESS) is not None
