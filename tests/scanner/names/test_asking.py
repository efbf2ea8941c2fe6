"""The burst on loopback: every protocol asked, lost packets asked again, liars not believed."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from scapy.layers.dns import DNS
from scapy.layers.snmp import SNMP

from scanner.interfaces import interfaces
from scanner.names import asking, llmnr, mdns, netbios, reverse_dns, snmp, ssdp, wsd
from scanner.names.asking import MOST_ROUNDS, names
from scanner.networks import Networks
from scanner.pace import Pace
from scanner.partial import Partial
from scanner.problems import BadTarget, NotAllowed
from scanner.scanning import Scanning
from scanner.sighting import Name
from tests.scanner.names import answers

HOST, OTHER = "127.0.4.1", "127.0.4.2"
Sender = tuple[str, int]
Answer = Callable[[bytes, Sender], list[bytes]]


def scanning() -> Scanning:
    return Scanning(Networks.configured(["127.0.0.0/8"]), tuple(interfaces()), Pace(0))


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The protocols on free ports, which need no rights and meet no daemon of this machine."""
    monkeypatch.setattr(asking, "QUIET", 0.2)  # loopback answers at once
    monkeypatch.setattr(asking, "PATIENT", 0.2)
    found = {}
    for module in (mdns, netbios, llmnr, ssdp, wsd, snmp, reverse_dns):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.bind(("127.0.0.1", 0))
            found[module.__name__.rpartition(".")[2]] = door.getsockname()[1]
        monkeypatch.setattr(module, "PORT", found[module.__name__.rpartition(".")[2]])
    return found


@contextmanager
def responder(ip: str, port: int, answer: Answer, lose: int = 0) -> Iterator[Counter[str]]:
    """Answers datagrams at an address; loses the first ``lose``."""
    seen: Counter[str] = Counter()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind((ip, port))
        door.settimeout(0.05)
        over = threading.Event()

        def run() -> None:
            while not over.is_set():
                try:
                    question, sender = door.recvfrom(2048)
                except TimeoutError:
                    continue
                seen["asked"] += 1
                if seen["asked"] > lose:
                    for one in answer(question, sender):
                        door.sendto(one, sender)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield seen
        finally:
            over.set()
            thread.join(5)


def netbios_answer(question: bytes, _: Sender) -> list[bytes]:
    packet = answers.netbios()
    packet.NAME_TRN_ID = int.from_bytes(question[:2], "big")
    return [bytes(packet)]


def mdns_answer(question: bytes, _: Sender) -> list[bytes]:
    asked = DNS(question)
    packet = answers.mdns()
    packet.id = asked.id
    packet.ar[-2].rdata = HOST
    return [bytes(packet)]


def llmnr_answer(question: bytes, _: Sender) -> list[bytes]:
    packet = answers.llmnr()
    packet.id = int.from_bytes(question[:2], "big")
    return [bytes(packet)]


def snmp_answer(community: str, *versions: int) -> Answer:
    def answer(question: bytes, _: Sender) -> list[bytes]:
        asked = SNMP(question)
        if asked.community.val.decode() != community or asked.version.val not in versions:
            return []
        return [bytes(answers.snmp(community, asked.PDU.id.val))]

    return answer


def by_method(found: list[Partial]) -> dict[str, Partial]:
    return {one.method: one for one in found}


def test_every_protocol_is_asked_and_read(ports: dict[str, int]) -> None:
    one = scanning()
    with ExitStack() as stack:
        for method, answer in (
            ("netbios", netbios_answer),
            ("mdns", mdns_answer),
            ("llmnr", llmnr_answer),
            ("snmp", snmp_answer("ubnd-doc", snmp.V2C)),
        ):
            stack.enter_context(responder(HOST, ports[method], answer))
        found = by_method(names(one, [HOST, OTHER], communities=["ubnd-doc"]))
    assert {method: partial.ip for method, partial in found.items()} == dict.fromkeys(
        ("netbios", "mdns", "llmnr", "snmp"), HOST
    )
    assert found["netbios"].names == (Name("PC-VANTHU-01", "netbios"),)
    assert found["mdns"].names == (Name("laser2.local", "mdns"),)
    assert found["snmp"].flags == ()
    assert [(one.protocol, one.port, one.state) for one in found["snmp"].ports] == [
        ("udp", ports["snmp"], "open")
    ]
    assert one.ledger.answered["netbios"] == 1
    assert not one.losses


def test_public_is_asked_only_when_it_is_named_and_then_flagged(ports: dict[str, int]) -> None:
    with responder(HOST, ports["snmp"], snmp_answer("public", snmp.V2C)) as seen:
        assert names(scanning(), [HOST], communities=[]) == []
        assert seen["asked"] == 0
        assert names(scanning(), [HOST], communities=["ubnd-doc"]) == []
        (found,) = names(scanning(), [HOST], communities=["ubnd-doc", "public"])
    assert found.flags == ("snmp_public",)


def test_a_device_of_version_one_is_asked_in_its_version(ports: dict[str, int]) -> None:
    with responder(HOST, ports["snmp"], snmp_answer("ubnd-doc", snmp.V1)):
        (found,) = names(scanning(), [HOST], communities=["ubnd-doc"])
    assert found.method == "snmp"


