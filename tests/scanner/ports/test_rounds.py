"""When a port scan is over: simulated lines of known loss, and what is said of them."""

from __future__ import annotations

import random

import pytest

from scanner.ports.rounds import MISSED, MOST, Rounds

HOSTS, PORTS = 60, 100
TALKATIVE = 40  #: hosts whose every port answers; the others have two open ones and drop the rest
OPEN, CLOSED = 1, 2


def truth(host: int, port: int) -> int:
    if port < 2:
        return OPEN
    return CLOSED if host < TALKATIVE else 0


def simulated(loss: float, chance: random.Random) -> tuple[Rounds, int]:
    """A scan over a line that loses this share of exchanges; (its rounds, open ports missed)."""
    rounds, states = Rounds(HOSTS, PORTS), bytearray(HOSTS * PORTS)
    while (wanted := rounds.wanted(states, states.count(OPEN))) is not None:
        for port, hosts in wanted.items():
            for host in hosts:
                if truth(host, port) and chance.random() >= loss:
                    states[port * HOSTS + host] = truth(host, port)
                    rounds.first_answer(rounds.count - 1)
    return rounds, 2 * HOSTS - states.count(OPEN)


@pytest.mark.parametrize("loss", [0.0, 0.02, 0.0975, 0.3])
def test_loss_is_measured(loss: float) -> None:
    measured = [simulated(loss, random.Random(seed))[0].loss for seed in range(20)]
    known = [one for one in measured if one is not None]
    assert len(known) == 20
    assert sum(known) / 20 == pytest.approx(loss, abs=0.01)


def test_without_loss_little_is_asked_twice() -> None:
    rounds, missed = simulated(0.0, random.Random(1))
    assert (rounds.loss, missed) == (0.0, 0)
    assert rounds.asked_all <= 2


def test_what_is_said_to_be_missed_is_what_is_missed() -> None:
    """300 scans at 10 % loss: the mean of the stated probability against the share that missed."""
    runs = [simulated(0.0975, random.Random(seed)) for seed in range(300)]
    stated = sum(rounds.probability_missed(2 * HOSTS - missed) for rounds, missed in runs) / 300
    happened = sum(missed > 0 for _, missed in runs) / 300
    assert stated <= MISSED
    assert happened <= MISSED + 0.02
    assert any(missed for _, missed in runs) or stated < 0.01


def test_a_scan_of_one_round_does_miss() -> None:
    """The control: the same line, asked once only."""
    chance = random.Random(3)
    answered = sum(chance.random() >= 0.0975 for _ in range(2 * HOSTS))
    assert answered < 2 * HOSTS


def test_nobody_answers_is_not_measured_and_ends() -> None:
    rounds, states = Rounds(5, 10), bytearray(50)
    while rounds.wanted(states, 0) is not None:
        pass
    assert rounds.loss is None
    assert 2 <= rounds.asked_all <= MOST


def test_rounds_end_on_a_line_that_loses_nearly_everything() -> None:
    rounds, _ = simulated(0.95, random.Random(2))
    assert rounds.count <= MOST
    assert rounds.probability_missed(10) > 0.5, "and it says so"
