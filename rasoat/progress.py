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

from rasoat.terminal import console
from scanner.scanning import Scanning

_WORDS = {
    "en": {
        "arp": "ARP",
        "icmp_echo": "ICMP echo",
        "icmp_timestamp": "ICMP time",
        "connect": "connections",
        "tcp_connect": "ports",
        "syn": "ports",
        "names": "names",
        "reverse_dns": "reverse DNS",
        "descriptions": "descriptions",
        "identity": "identity",
        "listening": "listening",
        "round": "{label} ({round})",
        "rate": "{rate:.0f} packets/s",
    },
    "vi": {
        "arp": "ARP",
        "icmp_echo": "ICMP echo",
        "icmp_timestamp": "ICMP time",
        "connect": "kết nối thử",
        "tcp_connect": "cổng",
        "syn": "cổng",
        "names": "tên",
        "reverse_dns": "DNS ngược",
        "descriptions": "mô tả",
        "identity": "nhận dạng",
        "listening": "lắng nghe",
        "round": "{label} ({round})",
        "rate": "{rate:.0f} gói/s",
    },
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

    def __init__(self, progress: Progress, scanning: Scanning, words: dict[str, str]) -> None:
        self._progress, self._scanning, self._words = progress, scanning, words
        self._bars: dict[str, _Bar] = {}

    def tell(self, technique: str, done: int, total: int) -> None:
        """A technique has done so many of ``total`` steps of its round."""
        sent = sum(self._scanning.ledger.sent.values())
        label = self._words.get(technique, technique)
        bar = self._bars.get(technique)
        if bar is None:
            task = self._progress.add_task(label, total=total, rate="")
            bar = self._bars[technique] = _Bar(task, sent, time.monotonic())
        elif done < bar.done:
            bar.round += 1
            label = self._words["round"].format(label=label, round=bar.round)
            self._progress.reset(bar.task, total=total, description=label)
        bar.done = done
        rate = self._words["rate"].format(rate=bar.rate(sent)) if sent > bar.sent else ""
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
        scanning.progress = _Bars(progress, scanning, _WORDS[lang]).tell
        yield
