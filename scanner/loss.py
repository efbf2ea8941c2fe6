"""How much a line loses, measured by which round of asking each answer came in first.

Who answers is asked no more, so that an answer in round r tells of r - 1 exchanges that were lost,
and one that was not. From these follow the loss (Beta posterior from Jeffreys' prior, so that few
answers leave much doubt) and the probability that somebody who would answer was never heard.
"""

from __future__ import annotations

import math

_PRIOR = 0.5  #: Jeffreys' prior of a share: half an event on each side
_ENOUGH = 30  #: first answers from which a share can be stated
_TURNS = 20  #: of the correction for those never heard; it converges much sooner


class FirstAnswers:
    """First answers in each round of one scan.

    ``known``: (exchanges lost, exchanges) that an earlier technique saw on the same line.
    """

    def __init__(self, known: tuple[int, int] = (0, 0)) -> None:
        self._known_lost, self._known = known
        self.rounds: list[int] = []  #: first answers in each round

    def begin(self) -> None:
        """A round begins."""
        self.rounds.append(0)

    def add(self, turn: int | None = None) -> None:
        """Somebody answers for the first time, to the question of round ``turn``: the last one."""
        self.rounds[-1 if turn is None else turn] += 1

    @property
    def found(self) -> int:
        """Who answered at all."""
        return sum(self.rounds)

    def exchanges(self) -> tuple[float, float]:
        """(exchanges lost, exchanges), those of the expected unheard included."""
        early = sum(turn * count for turn, count in enumerate(self.rounds))
        lost = float(early)
        for _ in range(_TURNS):
            share = (lost + _PRIOR) / (lost + self.found + 2 * _PRIOR)
            unheard = share ** len(self.rounds)
            lost = early + len(self.rounds) * self.found * unheard / (1.0 - unheard)
        return lost + self._known_lost, lost + self.found + self._known

    @property
    def loss(self) -> float | None:
        """The share of exchanges, a question and its answer, that get lost; None: too few tell."""
        lost, exchanges = self.exchanges()
        if exchanges < _ENOUGH or not self._measured:
            return None
        return lost / exchanges if lost >= _PRIOR else 0.0

    @property
    def _measured(self) -> bool:
        """Whether there was a second look: a first one alone tells nothing of what it missed."""
        return len(self.rounds) > 1 or bool(self._known)

    def unheard(self, times: int) -> float:
        """The probability that one who would answer was not heard in ``times`` rounds."""
        if not self._measured:
            return 1.0
        lost, exchanges = self.exchanges()
        return math.prod(
            (lost + _PRIOR + turn) / (exchanges + 2 * _PRIOR + turn) for turn in range(times)
        )

    def probability_missed(self, found: int, times: int) -> float:
        """The probability that at least one was missed, where ``found`` were heard of.

        Each of those who would answer is unheard after ``times`` rounds with one probability; so
        many found mean that so many more are expected.
        """
        unheard = self.unheard(times)
        return 1.0 if unheard >= 1.0 else 1.0 - math.exp(-found * unheard / (1.0 - unheard))
