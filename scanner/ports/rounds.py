"""Which pairs of host and port are asked once more, and how sure their silence is.

The first round asks everything. The second asks what stayed silent on hosts that otherwise answer:
what answers only now was lost before, and that measures the loss of one question with its answer.
The rounds after it ask all that is silent until loss can no longer explain it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.loss import FirstAnswers
from scanner.ports.frames import ROUNDS

MISSED = 0.02  #: probability that an open port is missing, when the last round is over
MOST = ROUNDS  #: rounds, however bad the line is
_TALKATIVE = 0.5  #: share of ports from which a host counts as one that answers


class Rounds:
    """The rounds of one scan over ``hosts`` times ``ports`` pairs.

    ``known``: (exchanges lost, exchanges) that an earlier technique saw on the same line.
    """

    def __init__(self, hosts: int, ports: int, known: tuple[int, int] = (0, 0)) -> None:
        self._hosts, self._ports = hosts, ports
        self._answers = FirstAnswers(known)
        self.asked_all = 0  #: rounds in which every silent pair was asked

    def first_answer(self, turn: int) -> None:
        """A pair answered that had not before, to the question of round ``turn``."""
        if turn < self.count:
            self._answers.add(turn)

    @property
    def count(self) -> int:
        """Rounds so far."""
        return len(self._answers.rounds)

    @property
    def loss(self) -> float | None:
        """The share of exchanges that get lost; None where too few answers tell."""
        return self._answers.loss

    @property
    def silence_doubt(self) -> float:
        """The probability that one pair which would answer was never heard."""
        return self._answers.unheard(self.asked_all)

    def probability_missed(self, found: int) -> float:
        """The probability that at least one open port is missing, where ``found`` are not."""
        return self._answers.probability_missed(found, self.asked_all)

    def wanted(self, states: bytearray, found: int) -> Mapping[int, Sequence[int]] | None:
        """For each port's number the hosts to ask now; None when it is enough.

        ``states``: ports x hosts, 0 where nothing answered; ``found``: open ports so far.
        """
        silent = self._silent(states)
        if not self.count:
            return self._all(silent)
        if self.count == 1 and (talkative := self._talkative(states)):
            self._answers.begin()  # where nothing of theirs is silent, a round that finds nothing
            if few := _only(talkative, silent):
                return few
        if self.count >= MOST or not silent or self.probability_missed(max(found, 1)) <= MISSED:
            return None
        return self._all(silent)

    def _all(self, silent: dict[int, Sequence[int]]) -> dict[int, Sequence[int]]:
        self.asked_all += 1
        self._answers.begin()
        return silent

    def _silent(self, states: bytearray) -> dict[int, Sequence[int]]:
        """Port number → hosts that have not answered for it."""
        found: dict[int, Sequence[int]] = {}
        for number in range(self._ports):
            row = states[number * self._hosts : (number + 1) * self._hosts]
            if hosts := _zeros(row):
                found[number] = hosts
        return found

    def _talkative(self, states: bytearray) -> set[int]:
        """The hosts that answered for most of their ports."""
        most = self._ports * (1 - _TALKATIVE)
        hosts = range(self._hosts)
        return {host for host in hosts if states[host :: self._hosts].count(0) < most}


def _only(hosts: set[int], silent: Mapping[int, Sequence[int]]) -> dict[int, Sequence[int]]:
    kept = {number: [one for one in asked if one in hosts] for number, asked in silent.items()}
    return {number: asked for number, asked in kept.items() if asked}


def _zeros(row: bytearray) -> list[int]:
    """Where a row is zero; most rows are all zero at first, and mostly not later."""
    if not any(row):
        return list(range(len(row)))
    return [place for place, state in enumerate(row) if not state]
