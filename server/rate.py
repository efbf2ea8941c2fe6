"""How often one key may ask: a token bucket for each (peer address, agent id)."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from server.refused import Refused

MOST_KEYS = 20_000  #: buckets kept; the ones longest unused are forgotten first


class Rate:
    """Buckets of ``burst`` requests that fill again with ``per_second``; safe between threads."""

    def __init__(
        self, burst: int, per_second: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, peer: str, name: str) -> None:
        """Count one request.

        Raises:
            Refused: this key has asked too often; says in how many seconds it may again.
        """
        key, now = (peer, name), self._clock()
        with self._lock:
            level, since = self._buckets.pop(key, (self._burst, now))
            level = min(self._burst, level + (now - since) * self._per_second)
            allowed = level >= 1.0
            self._buckets[key] = (level - 1.0 if allowed else level, now)
            if len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)
        if not allowed:
            seconds = max(1, math.ceil((1.0 - level) / self._per_second))
            raise Refused(
                429,
                "too_often",
                f"too many requests of this key; again in {seconds} s",
                retry_after=seconds,
            )
