"""UDP services of the simulated hosts: NetBIOS, mDNS, LLMNR, SSDP, SNMP; codecs are scapy's."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator

from scapy.asn1.asn1 import ASN1_STRING
from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.llmnr import LLMNRQuery, LLMNRResponse
from scapy.layers.netbios import (
    NBNSHeader,
    NBNSNodeStatusResponse,
    NBNSNodeStatusResponseService,
)
from scapy.layers.snmp import SNMP, SNMPresponse, SNMPvarbind

from tests.lab.hosts import Host

PORTS = {"netbios": 137, "mdns": 5353, "llmnr": 5355, "ssdp": 1900, "snmp": 161}
GROUPS = {"mdns": "224.0.0.251", "llmnr": "224.0.0.252", "ssdp": "239.255.255.250"}
COMMUNITY = b"public"
_MOST = 2048
_SERVICES = {"printer": "_ipp._tcp.local.", "nas": "_smb._tcp.local."}


class Responders:
    """A socket for each host and service, and one for each multicast group."""

    def __init__(self, hosts: list[Host]) -> None:
        self._of: dict[socket.socket, tuple[str, list[Host]]] = {}
        self._own: dict[tuple[str, str], socket.socket] = {}
        for service, port in PORTS.items():
            members = [host for host in hosts if service in host.udp]
            for host in members:
                one = _bound(host.ip, port)
                self._of[one] = (service, [host])
                self._own[service, host.ip] = one
            if service in GROUPS and members:
                self._of[_joined(GROUPS[service], port)] = (service, members)

    def sockets(self) -> Iterator[socket.socket]:
        """Every socket to watch."""
        yield from self._of

    def answer(self, one: socket.socket) -> None:
        """Read one datagram, and answer for every host that it asks."""
        try:
            question, sender = one.recvfrom(_MOST)
        except OSError:
            return
        service, hosts = self._of[one]
        for host in hosts:
            reply = ANSWERS[service](host, question)
            if reply:
                self._own[service, host.ip].sendto(reply, sender)


def _bound(ip: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((ip, port))
    one.setblocking(False)
    return one


def _joined(group: str, port: int) -> socket.socket:
    one = _bound(group, port)
    card = socket.if_nametoindex("off0")
    request = struct.pack("4s4si", socket.inet_aton(group), bytes(4), card)
    one.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
    return one


def netbios(host: Host, question: bytes) -> bytes:
    """A node status response (RFC 1002, 4.2.18)."""
    asked = NBNSHeader(question)
    if len(question) < 50 or question[12:13] != b" ":
        return b""
    services = [
        NBNSNodeStatusResponseService(NETBIOS_NAME=name.ljust(15), SUFFIX=suffix, NAME_FLAGS=flags)
        for name, suffix, flags in ((host.name, 0x00, 0x04), ("OFFICE", 0x00, 0x84))
    ]
    header = NBNSHeader(
        NAME_TRN_ID=asked.NAME_TRN_ID, RESPONSE=1, NM_FLAGS=0x40, QDCOUNT=0, ANCOUNT=1
    )
    status = NBNSNodeStatusResponse(
        RR_NAME="*", NODE_NAME=services, MAC_ADDRESS=host.mac, NUM_NAMES=len(services)
    )
    return bytes(header / status)


def mdns(host: Host, question: bytes) -> bytes:
    """PTR records of the host's service (RFC 6762, 6763)."""
    asked = DNS(question)
    service = _SERVICES.get(host.kind)
    names = [one.qname.decode().lower() for one in asked.qd or []]
    if asked.qr or service is None or not {service, "_services._dns-sd._udp.local."} & set(names):
        return b""
    records = [
        DNSRR(rrname="_services._dns-sd._udp.local.", type="PTR", rdata=service, ttl=10),
        DNSRR(rrname=service, type="PTR", rdata=f"{host.name}.{service}", ttl=10),
        DNSRR(rrname=f"{host.name}.local.", type="A", rdata=host.ip, ttl=10),
    ]
    return bytes(DNS(id=asked.id, qr=1, aa=1, qd=[], an=records))


def llmnr(host: Host, question: bytes) -> bytes:
    """The PTR of the host's own address (RFC 4795)."""
    asked = LLMNRQuery(question)
    if asked.qr or not asked.qd:
        return b""
    name = asked.qd[0].qname
    own = ".".join(reversed(host.ip.split("."))) + ".in-addr.arpa."
    if name.decode().lower() != own:
        return b""
    answer = DNSRR(rrname=name, type="PTR", rdata=host.name + ".", ttl=30)
    return bytes(LLMNRResponse(id=asked.id, qd=DNSQR(qname=name, qtype="PTR"), an=answer))


def ssdp(host: Host, question: bytes) -> bytes:
    """The answer to an M-SEARCH (UPnP device architecture 1.1, 1.3.3)."""
    if not question.startswith(b"M-SEARCH"):
        return b""
    kind = {"camera": "urn:schemas-upnp-org:device:Basic:1"}.get(host.kind, "upnp:rootdevice")
    return (
        f"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nST: {kind}\r\n"
        f"USN: uuid:{host.mac.replace(':', '')}::{kind}\r\nEXT:\r\n"
        f"SERVER: Linux/4.9 UPnP/1.0 {host.vendor}-{host.kind}/1.0\r\n"
        f"LOCATION: http://{host.ip}/description.xml\r\n\r\n"
    ).encode()


def snmp(host: Host, question: bytes) -> bytes:
    """sysDescr and sysName for the community that everybody tries (RFC 3416)."""
    try:
        asked = SNMP(question)
        if asked.community.val != COMMUNITY:
            return b""
        binds = [
            SNMPvarbind(oid=one.oid, value=ASN1_STRING(_system(host, str(one.oid.val))))
            for one in asked.PDU.varbindlist
        ]
    except Exception:  # noqa: BLE001 - whatever else came is no question to this host
        return b""
    pdu = SNMPresponse(id=asked.PDU.id, varbindlist=binds)
    return bytes(SNMP(version=asked.version, community=COMMUNITY, PDU=pdu))


def _system(host: Host, oid: str) -> bytes:
    if oid.endswith("1.1.0"):
        return f"{host.vendor} {host.kind} simulated firmware 1.0".encode()
    return host.name.encode()


ANSWERS: dict[str, Callable[[Host, bytes], bytes]] = {
    "netbios": netbios,
    "mdns": mdns,
    "llmnr": llmnr,
    "ssdp": ssdp,
    "snmp": snmp,
}
