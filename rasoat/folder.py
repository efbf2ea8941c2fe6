"""The data folder as commands see it: opened for one of them, and where its reports lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from inventory.identity import settling
from inventory.store import Store
from rasoat.simulated import MARK, marking
from rasoat.terminal import console, styled

REPORTS = "reports"  #: the folder, inside the data folder, of reports


@contextmanager
def opened(folder: Path, *, read_only: bool = False) -> Iterator[Store]:
    """The store of ``folder``.

    Raises:
        InventoryError: the folder is not ours, or its database is damaged or newer than this.
    """
    store = Store.open(folder, read_only=read_only)
    try:
        _mark(store, folder)
        yield store
    finally:
        store.close()


@contextmanager
def settled(folder: Path, now: datetime) -> Iterator[Store]:
    """The store of ``folder`` for reading, every device found anew that news has come of.

    Raises:
        InventoryError: as `opened`; the folder cannot be written and news waits.
    """
    with opened(folder, read_only=True) as store:
        if not settling.waiting(store):
            yield store
            return
    with opened(folder) as store:
        settling.settle(store, now)
        yield store


_marked: set[Path] = set()


def _mark(store: Store, folder: Path) -> None:
    """Say once, beside whatever is shown, that these machines do not exist."""
    if folder not in _marked and marking.is_simulated(store):
        _marked.add(folder)
        console(stderr=True).print(styled(f"{MARK} ({folder})", "undecided"))


def kept_report(folder: Path, series: str, lang: str, suffix: str, inside: str = REPORTS) -> Path:
    """Where a report lies that was not told another place."""
    return folder / inside / f"{series}-{lang}.{suffix}"
