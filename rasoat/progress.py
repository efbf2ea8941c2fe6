"""A scan's progress on stderr: a bar for each technique, with its rate and its estimate.

A bar is one round of asking; what stays silent is asked again, and the bar begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from language.texts import Texts, marked, texts
from rasoat.terminal import console
from scanner.scanning import Scanning

_TECHNIQUES = {
    "arp": "ARP",
    "icmp_echo": "ICMP echo",
    "icmp_timestamp": "ICMP time",
    "connect": marked("connections"),
    "tcp_connect": marked("ports"),
    "syn": marked("ports"),
    "names": marked("names"),
    "reverse_dns": marked("reverse DNS"),
    "descriptions": marked("descriptions"),
    "identity": marked("identity"),
    "listening": marked("listening"),
}


@dataclass(slots=True)
class _Bar:
    """One technique: what the scan had sent when it began, and its round under way."""

    task: TaskID
    sent: int
    began: float
    done: int = 0
    round: int = 1

    def rate(self, sent: int) -> float:
        """Packets a second since it began."""
        return (sent - self.sent) / max(time.monotonic() - self.began, 0.1)


class _Bars:
    """The bars of one scan."""

    def __init__(self, progress: Progress, scanning: Scanning, say: Texts) -> None:
        self._progress, self._scanning, self._say = progress, scanning, say
        self._bars: dict[str, _Bar] = {}

    def tell(self, technique: str, done: int, total: int) -> None:
        """A technique has done so many of ``total`` steps of its round."""
        sent = sum(self._scanning.ledger.sent.values())
        label = self._say(_TECHNIQUES[technique]) if technique in _TECHNIQUES else technique
        bar = self._bars.get(technique)
        if bar is None:
            task = self._progress.add_task(label, total=total, rate="")
            bar = self._bars[technique] = _Bar(task, sent, time.monotonic())
        elif done < bar.done:
            bar.round += 1
            label = f"{label} ({bar.round})"
            self._progress.reset(bar.task, total=total, description=label)
        bar.done = done
        say = self._say
        rate = say("{rate:.0f} packets/s", rate=bar.rate(sent)) if sent > bar.sent else ""
        self._progress.update(bar.task, completed=done, total=total, rate=rate)


@contextmanager
def bars(scanning: Scanning, lang: str) -> Iterator[None]:
    """Show how far each technique is, and its packets a second, for the time of a ``with``."""
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        TextColumn("{task.fields[rate]:>14}"),
    )
    shown = console(stderr=True)
    with Progress(*columns, console=shown, disable=not shown.is_terminal) as progress:
        scanning.progress = _Bars(progress, scanning, texts(lang)).tell
        yield
