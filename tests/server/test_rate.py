"""The token bucket: a burst, then a trickle, for each key of its own; bounded in memory."""

from __future__ import annotations

import contextlib

import pytest

from server import rate
from server.rate import Rate
from server.refused import Refused


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(one: Rate, times: int, peer: str = "192.0.2.1", name: str = "a") -> int:
    """How many of that many requests are let through."""
    passed = 0
    for _ in range(times):
        with contextlib.suppress(Refused):
            one.take(peer, name)
            passed += 1
    return passed


def test_a_burst_and_then_a_trickle() -> None:
    clock = Clock()
    one = Rate(10, 0.5, clock)
    assert taken(one, 30) == 10
    clock.now += 8
    assert taken(one, 30) == 4
    clock.now += 1000
    assert taken(one, 30) == 10


def test_it_says_when_to_come_back_and_keeps_its_word() -> None:
    clock = Clock()
    one = Rate(1, 0.1, clock)
    one.take("p", "a")
    with pytest.raises(Refused) as caught:
        one.take("p", "a")
    why = caught.value
    assert (why.status, why.code, why.retry_after) == (429, "too_often", 10)
    clock.now += 10
    one.take("p", "a")


def test_keys_do_not_spend_each_others_requests() -> None:
    one = Rate(3, 0.001, Clock())
    assert taken(one, 5, "p", "a") == 3
    assert taken(one, 5, "p", "b") == 3
    assert taken(one, 5, "q", "a") == 3


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST_KEYS", 50)
    one = Rate(2, 0.001, Clock())
    for n in range(500):
        one.take("p", str(n))
    assert len(one._buckets) == 50
