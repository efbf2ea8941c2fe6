"""Every frame that the scanner's side sends, as tcpdump writes it down: a second witness.

It stands at the other end of the cable: what a program sends past the queue of its own card
(PACKET_QDISC_BYPASS, which our link sets) no capture on that card sees.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Self

from scapy.utils import RawPcapReader

from scanner.networks import Address
from scanner.problems import NotAllowed
from scanner.wire.link import destination_of
from tests.lab.namespaces import Namespace

_STARTS = 5.0  #: seconds that tcpdump may take to begin
_BLOCK = 1.2  #: seconds after which the kernel hands over what it has gathered (libpcap: 1 s)


class Capture:
    """A capture of what arrives at one interface; read it after the ``with``."""

    def __init__(self, space: Namespace, card: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rasoat-capture-")
        self._file = Path(self._folder.name) / "in.pcap"
        argv = ["tcpdump", "-i", card, "-Q", "in", "-w", str(self._file), "-U", "-B", "32768"]
        self._argv = space.command([*argv, "-s", "96", "-Z", "root"])

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._argv, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        ends = time.monotonic() + _STARTS
        while "listening on" not in self._process.stderr.readline():
            assert time.monotonic() < ends, "tcpdump did not start"
        return self

    def __exit__(self, *_exit: object) -> None:
        time.sleep(_BLOCK)
        self._process.send_signal(signal.SIGINT)
        said = self._process.communicate(timeout=20)[1]
        self.dropped = int(said.split(" packets dropped by kernel")[0].split()[-1])
        self.packets  # noqa: B018 - read while the file is there
        self._folder.cleanup()

    @cached_property
    def packets(self) -> list[tuple[float, bytes]]:
        """(seconds since 1970, the first bytes of the frame), in order."""
        with RawPcapReader(str(self._file)) as reader:
            return [(meta.sec + meta.usec / 1e6, raw) for raw, meta in reader]

    @property
    def destinations(self) -> set[Address | str]:
        """Whom the frames asked; a frame of another kind gives its kind."""
        return {_destination(raw) for _, raw in self.packets}

    @property
    def most_per_second(self) -> int:
        """The most packets in any window of one second."""
        times = [at for at, _ in self.packets]
        first = most = 0
        for last, at in enumerate(times):
            while times[first] <= at - 1.0:
                first += 1
            most = max(most, last - first + 1)
        return most

    def kinds(self) -> Counter[str]:
        """How many frames of each kind: broadcast, multicast, unicast."""
        return Counter(_kind(raw) for _, raw in self.packets)


def _destination(raw: bytes) -> Address | str:
    try:
        return destination_of(raw)
    except NotAllowed:
        return raw[12:14].hex()


def _kind(raw: bytes) -> str:
    if raw[:6] == b"\xff" * 6:
        return "broadcast"
    return "multicast" if raw[0] & 1 else "unicast"
