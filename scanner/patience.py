"""How long to wait for answers: what the network itself takes, and some more.

Round trips are smoothed as TCP does it (RFC 6298 §2), so that a stack's own repetition after a
second does not become everybody's waiting time.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LEAST, MOST = 0.02, 1.0  #: seconds
POLITE = 0.3  #: seconds: Wi-Fi in power save wakes up for a beacon every 100 to 300 ms
NOBODY_YET = 0.3  #: seconds for a first answer, when nothing is known of the network
_GAIN, _GAIN_OF_VARIATION, _VARIATIONS = 1 / 8, 1 / 4, 4  #: alpha, beta, K of RFC 6298


class Patience:
    """Round trips seen in one scan, and how long the next answer may still take."""

    def __init__(self, *, burst: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._least = LEAST if burst else POLITE
        self._sent: dict[int, float] = {}  #: question → when it last left
        self._mean = self._variation = 0.0  #: seconds
        self._known = False
        self._last = clock()  #: when something last left or came

    def sent(self, question: int) -> None:
        """A question leaves now."""
        self._sent[question] = self._last = self._clock()

    def answered(self, question: int) -> None:
        """Its answer is here; it came some time before."""
        self._last = self._clock()
        took = self._last - self._sent.get(question, self._last)
        if not self._known:
            self._known, self._mean, self._variation = True, took, took / 2
            return
        self._variation += _GAIN_OF_VARIATION * (abs(self._mean - took) - self._variation)
        self._mean += _GAIN * (took - self._mean)

    def left(self) -> float:
        """Seconds for which an answer may still come; 0 or less when it is over."""
        usual = self._mean + _VARIATIONS * self._variation if self._known else NOBODY_YET
        return self._last + min(max(self._least, usual), MOST) - self._clock()
