"""What a scan says of its own loss is right: on lines whose loss is known, 200 times each."""

from __future__ import annotations

import random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.loss import FirstAnswers

HOSTS, RUNS = 568, 200


def asked(chance: random.Random, exchange: float, rounds: int, hosts: int = HOSTS) -> FirstAnswers:
    """So many rounds of asking on a line that loses this share of exchanges."""
    answers, silent = FirstAnswers(), hosts
    for _ in range(rounds):
        answers.begin()
        heard = sum(chance.random() >= exchange for _ in range(silent))
        silent -= heard
        for _ in range(heard):
            answers.add()
    return answers


#: rounds after which about half of such scans still miss somebody: there a wrong word shows
@pytest.mark.parametrize(("packet_loss", "rounds"), [(0.01, 2), (0.05, 3), (0.15, 5)])
def test_the_probability_that_somebody_was_missed_is_right(packet_loss: float, rounds: int) -> None:
    """Over many scans, as many miss somebody as they say."""
    chance, exchange = random.Random(f"{packet_loss} {rounds}"), 1 - (1 - packet_loss) ** 2
    runs = [asked(chance, exchange, rounds) for _ in range(RUNS)]
    stated = mean(one.probability_missed(one.found, rounds) for one in runs)
    happened = mean(one.found < HOSTS for one in runs)
    sigma = (happened * (1 - happened) / RUNS) ** 0.5
    assert abs(stated - happened) <= 3 * sigma + 0.04
    assert 0.1 < happened < 0.9
    # The control: who takes the loss for half of what it is, is found out.
    halved = 1 - (1 - (exchange / 2) ** rounds) ** HOSTS
    assert abs(halved - happened) > 3 * sigma + 0.04


@pytest.mark.parametrize("exchange", [0.02, 0.1, 0.28])
def test_the_loss_is_measured(exchange: float) -> None:
    chance = random.Random(f"{exchange}")
    found = [asked(chance, exchange, 6).loss or 0.0 for _ in range(RUNS)]
    assert mean(found) == pytest.approx(exchange, rel=0.03)


def test_one_look_tells_nothing() -> None:
    one = asked(random.Random(1), 0.1, 1)
    assert one.found > 450
    assert one.loss is None
    assert one.probability_missed(one.found, 1) == 1.0


def test_what_an_earlier_technique_saw_of_the_line_counts() -> None:
    alone = FirstAnswers((50, 1000))
    alone.begin()
    alone.add()
    assert alone.loss == pytest.approx(0.05, rel=0.1)
    assert 0.0 < alone.probability_missed(1, 1) < 0.1


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(0, 20), st.integers(0, 99))
def test_probabilities_stay_probabilities(counts: list[int], lost: int, more: int) -> None:
    answers = FirstAnswers((lost, lost + more))
    for count in counts:
        answers.begin()
        for _ in range(count):
            answers.add()
    assert answers.loss is None or 0.0 <= answers.loss <= 1.0
    doubts = [answers.probability_missed(max(answers.found, 1), times) for times in range(1, 12)]
    assert all(0.0 <= one <= 1.0 for one in doubts)
    assert doubts == sorted(doubts, reverse=True)
