"""Answers of hosts that do not exist, made by scapy: a second implementation of each protocol."""

from __future__ import annotations

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS, DNSQR, DNSRR, DNSRRSRV
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.layers.llmnr import LLMNRResponse
from scapy.layers.netbios import NBNSHeader, NBNSNodeStatusResponse, NBNSNodeStatusResponseService
from scapy.layers.snmp import SNMP, SNMPresponse, SNMPvarbind
from scapy.packet import Packet

TOKEN = 0x1234
IP_ADDRESS = "10.66.0.7"
MAC = "02:00:5e:10:00:07"
REVERSE = "7.0.66.10.in-addr.arpa"


def netbios() -> Packet:
    """A member of a workgroup that serves files."""
    rows = [("PC-VANTHU-01   ", 0x00, 0x0400), ("VANPHONG       ", 0x00, 0x8400)]
    rows.append(("PC-VANTHU-01   ", 0x20, 0x0400))
    return NBNSHeader(NAME_TRN_ID=TOKEN, RESPONSE=1, OPCODE=0, NM_FLAGS=0x40, ANCOUNT=1) / (
        NBNSNodeStatusResponse(
            RR_NAME=b"*" + bytes(14),
            SUFFIX=0,
            NODE_NAME=[
                NBNSNodeStatusResponseService(
                    NETBIOS_NAME=name.encode(), SUFFIX=suffix, NAME_FLAGS=flags >> 8, UNUSED=0
                )
                for name, suffix, flags in rows
            ],
            MAC_ADDRESS=MAC,
        )
    )


def mdns() -> Packet:
    """A printer with its model, and a record of another host that a proxy put in."""
    return DNS(
        id=TOKEN,
        qr=1,
        aa=1,
        an=[
            DNSRR(rrname="_services._dns-sd._udp.local.", type="PTR", rdata="_ipp._tcp.local."),
            DNSRR(rrname="_ipp._tcp.local.", type="PTR", rdata="Laser tang 2._ipp._tcp.local."),
        ],
        ar=[
            DNSRRSRV(rrname="Laser tang 2._ipp._tcp.local.", port=631, target="laser2.local."),
            DNSRR(
                rrname="Laser tang 2._ipp._tcp.local.",
                type="TXT",
                rdata=[b"txtvers=1", b"ty=Canon LBP6230dn", b"usb_MFG=Canon"],
            ),
            DNSRR(rrname="laser2.local.", type="A", rdata=IP_ADDRESS),
            DNSRR(rrname="somebody-else.local.", type="A", rdata="10.66.0.99"),
        ],
    )


def pointer(rrname: str = REVERSE, name: str = "pc-ketoan.vanphong.example.") -> Packet:
    """What a resolver calls an address."""
    return DNS(
        id=TOKEN,
        qr=1,
        qd=[DNSQR(qname=rrname, qtype="PTR")],
        an=[DNSRR(rrname=rrname, type="PTR", rdata=name)],
    )


def llmnr() -> Packet:
    """What a host calls itself."""
    return LLMNRResponse(
        id=TOKEN,
        qd=[DNSQR(qname=REVERSE, qtype="PTR")],
        an=[DNSRR(rrname=REVERSE, type="PTR", rdata="PC-VANTHU-01.")],
    )


def snmp(community: str = "ubnd-doc", token: int = TOKEN) -> Packet:
    """A switch that tells what it is."""
    values = [
        SNMPvarbind(oid="1.3.6.1.2.1.1.1.0", value=b"HP J9776A 2530-24G Switch\r\nrevision YA.16"),
        SNMPvarbind(oid="1.3.6.1.2.1.1.2.0", value=_oid("1.3.6.1.4.1.11.2.3.7.11.140")),
        SNMPvarbind(oid="1.3.6.1.2.1.1.5.0", value=b"SW-TANG-2"),
        SNMPvarbind(oid="1.3.6.1.2.1.1.7.0", value=2),
    ]
    return SNMP(version=1, community=community, PDU=SNMPresponse(id=token, varbindlist=values))


def _oid(text: str) -> object:
    from scapy.asn1.asn1 import ASN1_OID

    return ASN1_OID(text)


SSDP = (
    b"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nEXT:\r\n"
    b"LOCATION: http://10.66.0.7:49152/root.xml\r\n"
    b"SERVER: Linux/3.14 UPnP/1.0 IGD/2.1\r\n"
    b"ST: upnp:rootdevice\r\n"
    b"USN: uuid:11223344::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n\r\n"
)
WSD = (
    b'<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:wsdd="http://schemas.xmlsoap.org/ws/2005/04/'
    b'discovery"><SOAP-ENV:Body><wsdd:ProbeMatches><wsdd:ProbeMatch>'
    b"<wsa:EndpointReference><wsa:Address>urn:uuid:11112222-3333-4444-5555-666677778888"
    b"</wsa:Address></wsa:EndpointReference>"
    b"<wsdd:Types>dn:NetworkVideoTransmitter tds:Device</wsdd:Types>"
    b"<wsdd:Scopes>onvif://www.onvif.org/hardware/DS-2CD1023 onvif://www.onvif.org/name/CAM%201"
    b"</wsdd:Scopes><wsdd:XAddrs>http://10.66.0.7/onvif/device_service</wsdd:XAddrs>"
    b"</wsdd:ProbeMatch></wsdd:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>"
)


def dhcp(kind: str = "request", ip: str = IP_ADDRESS, mac: str = MAC) -> Packet:
    """A Windows client that asks for its address again."""
    options: list[object] = [("message-type", kind), ("hostname", b"PC-VANTHU-01")]
    options += [("vendor_class_id", b"MSFT 5.0"), ("param_req_list", [1, 3, 6, 15, 31, 33])]
    options += [("requested_addr", ip), ("client_FQDN", b"\0\0\0PC-VANTHU-01.ubnd.example"), "end"]
    return BOOTP(op=1, chaddr=bytes.fromhex(mac.replace(":", "")), xid=7) / DHCP(options=options)


def frame(payload: Packet | bytes, port: int, source: str = IP_ADDRESS) -> bytes:
    """A datagram to everybody, as it stands on the wire."""
    around = Ether(src=MAC, dst="ff:ff:ff:ff:ff:ff") / IP(src=source, dst="255.255.255.255")
    return bytes(around / UDP(sport=port, dport=port) / payload)


def arp(ip: str = IP_ADDRESS, mac: str = MAC, source: str = MAC) -> bytes:
    """An ARP request, as hosts send them all day."""
    return bytes(
        Ether(src=source, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=mac, psrc=ip, pdst="10.66.0.1")
    )
