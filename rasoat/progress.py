"""A scan's progress on stderr: a bar for each technique, with rate and estimate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def bars(scanning: Scanning) -> Iterator[None]:
    """Show how far each technique is, and the packets sent so far, for the time of a ``with``."""
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.fields[sent]} packets"),
    )
    shown = console(stderr=True)
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=shown, disable=not shown.is_terminal) as progress:

        def tell(technique: str, done: int, total: int) -> None:
            if technique not in tasks:
                tasks[technique] = progress.add_task(technique, total=total, sent=0)
            sent = sum(scanning.ledger.sent.values())
            progress.update(tasks[technique], completed=done, total=total, sent=sent)

        scanning.progress = tell
        yield
