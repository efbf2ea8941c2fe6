"""How fast packets leave: never more than the rate in any second, whoever sends them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

CAP = 1000.0  #: packets per second; only `--fast` goes beyond
POLITE = CAP  #: packets per second when nothing else is said: 0.4 Mbit/s of ARP
_SLICE = 0.02  #: seconds; packets leave in groups of so much, a timer is no finer on an old kernel
#: Seconds in which no more than the rate leaves: a second as anybody measures it, jitter included.
_WINDOW = 1.0 + _SLICE


class Pace:
    """At most ``rate`` packets in any window of one second; 0: as fast as the line takes them.

    Safe to share between threads: all techniques of a scan draw from one.
    """

    def __init__(
        self,
        rate: float = POLITE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rate = rate
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._gone: deque[tuple[float, int]] = deque()  #: (when, how many) of the last second
        self._in_window = 0

    @property
    def group(self) -> int:
        """Packets that may leave at once without being seen as a burst."""
        return max(1, int(self.rate * _SLICE)) if self.rate else 1 << 30

    def take(self, count: int = 1) -> None:
        """Wait until ``count`` packets (at most `group`) may leave, and count them as gone."""
        if not self.rate:
            return
        with self._lock:
            now = self._clock()
            ready = self._ready(now, count)
            if ready > now:
                self._sleep(ready - now)
                now = max(self._clock(), ready)
            self._gone.append((now, count))
            self._in_window += count

    def _ready(self, now: float, count: int) -> float:
        """The earliest moment at which ``count`` more keep both the second and the even pace."""
        while self._gone and self._gone[0][0] <= now - _WINDOW:
            self._in_window -= self._gone.popleft()[1]
        ready = now
        if self._gone:
            last, sent = self._gone[-1]
            ready = max(ready, last + sent / self.rate)
        over = self._in_window + count - int(self.rate)
        for when, sent in self._gone:
            if over <= 0:
                break
            over -= sent
            ready = max(ready, when + _WINDOW)
        return ready
