"""What every technique is handed: where it may send, how fast, who counts, when to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from scanner.interfaces import Interface
from scanner.ledger import Ledger
from scanner.networks import Networks
from scanner.pace import Pace


@dataclass(frozen=True, slots=True)
class Loss:
    """What a technique could not do, and why; a scan that lost something says so in its result."""

    technique: str
    reason: str  #: code: no_rights, no_program, no_interface, timed_out, stopped, flooded, …
    detail: str


def _silent(technique: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Scanning:
    """One scan under way.

    ``progress(technique, done, total)`` is told how far each technique is in its round of asking;
    ``done`` falls when the next round begins.
    """

    networks: Networks
    interfaces: tuple[Interface, ...]
    pace: Pace = field(default_factory=Pace)
    ledger: Ledger = field(default_factory=Ledger)
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Callable[[str, int, int], None] = _silent
    losses: list[Loss] = field(default_factory=list)

    def lost(self, technique: str, reason: str, detail: str) -> None:
        """Note once what a technique could not do."""
        loss = Loss(technique, reason, detail)
        if loss not in self.losses:
            self.losses.append(loss)
