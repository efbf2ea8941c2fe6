"""Answers that scapy made are read right, and scapy reads our questions."""

from __future__ import annotations

from scapy.layers.dns import DNS
from scapy.layers.netbios import NBNSHeader
from scapy.layers.snmp import SNMP

from scanner.names import dhcp, dns, listening, llmnr, mdns, netbios, reverse_dns, snmp, ssdp, wsd
from scanner.sighting import Name
from tests.scanner.names import answers
from tests.scanner.names.answers import IP_ADDRESS, MAC, REVERSE, TOKEN


def test_netbios_gives_names_workgroup_roles_and_card() -> None:
    heard = netbios.read(bytes(answers.netbios()), TOKEN)
    assert heard is not None
    assert heard.names == (Name("PC-VANTHU-01", "netbios"),)
    assert set(heard.evidence) == {
        ("netbios_group", "VANPHONG"),
        ("netbios_role", "workstation"),
        ("netbios_role", "server"),
        ("netbios_mac", MAC),
    }


def test_netbios_question_is_what_scapy_reads() -> None:
    asked = NBNSHeader(netbios.question(IP_ADDRESS, TOKEN))
    assert asked.NAME_TRN_ID == TOKEN
    assert asked.QUESTION_TYPE == netbios.STATUS
    assert asked.QUESTION_NAME.rstrip(b"\0 ") == b"*"


def test_mdns_gives_names_services_and_model() -> None:
    heard = mdns.read(bytes(answers.mdns()), IP_ADDRESS, TOKEN)
    assert heard is not None
    assert heard.names == (Name("laser2.local", "mdns"),)
    assert ("mdns_service", "_ipp._tcp") in heard.evidence
    assert ("mdns_instance", "Laser tang 2") in heard.evidence
    assert ("mdns_device", "ty=Canon LBP6230dn") in heard.evidence
    assert not heard.ports, "a port that is announced was not seen open"


def test_mdns_gives_no_host_the_name_of_another() -> None:
    heard = mdns.read(bytes(answers.mdns()), "10.66.0.98", TOKEN)
    assert heard is not None
    assert heard.names == ()


def test_mdns_questions_are_what_scapy_reads() -> None:
    asked = DNS(mdns.question(IP_ADDRESS, TOKEN))
    names = [one.qname.decode() for one in asked.qd]
    assert f"{REVERSE}." in names
    assert "_services._dns-sd._udp.local." in names
    assert {one.unicastresponse for one in asked.qd} == {1}
    assert len(mdns.question(IP_ADDRESS, TOKEN)) <= 512


def test_llmnr_and_resolver_give_the_name() -> None:
    heard = llmnr.read(bytes(answers.llmnr()), TOKEN)
    assert heard is not None
    assert heard.names == (Name("PC-VANTHU-01", "llmnr"),)
    told = reverse_dns.read(bytes(answers.pointer()), TOKEN)
    assert told is not None
    assert told[REVERSE].names == (Name("pc-ketoan.vanphong.example", "dns"),)


def test_a_resolver_that_knows_nothing_said_so() -> None:
    nothing = DNS(id=TOKEN, qr=1, rcode=3, qd=DNS(reverse_dns.question(IP_ADDRESS, TOKEN)).qd)
    told = reverse_dns.read(bytes(nothing), TOKEN)
    assert told is not None
    assert not told[REVERSE]


def test_a_resolver_names_only_what_it_was_asked_for() -> None:
    answer = answers.pointer()
    answer.an[0].rrname = b"8.0.66.10.in-addr.arpa."
    told = reverse_dns.read(bytes(answer), TOKEN)
    assert told is not None
    assert set(told) == {REVERSE}
    assert not told[REVERSE]


def test_snmp_gives_the_system_group() -> None:
    heard = snmp.read(bytes(answers.snmp()), TOKEN)
    assert heard is not None
    assert heard.names == (Name("SW-TANG-2", "snmp"),)
    assert set(heard.evidence) == {
        ("snmp_descr", "HP J9776A 2530-24G Switch revision YA.16"),
        ("snmp_object", "1.3.6.1.4.1.11.2.3.7.11.140"),
        ("snmp_services", "2"),
    }


def test_snmp_questions_are_what_scapy_reads() -> None:
    for version in (snmp.V1, snmp.V2C):
        asked = SNMP(snmp.question("ubnd-doc", 0xFFFF, version))
        assert asked.version.val == version
        assert asked.community.val == b"ubnd-doc"
        assert asked.PDU.id.val == 0xFFFF
        assert [one.oid.val for one in asked.PDU.varbindlist] == [
            f"1.3.6.1.2.1.1.{leaf}.0" for leaf in (1, 2, 5, 7)
        ]


def test_a_community_is_never_evidence() -> None:
    payload = bytes(answers.snmp("mat-khau-snmp"))
    assert snmp.answered_community(payload) == "mat-khau-snmp"
    assert "mat-khau" not in repr(snmp.read(payload, TOKEN))