@pytest.mark.parametrize("lose", [1, 3])
def test_a_lost_question_is_asked_again(ports: dict[str, int], lose: int) -> None:
    """Three are asked again only while the round before brought something: another host did."""
    with ExitStack() as stack:
        seen = stack.enter_context(responder(HOST, ports["netbios"], netbios_answer, lose))
        for number, lost in ((11, 1), (12, 2)):
            other = f"127.0.4.{number}"
            stack.enter_context(responder(other, ports["netbios"], netbios_answer, lost))
        found = names(scanning(), [HOST, "127.0.4.11", "127.0.4.12"])
    assert HOST in {one.ip for one in found}
    assert seen["asked"] == lose + 1 <= MOST_ROUNDS


def test_a_silent_host_is_asked_twice_and_no_more(ports: dict[str, int]) -> None:
    with responder(HOST, ports["netbios"], lambda *_: []) as seen:
        assert names(scanning(), [HOST]) == []
    assert seen["asked"] == 2


def test_answers_of_others_ports_and_tokens_are_not_believed(ports: dict[str, int]) -> None:
    def lie(question: bytes, sender: Sender) -> list[bytes]:
        return [bytes(answers.netbios()), b"\xff" * 200, b""]

    one = scanning()
    with (
        responder(HOST, ports["netbios"], lie),
        responder(OTHER, ports["netbios"], netbios_answer),
    ):
        found = names(one, [HOST, OTHER])
    assert {partial.ip for partial in found} == {OTHER}, "the control"
    assert one.ledger.ignored["not_asked"] >= 4


def test_a_flood_is_bounded(ports: dict[str, int]) -> None:
    def flood(question: bytes, sender: Sender) -> list[bytes]:
        return [answers.WSD] * 300 + [bytes(answers.mdns())] * 300

    one = scanning()
    with responder(HOST, ports["mdns"], flood), responder(OTHER, ports["netbios"], netbios_answer):
        found = names(one, [HOST, OTHER])
    assert OTHER in {partial.ip for partial in found}, "the control"
    assert one.ledger.answered["mdns"] <= 64
    assert one.ledger.ignored["too_many"] >= 200


def test_a_storm_of_hosts_that_nobody_asked_is_bounded(
    ports: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_UNASKED", 10)
    one = scanning()
    with ExitStack() as stack:
        others = []
        for number in range(1, 61):
            door = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            door.bind((f"127.0.7.{number}", ports["mdns"]))
            others.append(door)

        def storm(question: bytes, sender: Sender) -> list[bytes]:
            (answer,) = mdns_answer(question, sender)
            for door in others:
                door.sendto(answer, sender)
            return [answer]

        stack.enter_context(responder(HOST, ports["mdns"], storm))
        found = names(one, [HOST])
    assert HOST in {partial.ip for partial in found}
    assert len({partial.ip for partial in found}) == 11
    assert one.ledger.ignored["too_many"] >= 50


def test_a_resolver_is_asked_once_for_each_and_again_where_it_lost(ports: dict[str, int]) -> None:
    def resolve(question: bytes, _: Sender) -> list[bytes]:
        asked = DNS(question)
        name = asked.qd[0].qname.decode()
        if name.startswith("2."):
            return [bytes(DNS(id=asked.id, qr=1, rcode=3, qd=asked.qd))]
        packet = answers.pointer(name, "pc.ubnd.example.")
        packet.id = asked.id
        return [bytes(packet)]

    one = scanning()
    with responder("127.0.4.53", ports["reverse_dns"], resolve, lose=1) as seen:
        found = names(one, [HOST, OTHER], resolver="127.0.4.53")
    assert [(partial.ip, partial.method, partial.answered) for partial in found] == [
        (HOST, "reverse_dns", False)
    ], "a resolver's word is not the host's own"
    assert found[0].names == (Name("pc.ubnd.example", "dns"),)
    assert seen["asked"] == 3
    assert not one.losses


@pytest.mark.usefixtures("ports")
def test_a_resolver_that_is_silent_is_a_stated_loss() -> None:
    one = scanning()
    assert names(one, [HOST], resolver="127.0.4.53") == []
    assert [(loss.technique, loss.reason) for loss in one.losses] == [("reverse_dns", "timed_out")]


@pytest.mark.usefixtures("ports")
def test_hosts_and_resolvers_outside_are_refused_before_anything_is_sent() -> None:
    one = scanning()
    with pytest.raises(NotAllowed):
        names(one, [HOST, "10.66.0.1"])
    with pytest.raises(NotAllowed):
        names(one, [HOST], resolver="8.8.8.8")
    with pytest.raises(BadTarget, match=r"'dns\.example' is no address"):
        names(one, [HOST], resolver="dns.example")
    assert not one.ledger.sent


@pytest.mark.usefixtures("ports")
def test_a_stop_ends_the_burst_at_once() -> None:
    one = scanning()
    one.stop.set()
    assert names(one, [HOST]) == []
    assert not one.ledger.sent
