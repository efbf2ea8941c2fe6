"""Run inside the laboratory: an ARP sweep through scapy's socket in place of the packet socket.

python -m tests.scanner.wire.pcap_arp CARD NETWORK; prints address → MAC and the counts as JSON.
"""

from __future__ import annotations

import json
import sys
from ipaddress import IPv4Address, ip_network

from scanner.discovery.arp import arp
from scanner.interfaces import interfaces
from scanner.networks import Networks
from scanner.pace import POLITE, Pace
from scanner.scanning import Scanning
from scanner.wire import link
from scanner.wire.npcap import PcapSocket


def main(card: str, network: str) -> None:
    """Sweep, and print."""
    link._opened = PcapSocket
    cards = interfaces()
    scanning = Scanning(Networks.configured([network]), tuple(cards), Pace(POLITE))
    interface = next(one for one in cards if one.name == card)
    own = next(one.ip for one in interface.addresses if isinstance(one.ip, IPv4Address))
    targets = [ip for ip in ip_network(network).hosts() if isinstance(ip, IPv4Address)]
    swept = arp(scanning, interface, targets, own)
    found = {str(IPv4Address(ip)): macs[0].hex(":") for ip, macs in swept.macs.items()}
    json.dump({"found": found, "counts": scanning.ledger.counts()}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
