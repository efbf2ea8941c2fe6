"""How long to wait for answers: what the network itself takes, and some more."""

from __future__ import annotations

import time
from collections.abc import Callable

LEAST, MOST = 0.04, 1.0  #: seconds
POLITE = 0.3  #: seconds: Wi-Fi in power save wakes up for a beacon every 100 to 300 ms
NOBODY_YET = 0.3  #: seconds for a first answer, when nothing is known of the network
_TIMES = 3.0  #: the longest round trip seen, so many times


class Patience:
    """Round trips seen in one scan, and how long the next answer may still take."""

    def __init__(self, *, burst: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._least = LEAST if burst else POLITE
        self._sent: dict[int, float] = {}  #: question → when it last left
        self._longest = 0.0  #: seconds of a round trip
        self._last = clock()  #: when something last left or came

    def sent(self, question: int) -> None:
        """A question leaves now."""
        self._sent[question] = self._last = self._clock()

    def answered(self, question: int) -> None:
        """Its answer is here; it came some time before."""
        self._last = self._clock()
        self._longest = max(self._longest, self._last - self._sent.get(question, self._last))

    def left(self) -> float:
        """Seconds for which an answer may still come; 0 or less when it is over."""
        if not self._longest:
            waits = max(self._least, NOBODY_YET)
        else:
            waits = min(max(self._least, _TIMES * self._longest), MOST)
        return self._last + waits - self._clock()
