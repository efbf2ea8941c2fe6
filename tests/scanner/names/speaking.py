"""Run on the office's side of the laboratory: one host says what hosts say by themselves.

python -m tests.scanner.names.speaking INTERFACE IP MAC
"""

from __future__ import annotations

import random
import socket
import sys

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether

from scanner.names import mdns, netbios, ssdp, wsd
from tests.scanner.names import answers

ALL = "ff:ff:ff:ff:ff:ff"
STORM = 3000  #: made-up hosts that a storm speaks of


def frames(ip: str, mac: str) -> list[bytes]:
    """What one host says, and what a liar says of hosts outside."""
    notify = answers.SSDP.replace(b"HTTP/1.1 200 OK", b"NOTIFY * HTTP/1.1").replace(b"ST:", b"NT:")
    hello = answers.WSD.replace(b"ProbeMatch", b"Hello")
    said = [
        Ether(src=mac, dst=ALL) / ARP(op=1, hwsrc=mac, psrc=ip, pdst="10.66.0.1"),
        datagram(ip, mac, mdns.PORT, bytes(answers.mdns())),
        datagram(ip, mac, ssdp.PORT, notify),
        datagram(ip, mac, wsd.PORT, hello),
        datagram(ip, mac, 67, bytes(answers.dhcp(ip=ip, mac=mac))),
        datagram("8.8.8.8", mac, netbios.PORT, b"\0" * 50),
    ]
    chance = random.Random(1)
    said += [datagram(ip, mac, mdns.PORT, chance.randbytes(300)) for _ in range(50)]
    return [bytes(one) for one in said]


def datagram(ip: str, mac: str, port: int, payload: bytes) -> Ether:
    around = Ether(src=mac, dst=ALL) / IP(src=ip, dst="255.255.255.255", ttl=1)
    return around / UDP(sport=port, dport=port) / payload


def storm() -> list[bytes]:
    """ARP in the name of hosts that are not there."""
    chance = random.Random(2)
    base = bytes(Ether(src=answers.MAC, dst=ALL) / ARP(op=2, hwsrc=answers.MAC, psrc="10.66.0.1"))
    return [
        base[:22]
        + chance.randbytes(6)
        + bytes((10, 66, chance.randrange(4), chance.randrange(256)))
        + base[32:]
        for _ in range(STORM)
    ]


if __name__ == "__main__":
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((sys.argv[1], 0))
        for frame in [*frames(sys.argv[2], sys.argv[3]), *storm()]:
            wire.send(frame)
