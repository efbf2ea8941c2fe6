"""A description is read at the host that pointed to it, and nowhere else."""

from __future__ import annotations

from scanner.identity.descriptions import describe
from scanner.interfaces import interfaces
from scanner.networks import Networks
from scanner.pace import Pace
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.sighting import Name
from tests.scanner.wire.services import answers, service

HOST, OTHER = "127.0.6.1", "127.0.6.2"
DESCRIPTION = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b"<root><device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>"
    b"<friendlyName>Cong mang &amp; wifi</friendlyName><manufacturer>TP-Link</manufacturer>"
    b"<modelName>Archer C6</modelName><modelNumber>&e;</modelNumber>"
    b"<deviceList><device><friendlyName>inner</friendlyName></device></deviceList></device></root>"
)


ENDPOINT = "urn:uuid:11112222-3333-4444-5555-666677778888"
METADATA = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n"
    b'<soap:Envelope><soap:Body><wsx:Metadata><wsdp:ThisModel><wsdp:Manufacturer xml:lang="vi">'
    b"Microsoft Corporation</wsdp:Manufacturer><wsdp:ModelName>Microsoft Publication Service"
    b"</wsdp:ModelName></wsdp:ThisModel><wsdp:Relationship><pub:Computer>"
    b"PC-VANTHU-01/Workgroup:VANPHONG</pub:Computer></wsdp:Relationship></wsx:Metadata>"
    b"</soap:Body></soap:Envelope>"
)


def pointed(*urls: str) -> list[Partial]:
    """What SSDP said, of hosts that may say anything."""
    return [Partial(HOST, "ssdp", 1.0, evidence=tuple(("ssdp_location", url) for url in urls))]


def scanning() -> Scanning:
    return Scanning(Networks.configured(["127.0.0.0/8"]), tuple(interfaces()), Pace(0))


def test_a_description_gives_maker_and_model() -> None:
    with service(answers(DESCRIPTION), HOST) as web:
        (found,) = describe(scanning(), pointed(f"http://{HOST}:{web.port}/root.xml"))
    assert b"GET /root.xml HTTP/1.1\r\n" in web.received
    assert set(found.evidence) == {
        ("upnp_device", "friendlyName=Cong mang & wifi"),
        ("upnp_device", "manufacturer=TP-Link"),
        ("upnp_device", "modelName=Archer C6"),
        ("upnp_device", "modelNumber=&e;"),
        ("ssdp_type", "InternetGatewayDevice:1"),
    }


def test_other_hosts_and_printing_ports_are_never_asked() -> None:
    one = scanning()
    with service(answers(DESCRIPTION), OTHER) as elsewhere:
        urls = [
            f"http://{OTHER}:{elsewhere.port}/root.xml",
            f"http://{HOST}:9100/root.xml",
            f"http://{HOST}:515/",
            "http://169.254.169.254/latest",
            f"http://{HOST}@{OTHER}:{elsewhere.port}/",
        ]
        for url in urls:
            assert describe(one, pointed(url)) == []
    assert elsewhere.connections == 0
    assert not one.ledger.connections


def test_a_host_is_asked_once_however_much_it_points_to() -> None:
    """The last word counts, as in any table of what was said."""
    with service(answers(DESCRIPTION), HOST) as web:
        urls = [f"http://{HOST}:{web.port}/{number}" for number in range(30)]
        found = describe(scanning(), pointed(*urls))
    assert web.connections == 1
    assert len(found) == 1


def test_a_windows_pc_tells_its_name_and_workgroup() -> None:
    with service(answers(METADATA), HOST) as web:
        url = f"http://{HOST}:{web.port}/11112222-3333-4444-5555-666677778888/"
        said = (("wsd_type", "Computer"), ("wsd_address", url), ("wsd_id", ENDPOINT))
        (found,) = describe(scanning(), [Partial(HOST, "wsd", 1.0, evidence=said)])
    assert b"POST /11112222-3333-4444-5555-666677778888/ HTTP/1.1\r\n" in web.received
    assert f"<a:To>{ENDPOINT}</a:To>".encode() in web.received
    assert (found.method, found.names) == ("wsd", (Name("PC-VANTHU-01", "wsd"),))
    assert set(found.evidence) == {
        ("wsd_computer", "PC-VANTHU-01/Workgroup:VANPHONG"),
        ("wsd_device", "Manufacturer=Microsoft Corporation"),
        ("wsd_device", "ModelName=Microsoft Publication Service"),
    }
