"""Run inside the laboratory's office: ARP replies that lie, as fast as they can be sent.

That is some 100,000 a second, a fifteenth of what a real cable of 1 Gbit/s takes of such frames.
python -m tests.scanner.discovery.storm CARD SCANNER-MAC SCANNER-IP NETWORK; ends when its standard
input does, and prints how many frames it sent.
"""

from __future__ import annotations

import random
import select
import socket
import sys
from ipaddress import IPv4Network

FRAMES = 50_000
_REPLY = b"\x08\x06\x00\x01\x08\x00\x06\x04\x00\x02"


def lies(mac: bytes, ip: bytes, network: IPv4Network) -> list[bytes]:
    """Replies of hosts that are not there: most well-formed, some with two senders, some cut."""
    chance, made = random.Random(1), []
    for number in range(FRAMES):
        card = b"\x3c\x52" + chance.randbytes(4)
        sender = network[chance.randrange(network.num_addresses)].packed
        if number % 10 == 0:
            sender = chance.randbytes(4)  # an address of another network
        inner = chance.randbytes(6) if number % 10 == 1 else card  # two different senders
        frame = mac + card + _REPLY + inner + sender + mac + ip
        made.append(frame[:30] if number % 10 == 2 else frame)
    return made


def main(card: str, mac: str, ip: str, network: str) -> None:
    """Send all of them, again and again."""
    frames = lies(bytes.fromhex(mac.replace(":", "")), socket.inet_aton(ip), IPv4Network(network))
    sent = 0
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as link:
        link.bind((card, 0))
        _say("ready")
        while True:
            for first in range(0, len(frames), 500):
                for frame in frames[first : first + 500]:
                    link.send(frame)
                sent += 500
                if select.select([sys.stdin], [], [], 0)[0]:
                    _say(str(sent))
                    return


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
