"""A cable that takes its time: every frame passes, some milliseconds later, in its order.

Run inside a namespace between two cards: ``python -m tests.lab.relay CARD CARD SECONDS``; it prints
"ready". (Kernels without netem have no other way.)
"""

from __future__ import annotations

import socket
import sys
import time
from collections import deque
from select import select

SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23  #: linux/if_packet.h
_MOST = 65_600  #: bytes of a frame with what the kernel says of its checksum


def opened(card: str) -> socket.socket:
    """A card as frames; each with the header by which a checksum that is still due travels on."""
    one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    one.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    one.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    one.bind((card, 0x0003))
    one.setblocking(False)
    return one


def main(one_card: str, other_card: str, seconds: str) -> None:
    """Pass frames on until the process is ended."""
    delay = float(seconds)
    one, other = opened(one_card), opened(other_card)
    across = {one: other, other: one}
    waiting: deque[tuple[float, socket.socket, bytes]] = deque()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        left = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for came in select(list(across), [], [], left)[0]:
            while frame := _taken(came):
                waiting.append((time.monotonic() + delay, across[came], frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, to, frame = waiting.popleft()
            to.send(frame)


def _taken(one: socket.socket) -> bytes:
    try:
        return one.recv(_MOST)
    except BlockingIOError:
        return b""


if __name__ == "__main__":
    main(*sys.argv[1:])
