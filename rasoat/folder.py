"""Opening the data folder for one command, and closing it whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inventory.store import Store


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