def test_ssdp_gives_types_server_and_its_own_address_alone() -> None:
    heard = ssdp.read(answers.SSDP, IP_ADDRESS)
    assert heard is not None
    assert ("ssdp_type", "InternetGatewayDevice:1") in heard.evidence
    assert ("ssdp_server", "Linux/3.14 UPnP/1.0 IGD/2.1") in heard.evidence
    assert ("ssdp_location", "http://10.66.0.7:49152/root.xml") in heard.evidence
    elsewhere = ssdp.read(answers.SSDP, "10.66.0.8")
    assert elsewhere is not None
    assert "ssdp_location" not in dict(elsewhere.evidence)


def test_locations_of_other_hosts_and_odd_ones_are_refused() -> None:
    assert ssdp.location("http://10.66.0.7/a?b=c", IP_ADDRESS) == (80, "/a?b=c")
    for url in (
        "http://10.66.0.8/x",
        "https://10.66.0.7/x",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "http://10.66.0.7@10.66.0.9/",
        "http://router.local/x",
        "http://10.66.0.7:99999/",
        "http://10.66.0.7/ HTTP/1.1\r\nX: y",
        "http://10.66.0.7/" + "a" * 400,
    ):
        assert ssdp.location(url, IP_ADDRESS) is None, url


def test_wsd_gives_types_and_scopes() -> None:
    heard = wsd.read(answers.WSD, IP_ADDRESS)
    assert heard is not None
    assert ("wsd_id", "urn:uuid:11112222-3333-4444-5555-666677778888") in heard.evidence
    assert ("wsd_address", "http://10.66.0.7/onvif/device_service") in heard.evidence
    elsewhere = wsd.read(answers.WSD, "10.66.0.8")
    assert elsewhere is not None
    assert "wsd_address" not in dict(elsewhere.evidence)
    assert ("wsd_type", "NetworkVideoTransmitter") in heard.evidence
    assert ("wsd_scope", "onvif://www.onvif.org/hardware/DS-2CD1023") in heard.evidence


def test_answers_to_other_questions_are_not_ours() -> None:
    other = TOKEN ^ 1
    assert netbios.read(bytes(answers.netbios()), other) is None
    assert mdns.read(bytes(answers.mdns()), IP_ADDRESS, other) is None
    assert llmnr.read(bytes(answers.llmnr()), other) is None
    assert reverse_dns.read(bytes(answers.pointer()), other) is None
    assert snmp.read(bytes(answers.snmp()), other) is None


def test_dhcp_gives_name_vendor_and_fingerprint() -> None:
    lease = dhcp.read(bytes(answers.dhcp()))
    assert lease is not None
    assert (lease.mac, lease.ip) == (MAC, IP_ADDRESS)
    assert set(lease.heard.names) == {
        Name("PC-VANTHU-01", "dhcp"),
        Name("PC-VANTHU-01.ubnd.example", "dhcp"),
    }
    assert ("dhcp_vendor", "MSFT 5.0") in lease.heard.evidence
    assert ("dhcp_fingerprint", "1,3,6,15,31,33") in lease.heard.evidence


def test_a_discover_settles_no_address() -> None:
    lease = dhcp.read(bytes(answers.dhcp("discover")))
    assert lease is not None
    assert lease.ip == ""


def test_frames_tell_who_sent_them() -> None:
    told = listening.read(answers.frame(answers.mdns(), mdns.PORT))
    assert told is not None
    assert (told.mac, str(told.ip)) == (MAC, IP_ADDRESS)
    assert told.heard.names == (Name("laser2.local", "mdns"),)
    plain = listening.read(answers.arp())
    assert plain is not None
    assert (plain.mac, str(plain.ip), plain.flags) == (MAC, IP_ADDRESS, ())


def test_arp_for_another_card_is_flagged_and_a_probe_tells_nothing() -> None:
    told = listening.read(answers.arp(source="02:00:5e:66:66:66"))
    assert told is not None
    assert told.flags == ("spoofed_arp",)
    assert listening.read(answers.arp(ip="0.0.0.0")) is None  # noqa: S104 - no socket


def test_a_netbios_registration_names_its_sender_and_a_question_does_not() -> None:
    encoded = b"\x20" + bytes(
        65 + half for one in b"PC-VANTHU-01   \0" for half in (one >> 4, one & 15)
    )
    claim = bytes.fromhex("1234 2910 0001 0000 0000 0001") + encoded + b"\0"
    claim += bytes.fromhex("0020 0001 c00c 0020 0001 000493e0 0006 0000 0a420007")
    told = netbios.announced(claim)
    assert told is not None
    assert told.names == (Name("PC-VANTHU-01", "netbios"),)
    assert netbios.announced(bytes.fromhex("1234 0110") + claim[4:]) is None


def test_pointers_in_a_circle_are_no_name() -> None:
    assert dns.name_at(b"\xc0\x00", 0) is None
    assert dns.name_at(b"\xc0\x02\xc0\x00", 0) is None
    assert dns.name_at(b"\1a\0\xc0\x00", 3) == ("a", 5)
