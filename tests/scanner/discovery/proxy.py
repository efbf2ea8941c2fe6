"""Run inside the laboratory's office: answers ARP for every address that is asked for.

python -m tests.scanner.discovery.proxy CARD SCANNER-MAC OWN-MAC
"""

from __future__ import annotations

import socket
import sys

_HEAD = b"\x08\x06\x00\x01\x08\x00\x06\x04\x00\x02"
_REQUEST = b"\x00\x01"


def main(card: str, asker: str, own: str) -> None:
    """Answer until it is ended."""
    to, mac = (bytes.fromhex(text.replace(":", "")) for text in (asker, own))
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0608) as link:
        link.bind((card, 0x0806))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            asked = link.recv(100)
            if asked[20:22] == _REQUEST:
                link.send(to + mac + _HEAD + mac + asked[38:42] + asked[22:32])


if __name__ == "__main__":
    main(*sys.argv[1:])
