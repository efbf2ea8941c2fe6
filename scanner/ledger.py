"""Every packet counted: what was sent by whom, what came back, what the kernel dropped."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any


class Ledger:
    """The count of one scan; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.sent: Counter[str] = Counter()  #: technique → packets
        self.answered: Counter[str] = Counter()  #: technique → packets that came back and counted
        self.broadcasts: Counter[str] = Counter()  #: technique → packets to everybody or a group
        self.ignored: Counter[str] = Counter()  #: reason → packets that came and were not believed
        self.connections: Counter[str] = Counter()  #: technique → TCP connections by the kernel
        self.kernel_drops = 0  #: packets that came and found no room in the socket's queue
        self._seconds: Counter[int] = Counter()

    def send(self, technique: str, count: int = 1, *, broadcast: bool = False) -> None:
        """Count packets that leave now."""
        with self._lock:
            self.sent[technique] += count
            self._seconds[int(time.monotonic())] += count
            if broadcast:
                self.broadcasts[technique] += count

    def answer(self, technique: str, count: int = 1) -> None:
        """Count packets that came back."""
        with self._lock:
            self.answered[technique] += count

    def ignore(self, reason: str, count: int = 1) -> None:
        """Count packets that were not believed, with a reason code."""
        with self._lock:
            self.ignored[reason] += count

    def connect(self, technique: str) -> None:
        """Count one TCP connection that the kernel makes; its packets are the kernel's."""
        with self._lock:
            self.connections[technique] += 1

    def drop(self, count: int) -> None:
        """Count what the kernel dropped before we could read it."""
        with self._lock:
            self.kernel_drops += count

    def counts(self) -> dict[str, Any]:
        """The counts as the scan's result carries them."""
        with self._lock:
            return {
                "sent": dict(self.sent),
                "answered": dict(self.answered),
                "broadcasts": dict(self.broadcasts),
                "connections": dict(self.connections),
                "ignored": dict(self.ignored),
                "kernel_drops": self.kernel_drops,
                "packets_sent": sum(self.sent.values()),
                "most_in_a_second": max(self._seconds.values(), default=0),
            }
