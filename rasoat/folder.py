"""The data folder as commands see it: opened for one of them, and where its reports lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inventory.store import Store

REPORTS = "reports"  #: the folder, inside the data folder, of reports


@contextmanager
def opened(folder: Path, *, read_only: bool = False) -> Iterator[Store]:
    """The store of ``folder``.

    Raises:
        InventoryError: the folder is not ours, or its database is damaged or newer than this.
    """
    store = Store.open(folder, read_only=read_only)
    try:
        yield store
    finally:
        store.close()


def kept_report(folder: Path, policy: str, lang: str, face: str) -> Path:
    """Where a report lies that was not told another place."""
    return folder / REPORTS / f"{policy}-{lang}.{face}"
