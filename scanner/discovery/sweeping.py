"""One question to every address, asked again until loss leaves no reason to expect more answers.

What ARP, ICMP and neighbour discovery have in common: frames are made before they leave, who
answered is asked no more, and the rounds themselves measure the loss (`scanner.loss`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scanner.loss import FirstAnswers
from scanner.networks import Address
from scanner.patience import Patience
from scanner.scanning import Scanning
from scanner.wire.link import Link

LEAST_ROUNDS, MOST_ROUNDS = 2, 12  #: one look tells nothing about what it missed
MISSED = 0.002  #: probability that somebody was missed, when the last round is over
GROUP = 256  #: questions between two looks at the answers
MOST_SENDERS = 8  #: different answers for one address that are kept as evidence


@dataclass(frozen=True, slots=True)
class Question:
    """What a technique asks, and how it knows an answer.

    ``ask``: the frame to one address, ``known``: its MAC or b"" for everybody; ``read``: (address,
    MAC) of a frame that answers, or None.
    """

    technique: str
    ask: Callable[[bytes, bytes], bytes]
    read: Callable[[bytes], tuple[bytes, bytes] | None]


@dataclass(slots=True)
class Swept:
    """What a sweep found, and how sure it is.

    ``macs``: address → the MACs that answered for it, the first one first; ``times``: address →
    when, in seconds since 1970.
    """

    technique: str
    macs: dict[bytes, list[bytes]] = field(default_factory=dict)
    times: dict[bytes, float] = field(default_factory=dict)
    answers: FirstAnswers = field(default_factory=FirstAnswers)
    rounds: int = 0

    @property
    def loss(self) -> float | None:
        """The share of exchanges that get lost; None where too few answers tell."""
        return self.answers.loss

    @property
    def probability_missed(self) -> float:
        """The probability that somebody who would answer was missed."""
        return self.answers.probability_missed(max(len(self.macs), 1), self.rounds)


def sweep(
    scanning: Scanning,
    link: Link,
    question: Question,
    targets: Sequence[Address],
    known: Mapping[bytes, bytes] | None = None,
    most_rounds: int = MOST_ROUNDS,
) -> Swept:
    """Ask every target; ``known``: address → MAC of those that are asked alone at first.

    Raises:
        NotAllowed: a target is outside the networks of the scan; nothing was sent to it.
        CannotScan: the interface went down.
    """
    return _Sweep(scanning, link, question, targets, most_rounds).run(known or {})


class _Sweep:
    def __init__(
        self,
        scanning: Scanning,
        link: Link,
        question: Question,
        targets: Sequence[Address],
        most_rounds: int,
    ) -> None:
        self._scanning, self._link, self._question = scanning, link, question
        self._most = most_rounds
        #: who has not answered → how often it was asked
        self._silent = {target.packed: 0 for target in targets}
        self._patience = Patience(burst=not scanning.pace.rate)
        self._swept = Swept(question.technique)

    def run(self, known: Mapping[bytes, bytes]) -> Swept:
        ask = self._question.ask
        if alone := {ip: ask(ip, mac) for ip, mac in known.items() if ip in self._silent}:
            self._round(alone)
        while self._silent and self._more():
            self._round({target: ask(target, b"") for target in self._silent})
        return self._swept

    def _more(self) -> bool:
        """Whether another round may still find somebody; it has waited before it says no."""
        if not self._swept.rounds:
            return True
        if self._scanning.stop.is_set() or not self._doubtful():
            self._settle()
        return self._doubtful() and not self._scanning.stop.is_set()

    def _doubtful(self) -> bool:
        swept = self._swept
        if swept.rounds >= self._most:
            return False
        return swept.rounds < LEAST_ROUNDS or swept.probability_missed > MISSED

    def _round(self, frames: Mapping[bytes, bytes]) -> None:
        """Ask once, and wait unless that took so long that everybody had time to answer."""
        self._swept.answers.begin()
        self._swept.rounds += 1
        began, targets = time.monotonic(), list(frames)
        group = min(self._scanning.pace.group, GROUP)
        self._scanning.progress(self._question.technique, 0, len(targets))
        for first in range(0, len(targets), group):
            now = targets[first : first + group]
            for target in now:
                if target in self._silent:
                    self._silent[target] += 1
            self._patience.sent(0)
            self._link.send([frames[target] for target in now])
            self._take()
            done = first + len(now)
            self._scanning.progress(self._question.technique, done, len(targets))
        if time.monotonic() - began < self._patience.left():
            self._settle()

    def _settle(self) -> None:
        """Read answers until none can be expected any more."""
        while not self._scanning.stop.is_set() and (left := self._patience.left()) > 0:
            self._link.wait(left)
            self._take()

    def _take(self) -> None:
        for frame, at in self._link.ready():
            answer = self._question.read(frame)
            if answer is None or not self._answer(*answer, at):
                self._scanning.ledger.ignore("not_asked")

    def _answer(self, ip: bytes, mac: bytes, at: float) -> bool:
        """Note an answer; False where nobody asked for it."""
        senders = self._swept.macs.get(ip)
        if senders is not None:
            if mac not in senders and len(senders) < MOST_SENDERS:
                senders.append(mac)
            return True
        if not self._silent.get(ip):
            return False
        turn = self._silent.pop(ip) - 1
        self._patience.answered(0)
        self._swept.macs[ip], self._swept.times[ip] = [mac], at
        self._swept.answers.add(turn)
        self._scanning.ledger.answer(self._question.technique)
        return True
