"""Evidence into kinds: in any order, unsure when it contradicts itself, unknown without any."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scanner.kinds import classify
from scanner.kinds.classify import AGAINST, LEAST, classified, hits, spoken, verdict
from scanner.kinds.fingerprints import fingerprints
from scanner.sighting import KINDS, Name, Port, Sighting

HIKVISION, DELL, CANON, CISCO, TPLINK = (
    *("44:19:b6:00:00:01", "00:14:22:00:00:01", "00:1e:8f:00:00:01"),
    *("00:00:0c:01:02:03", "50:c7:bf:00:00:01"),
)


def host(mac: str = "", *ports: int, **evidence: str) -> Sighting:
    """A sighting with open TCP ports and evidence by its words."""
    opened = tuple(Port("tcp", port, "open") for port in ports)
    return Sighting("10.0.0.9", mac=mac, ports=opened, evidence=tuple(sorted(evidence.items())))


CASES: list[tuple[str, Sighting]] = [
    ("camera", host(HIKVISION, 80, 554, 8000, http_server="App-webs/")),
    ("camera", host("", 80, 554, 37777, http_title="WEB SERVICE")),
    ("camera", host("", 80, wsd_type="dn:NetworkVideoTransmitter")),
    ("printer", host(CANON, 80, 515, 631, 9100)),
    ("printer", host("", 80, 443, 9100, http_title="HP LaserJet Pro MFP M428fdw")),
    ("printer", host("", mdns_service="_ipp._tcp", ipp_model="Brother HL-L2366DW")),
    ("pc", host(DELL, 135, 139, 445, netbios_role="workstation")),
    ("pc", host(DELL, dhcp_vendor="MSFT 5.0", dhcp_client="DESKTOP-4F7K2Q1")),
    ("pc", host("", 445, mdns_device="model=MacBookPro18,3")),
    ("server", host(DELL, 53, 88, 135, 389, 445)),
    ("server", host("", 443, 902, http_title="VMware ESXi")),
    ("server", host(DELL, 22, 80, 443, http_title="Welcome to nginx!")),
    ("nas", host("00:11:32:00:00:01", 22, 80, 139, 445, 5000, http_title="Synology DiskStation")),
    ("router", host("", 22, 53, 8291, ssh_greeting="SSH-2.0-ROSSSH")),
    ("router", host("00:1d:aa:00:00:01", 23, 80, http_title="Vigor2926 Router Web Configurator")),
    ("router", host("00:00:5e:00:01:05")),
    ("switch", host(CISCO, 22, 80, snmp_descr="Cisco IOS Software, C2960 Software, Switch")),
    ("switch", host(TPLINK, 23, 80, http_title="TL-SG3428 JetStream 24-Port Gigabit")),
    ("access_point", host(TPLINK, 22, 80, http_title="EAP245 Wireless Access Point")),
    ("phone", host("80:5e:c0:00:00:01", 80, 5060, http_title="Yealink SIP-T46U")),
    ("phone", host("da:a1:19:00:00:01", dhcp_vendor="android-dhcp-14")),
    ("iot", host("", 80, 4370, http_title="ZK Web Server")),
    ("iot", host("", 80, 161, snmp_descr="APC Web/SNMP Management Card UPS 1500")),
]


@pytest.mark.parametrize(("kind", "sighting"), CASES)
def test_what_offices_have(kind: str, sighting: Sighting) -> None:
    said = classified(sighting)
    assert (said.kind, said.kind_confidence >= 0.6) == (kind, True), said.kind_reasons
    assert said.kind_reasons


def test_every_kind_is_among_the_cases() -> None:
    assert {kind for kind, _ in CASES} == set(KINDS) - {"unknown"}


def test_the_order_of_evidence_is_nothing() -> None:
    chance = random.Random(5)
    for _, sighting in CASES:
        found = list(hits(classified(sighting)))
        first = verdict(found)
        for _ in range(20):
            chance.shuffle(found)
            assert verdict(found) == first
        shuffled = list(sighting.evidence + sighting.evidence)
        chance.shuffle(shuffled)
        turned = replace(sighting, evidence=tuple(shuffled), ports=sighting.ports[::-1])
        assert classified(turned).kind_confidence == classified(sighting).kind_confidence


@pytest.mark.parametrize(
    "sighting",
    [
        host(),
        host("44:19:b6"),
        host("", 29999),
        host("", http_title="Home"),
        host("00:00:5e:00:53:01", xyz="printer"),
        host("da:a1:19:00:00:01"),
    ],
)
def test_without_evidence_it_is_unknown(sighting: Sighting) -> None:
    said = classified(sighting)
    assert (said.kind, said.kind_confidence) == ("unknown", 0.0)


def test_strong_pieces_that_contradict_each_other_make_it_unsure() -> None:
    camera = host(HIKVISION, 80, 554, 8000)
    printer = host("", 9100, http_title="HP LaserJet Pro", mdns_service="_ipp._tcp")
    both = host(HIKVISION, 80, 554, 8000, 9100, **dict(printer.evidence))
    alone = [classified(one).kind_confidence for one in (camera, printer)]
    assert min(alone) > 0.85
    said = classified(both)
    assert said.kind_confidence < LEAST or said.kind_confidence < min(alone) / 2
    assert said.kind in {"unknown", "camera", "printer"}
    assert len(said.kind_reasons) >= 4, "both sides are told"


def test_one_weak_piece_against_many_costs_little_and_is_told() -> None:
    said = classified(host(HIKVISION, 23, 80, 554, 8000, http_server="nginx/1.4"))
    assert said.kind == "camera"
    assert said.kind_confidence > 0.7


def test_one_witness_that_says_a_thing_twice_says_it_once() -> None:
    once = classified(host("", http_title="HP LaserJet"))
    twice = classified(host("", http_title="HP LaserJet", http_realm="LaserJet printer"))
    assert once.kind_confidence == twice.kind_confidence > 0


def test_vendor_system_and_flags_are_filled_and_what_is_known_stays() -> None:
    said = classified(host(DELL, 135, 445))
    assert (said.vendor, said.os_guess, said.flags) == ("Dell Inc.", "Windows", ())
    given = classified(replace(host(DELL, 135, 445), os_guess="Windows 11", flags=("tarpit",)))
    assert (given.os_guess, given.flags) == ("Windows 11", ("tarpit",))
    assert classified(host("da:a1:19:00:00:01")).flags == ("random_mac",)
    assert classified(host("01:00:5e:00:00:fb")).flags == ("group_mac",)
    assert classified(replace(host(), vendor="Somebody")).vendor == "Somebody"


def test_names_and_products_are_evidence() -> None:
    named = replace(host(), names=(Name("iPhone", "mdns"),))
    assert classified(named).kind == "phone"
    port = Port("tcp", 2222, "open", "http", "CUPS", "2.4")
    assert "cups: CUPS 2.4" in classified(replace(host(), ports=(port,))).kind_reasons


def test_what_a_print_server_says_of_its_printers_is_not_said_of_itself() -> None:
    printer = host("", 631, ipp_model="Brother HL-L2366DW")
    assert classified(printer).kind == "printer"
    server = host("", 22, 631, http_server="CUPS/2.4 IPP/2.1", ipp_model="Brother HL-L2366DW")
    assert classified(server).kind == "server"


def test_a_trap_with_every_port_open_is_no_printer() -> None:
    """Its control: the same ports alone are one."""
    assert classified(host("", 80, 9100)).kind == "printer"
    assert classified(host("", 9100, *range(1, 100))).kind == "unknown"


def test_closed_and_filtered_ports_tell_nothing() -> None:
    shut = tuple(Port("tcp", 9100, state) for state in ("closed", "filtered"))
    assert classified(replace(host(), ports=(*shut, Port("udp", 9100, "open")))).kind == "unknown"


def test_long_and_strange_texts_cost_little_and_break_nothing() -> None:
    chance = random.Random(6)
    strange = "".join(chr(chance.choice((0, 10, 0x202E, 0xD7FF, 0x1F600, 65))) for _ in range(4000))
    texts = ["(" * 5000, "a" * 100_000, strange, "\x00", "LaserJet" + "x" * 9000]
    evidence = tuple(("http_title", f"{number}{text}") for number, text in enumerate(texts * 200))
    said = classified(replace(host(), evidence=evidence))
    assert said.kind == "printer"
    assert all(len(reason) < 150 for reason in said.kind_reasons)
    assert len(said.kind_reasons) <= classify.MOST_REASONS


def test_a_reason_is_a_sentence_in_both_languages() -> None:
    said = classified(host(HIKVISION, 80, 554, 8000, 9100))
    against = [reason for reason in said.kind_reasons if reason.startswith(AGAINST)]
    assert against
    for reason in said.kind_reasons:
        assert spoken(reason, "en") != reason
        assert spoken(reason, "vi") not in {reason, spoken(reason, "en")}
    one = fingerprints()["port_raw_printing"]
    assert spoken("port_raw_printing: 9100", "en") == f"{one.en}: 9100"
    assert spoken("port_raw_printing: 9100", "vi") == f"{one.vi}: 9100"
    assert spoken("nobody: knows", "vi") == "nobody: knows"


def test_what_is_told_goes_into_a_document() -> None:
    document = classified(CASES[0][1]).to_document()
    assert document["kind"] == "camera"
    assert document["vendor"].startswith("Hangzhou Hikvision")
