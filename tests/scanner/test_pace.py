"""No second sees more than the rate, by a clock that the test turns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner.pace import CAP, POLITE, Pace


class Clock:
    """Time that passes while somebody sleeps, and otherwise by the test's will."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def most_in_a_second(gone: list[tuple[float, int]]) -> int:
    """The most packets in any window [t, t + 1)."""
    return max(
        sum(count for when, count in gone if start <= when < start + 1.0) for start, _ in gone
    )


@given(
    st.sampled_from([1.0, 50.0, POLITE, CAP]),
    st.lists(st.tuples(st.integers(1, 20), st.floats(0, 0.4)), min_size=1, max_size=120),
)
def test_no_window_of_a_second_sees_more(rate: float, steps: list[tuple[int, float]]) -> None:
    clock, gone = Clock(), []
    pace = Pace(rate, lambda: clock.now, clock.sleep)
    for wanted, pause in steps:
        count = min(wanted, pace.group)
        clock.now += pause
        pace.take(count)
        gone.append((clock.now, count))
    assert most_in_a_second(gone) <= rate


def test_the_rate_is_used() -> None:
    """The control of the law above: it is not kept by sending next to nothing."""
    clock = Clock()
    pace = Pace(CAP, lambda: clock.now, clock.sleep)
    for _ in range(500):
        pace.take(pace.group)
    assert 0.9 * CAP <= 500 * pace.group / clock.now <= CAP


def test_no_rate_is_no_wait() -> None:
    clock = Clock()
    pace = Pace(0, lambda: clock.now, clock.sleep)
    pace.take(10**6)
    assert clock.now == 0.0
